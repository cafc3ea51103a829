/// Replaces `length` bytes at byte `offset` of the original text by `text`; everything else stays byte for byte.
public struct TextEdit: Sendable, Hashable {
  public let offset: Int
  public let length: Int
  public let text: String

  public init(offset: Int, length: Int, text: String) {
    self.offset = offset
    self.length = length
    self.text = text
  }
}

extension TextEdit {
  /// Applies edits to `bytes`. Edits may come in any order; where two overlap, the one that starts first wins and the
  /// other is left out, as is one that reaches past the end. Two insertions at one place both apply, in the given
  /// order.
  /// - Returns: the new bytes and the edits that were applied, in order of offset.
  public static func apply(_ edits: [TextEdit], to bytes: [UInt8]) -> (bytes: [UInt8], applied: [TextEdit]) {
    let ordered = edits.enumerated().sorted { ($0.element.offset, $0.offset) < ($1.element.offset, $1.offset) }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + 64)
    var applied: [TextEdit] = []
    var done = 0
    for (_, edit) in ordered {
      guard edit.offset >= done, edit.length >= 0, edit.offset + edit.length <= bytes.count else { continue }
      result += bytes[done..<edit.offset]
      result += edit.text.utf8
      done = edit.offset + edit.length
      applied.append(edit)
    }
    result += bytes[done...]
    return (result, applied)
  }
}
