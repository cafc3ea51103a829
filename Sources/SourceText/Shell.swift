/// Words for a command line that people paste.
public enum Shell {
  /// A word as it is, where a shell takes it so; else in quotation marks.
  public static func quoted(_ text: String) -> String {
    let plain = text.unicodeScalars.allSatisfy {
      $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || "-_.:/@=".unicodeScalars.contains($0))
    }
    if plain, !text.isEmpty { return text }
    // A command stands on one line.
    if text.unicodeScalars.contains(where: { $0 == "\n" || $0 == "\r" }) {
      return "$'" + text.escaped(["\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r"]) + "'"
    }
    return "'" + text.escaped(["'": "'\\''"]) + "'"
  }
}
