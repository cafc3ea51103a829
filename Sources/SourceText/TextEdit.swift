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

/// Where edits stand in a text, and where what they wrote stands in the text that they make of it. Blanks that were
/// added are left out: they move a text and change none.
public struct EditedPlaces: Sendable {
  public private(set) var before: [Range<Int>] = []
  public private(set) var after: [Range<Int>] = []

  /// - Parameter edits: as `TextEdit.apply` applied them.
  public init(_ edits: [TextEdit]) {
    var moved = 0
    for edit in edits {
      let count = edit.text.utf8.count
      if edit.length > 0 || !edit.text.utf8.allSatisfy({ $0 == 0x20 }) {
        before.append(edit.offset..<edit.offset + edit.length)
        after.append(edit.offset + moved..<edit.offset + moved + count)
      }
      moved += count - edit.length
    }
  }

  /// Whether one of these places lies in a stretch, or at its edge.
  public static func touch(_ places: [Range<Int>], _ range: Range<Int>) -> Bool {
    let index = places.firstIndex(sorted: { $0.upperBound >= range.lowerBound })
    return index < places.count && places[index].lowerBound <= range.upperBound
  }
}
