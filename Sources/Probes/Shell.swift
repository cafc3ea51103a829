/// Words for a command line that people paste.
enum Shell {
  static func quoted(_ text: String) -> String {
    let plain = text.unicodeScalars.allSatisfy {
      $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || "-_.:/@=".unicodeScalars.contains($0))
    }
    if plain, !text.isEmpty { return text }
    let quoted = text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
    // A command stands on one line.
    return text.contains("\n") ? "$'\(quoted.replacing("\n", with: "\\n"))'" : "'\(quoted)'"
  }
}
