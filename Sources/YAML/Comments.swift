import SourceText

/// A comment: from its `#` to the end of the line.
public struct Comment: Sendable, Hashable {
  /// Byte offsets.
  public let range: Range<Int>
  /// The line it stands on, from 1.
  public let line: Int
  /// Whether only blanks stand before it on its line.
  public let ownLine: Bool
  /// What stands behind the `#`, blanks trimmed: its bytes.
  public let content: Range<Int>
  /// The same as text, with U+FFFD for what is no UTF-8.
  public let text: String
}

extension Tree {
  /// Every comment of the stream, in order. libyaml drops them; a `#` behind a blank and outside every scalar is one.
  public func comments() -> [Comment] {
    let bytes = text.bytes
    guard bytes.contains(UInt8(ascii: "#")) else { return [] }
    var result: [Comment] = []
    var scalars = nodes.records.lazy.compactMap { node -> Range<Int>? in
      guard let style = node.style, !node.range.isEmpty else { return nil }
      // A block scalar's header may carry a comment of its own.
      return style == .literal || style == .folded ? self.blockContent(node.range) : node.range
    }.makeIterator()
    var scalar = scalars.next()
    for line in 1...text.lineCount {
      guard let range = text.lineBytes(line) else { continue }
      var index = range.lowerBound
      while index < range.upperBound {
        while let end = scalar?.upperBound, end <= index { scalar = scalars.next() }
        if let current = scalar, current.contains(index) {
          index = current.upperBound
          continue
        }
        if bytes[index] == UInt8(ascii: "#"),
          index == range.lowerBound || bytes[index - 1] == 0x20 || bytes[index - 1] == 0x09
        {
          let blank = bytes[range.lowerBound..<index].allSatisfy { $0 == 0x20 || $0 == 0x09 }
          let content = bytes[(index + 1)..<range.upperBound].trimmed { $0 == 0x20 || $0 == 0x09 }
          result.append(
            Comment(
              range: index..<range.upperBound, line: line, ownLine: blank,
              content: content.startIndex..<content.endIndex,
              text: String(decoding: content, as: UTF8.self)))
          break
        }
        index += 1
      }
    }
    return result
  }

  /// A block scalar without its header line.
  private func blockContent(_ range: Range<Int>) -> Range<Int> {
    let line = text.position(at: range.lowerBound).line
    let start = line < text.lineCount ? text.lineStarts[line] : range.upperBound
    return min(start, range.upperBound)..<range.upperBound
  }
}
