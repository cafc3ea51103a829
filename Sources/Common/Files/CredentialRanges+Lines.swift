import Inputs
import SourceText

extension CredentialRanges {
  /// In a text that is no YAML: what stands behind such a key on its line, and whatever looks like a token.
  static func lines(of bytes: [UInt8]) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var start = 0
    // A value may stand below its key, and go on deeper than that.
    var goesOn: (indent: Int, isEmpty: Bool)?
    while start < bytes.count {
      let end = bytes[start...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? bytes.count
      let line = bytes[start..<end]
      let text = line.trimmed
      let indent = text.startIndex - start
      if let above = goesOn, let first = text.first {
        if !text.contains(UInt8(ascii: ":")), above.isEmpty || indent > above.indent {
          if first != UInt8(ascii: "#") { ranges.append(text.startIndex..<text.endIndex) }
          goesOn?.isEmpty = false
        } else {
          goesOn = nil
        }
      }
      if let mark = line.firstIndex(where: isMark) {
        let key = String(decoding: line[..<mark], as: UTF8.self).lowercased().filter { $0.isLetter }
        if keys.contains(where: key.hasSuffix) || CredentialName.isOne(line[..<mark]) {
          ranges.append(mark + 1..<end)
          goesOn = (indent, line[(mark + 1)...].trimmed.isEmpty)
        } else {
          addInline(line, behind: mark + 1, to: &ranges)
        }
      }
      if line.withUnsafeBufferPointer(SecretPatterns.mayHoldToken) {
        let found = line.withUnsafeBufferPointer { SecretPatterns.ranges(in: $0).first }
        ranges.append((found.map { start + $0.lowerBound } ?? start)..<end)
      }
      start = end + 1
    }
    return ranges.filter { !$0.isEmpty }
  }

  private static func isMark(_ byte: UInt8) -> Bool { byte == UInt8(ascii: ":") || byte == UInt8(ascii: "=") }

  /// In braces, and in JSON on one line: a value ends with its quotes, or at a comma or bracket.
  private static func addInline(_ line: ArraySlice<UInt8>, behind start: Int, to ranges: inout [Range<Int>]) {
    var start = start
    while let mark = line[start...].firstIndex(where: isMark) {
      let name = line[start..<mark].trimmed.reversed().prefix { $0.isWord || "-\"'\\".utf8.contains($0) }.reversed()
      var value = line[(mark + 1)...].drop { $0 == 0x20 }
      start = mark + 1
      let key = String(decoding: name, as: UTF8.self).lowercased().filter { $0.isLetter }
      // A bare `key` in braces is mostly the name of one.
      guard key != "key", keys.contains(key) || CredentialName.isOne(name) else { continue }
      if let quote = value.first, "\"'\\".utf8.contains(quote) {
        let inner = value.drop { "\"'\\".utf8.contains($0) }
        value = value[..<(inner.firstIndex { "\"'\\".utf8.contains($0) } ?? inner.endIndex)]
      } else {
        value = value.prefix { !",}]".utf8.contains($0) }
      }
      ranges.append(value.indices)
      start = max(start, value.endIndex)
    }
  }
}
