import Inputs

/// Searches over bytes: those of the standard library go by characters, which takes fifty times as long and tells
/// nothing more in texts that Lua reads.
extension StringProtocol {
  /// The first place of a text; nil for an empty one.
  func firstBytes(of other: String) -> Range<Index>? {
    var wanted = other
    let found = wanted.withUTF8 { wanted -> Int? in
      utf8.withContiguousStorageIfAvailable { place(of: wanted, in: $0) } ?? nil
    }
    guard let offset = found else { return nil }
    let start = utf8.index(startIndex, offsetBy: offset)
    return start..<utf8.index(start, offsetBy: other.utf8.count)
  }
}

extension String {
  func has(_ other: String) -> Bool { other.isEmpty || firstBytes(of: other) != nil }
}

/// The cure of a key that is nearly another: to write that one, or to drop the slip where it stands there already.
func correction(_ slip: String, meant: String, isThere: Bool) -> String {
  isThere ? "\(meant) is there already: take \(slip) out" : "write \(meant)"
}
