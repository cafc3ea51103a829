import SourceText

/// What an input method leaves in braces and brackets: `{port：“6443”}`, `{a，b}`.
struct FlowSlips {
  private let bytes: ArraySlice<UInt8>
  private(set) var all: [Line.Slip] = []
  /// How many brackets are open: where it begins, and behind it.
  private(set) var depth: Int

  private static let comma: [UInt8] = [0xEF, 0xBC, 0x8C]

  /// - Parameter start: where the first bracket stands, or what is in those of the line above.
  init(_ bytes: ArraySlice<UInt8>, from start: Int, depth: Int) {
    self.bytes = bytes
    self.depth = depth
    /// Where the key or value begins that is being read.
    var word = start
    var index = start
    /// Whether curly quotes ended the value.
    var isClosed = false
    /// Whether nothing since then is above ASCII; Chinese text has such commas by right.
    var isPlain = true
    reading: while index < bytes.endIndex {
      let byte = bytes[index]
      if index == word, byte == 0x20 || "{}[],".utf8.contains(byte) {
        count(byte)
        index += 1
        word = index
        isPlain = true
      } else if index == word, byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        // What stands in quotes is a text; an escaped one ends it no sooner than the next.
        guard let end = bytes[(index + 1)...].firstIndex(of: byte) else { break reading }
        index = end + 1
      } else if byte == UInt8(ascii: "#"), bytes[index - 1] == 0x20 {
        break reading
      } else if ",}]".utf8.contains(byte) || byte == UInt8(ascii: ":") && isBlank(index + 1) {
        count(byte)
        index += 1
        word = index
        isPlain = true
        isClosed = false
      } else if byte < 0xC2 {
        index += 1
      } else if index == word, let end = closing(index) {
        all += [index..<index + 3, end..<end + 3].map {
          Line.Slip(range: $0, name: "curly quotes", text: "\"", help: "straight quotes")
        }
        index = end + 3
        isClosed = true
        isPlain = false
      } else if bytes[index...].starts(with: Line.colon), isPlain, isKey(word..<index) {
        all.append(mark(index, "：", ":", "a colon and a space"))
        index += 3
        word = index
        isPlain = true
      } else if bytes[index...].starts(with: Self.comma), isClosed || isPlain && index > word,
        isASCII(behind: index + 3)
      {
        all.append(mark(index, "，", ",", "a comma and a space"))
        index += 3
        word = index
        isPlain = true
        isClosed = false
      } else {
        index += 1
        isPlain = false
      }
    }
    // Only behind these does it go on below; else a bracket is missing.
    let read = bytes[start..<index].trimmed
    let goesOn = read.suffix(3).elementsEqual(Self.comma) || read.suffix(1).allSatisfy { "{[,".utf8.contains($0) }
    if !goesOn { self.depth = 0 }
  }

  private mutating func count(_ byte: UInt8) {
    if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") { depth += 1 }
    if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") { depth = max(0, depth - 1) }
  }

  private func mark(_ index: Int, _ name: String, _ plain: String, _ help: String) -> Line.Slip {
    Line.Slip(
      range: index..<index + 3, name: name,
      text: isBlank(index + 3) || bytes[(index + 3)...].starts(with: "//".utf8) ? plain : plain + " ", help: help)
  }

  private func isBlank(_ index: Int) -> Bool { index >= bytes.endIndex || bytes[index] == 0x20 || bytes[index] == 0x0D }

  private func isKey(_ range: Range<Int>) -> Bool {
    !range.isEmpty && bytes[range].allSatisfy { $0.isWord || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }
  }

  private func isASCII(behind start: Int) -> Bool {
    let rest = bytes[start...].drop { $0 == 0x20 || $0 == 0x0D }
    // At the end of a line the list or map goes on below.
    guard let first = rest.first else { return depth > 0 }
    return first < 0x80 ? !",}]".utf8.contains(first) : Line.quotes.contains { rest.starts(with: $0) }
  }

  /// Where the curly quotes close that open at a place: before the value ends, and with nothing in between that needs
  /// a look.
  private func closing(_ index: Int) -> Int? {
    guard Line.quotes.contains(where: { bytes[index...].starts(with: $0) }) else { return nil }
    let end = bytes[(index + 3)...].indices.first { place in
      Line.quotes.contains { bytes[place...].starts(with: $0) } || ",{}[]\"\\".utf8.contains(bytes[place])
    }
    return end.flatMap { bytes[$0] >= 0x80 ? $0 : nil }
  }
}
