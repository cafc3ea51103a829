import Glibc

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

/// The offset at which `wanted` stands first.
func place(of wanted: UnsafeBufferPointer<UInt8>, in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
  guard let first = wanted.first, let base = wanted.baseAddress, let start = bytes.baseAddress else { return nil }
  var offset = 0
  while offset + wanted.count <= bytes.count {
    guard let found = memchr(start + offset, Int32(first), bytes.count - wanted.count + 1 - offset) else { return nil }
    offset = UnsafeRawPointer(found) - UnsafeRawPointer(start)
    if memcmp(found, base, wanted.count) == 0 { return offset }
    offset += 1
  }
  return nil
}

extension String {
  func has(_ other: String) -> Bool { other.isEmpty || firstBytes(of: other) != nil }
}
