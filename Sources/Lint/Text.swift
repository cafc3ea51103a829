import Inputs

/// Searches over bytes: those of the standard library go by characters, which takes fifty times as long and tells
/// nothing more in texts that Lua reads.
extension StringProtocol {
  /// The first place of a text; nil for an empty one.
  func firstBytes(of other: String) -> Range<Index>? {
    guard let offset = offset(of: other) else { return nil }
    let start = utf8.index(startIndex, offsetBy: offset)
    return start..<utf8.index(start, offsetBy: other.utf8.count)
  }

  private func offset(of other: String) -> Int? {
    var other = other
    return other.withUTF8 { other -> Int? in
      utf8.withContiguousStorageIfAvailable { place(of: other, in: $0) } ?? nil
    }
  }
}

extension String {
  func has(_ other: String) -> Bool { other.isEmpty || firstBytes(of: other) != nil }
}
