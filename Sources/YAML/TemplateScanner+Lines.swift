import SourceText

/// Lines around a template.
extension TemplateScanner {
  func lineStart(_ offset: Int) -> Int { (neutral[..<offset].lastIndex { $0 == 0x0A } ?? -1) + 1 }
  func lineEnd(_ offset: Int) -> Int { neutral[offset...].firstIndex { $0 == 0x0A } ?? neutral.count }

  /// The next line that holds more than templates, and the column at which it begins; 0 at the end of the text.
  func text(below end: Int) -> (line: Int, column: Int) {
    var next = end + 1
    while next < bytes.count {
      let line = bytes[next..<lineEnd(next)]
      let content = line.drop { $0 == 0x20 }
      if !content.allSatisfy(\.isSpace), !content.starts(with: "{{".utf8), !content.starts(with: "{%".utf8) {
        return (next, content.startIndex - next)
      }
      next = line.endIndex + 1
    }
    return (next, 0)
  }

  /// The last line before that is neither blank nor a comment.
  func lineAbove(_ start: Int) -> ArraySlice<UInt8> {
    var end = start
    for _ in 0..<Self.mostLines where end > 0 {
      let line = neutral[lineStart(end - 1)..<end - 1]
      let content = line.trimmed
      if !content.isEmpty, content.first != UInt8(ascii: "#") { return content }
      end = line.startIndex
    }
    return []
  }

  /// Whether what follows a line belongs to its key.
  func isDeeper(_ end: Int, than indent: Int) -> Bool {
    guard let line = nextLine(end) else { return false }
    let column = line.prefix { $0 == 0x20 }.count
    return column > indent || (column == indent && line.trimmed.starts(with: "- ".utf8))
  }

  /// The first line behind that is neither blank, a comment nor a template.
  func nextLine(_ end: Int) -> ArraySlice<UInt8>? {
    var start = min(end + 1, bytes.count)
    for _ in 0..<Self.mostLines where start < bytes.count {
      let line = bytes[start..<lineEnd(start)]
      let content = line.trimmed
      if !content.isEmpty, content.first != UInt8(ascii: "#"), !content.starts(with: "{{".utf8) { return line }
      start = line.endIndex + 1
    }
    return nil
  }
}
