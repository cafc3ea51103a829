import SourceText

/// Prose, or what is to be written or typed as it stands.
struct PageBlock {
  var text: String
  var isCode = false

  /// A cure's text, which says both in turn.
  static func all(in text: String) -> [PageBlock] {
    var blocks: [(lines: [Substring], isCode: Bool)] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let isCode = Self.isCode(line)
      if blocks.last?.isCode == isCode {
        blocks[blocks.count - 1].lines.append(line)
      } else {
        blocks.append(([line], isCode))
      }
    }
    return blocks.map { lines, isCode in
      let margin = isCode ? lines.filter { !$0.isEmpty }.map { $0.prefix { $0 == " " }.count }.min() ?? 0 : 0
      return PageBlock(text: lines.map { $0.dropFirst(margin) }.joined(separator: "\n"), isCode: isCode)
    }
  }

  private static let begins = [
    "gatecheck ", "kubectl ", "apt-get ", "printf ", "--", "#", "local ", "function ", "return ", "end",
  ]

  /// Whether it is a line of YAML, Lua or the shell, with nothing said beside it.
  private static func isCode(_ line: Substring) -> Bool {
    if line.first == " " { return true }
    let content = line.prefix { $0 != "#" }
    let isSaid = [", or ", ", and ", ", with ", ", then ", "; ", ". ", ", what", "，", "。"].contains { content.has($0) }
    if isSaid || line.last == "." { return false }
    if begins.contains(where: line.hasPrefix) { return true }
    let key = (line.hasPrefix("- ") ? line.dropFirst(2) : line).prefix { $0 != ":" }
    let isKey = key.endIndex < line.endIndex && !key.isEmpty && !key.contains(" ") && key.first != "`"
    let value = line[key.endIndex...].dropFirst()
    return isKey && (value.isEmpty || value.first == " ")
  }
}
