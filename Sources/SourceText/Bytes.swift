import Glibc

/// The offset at which `wanted` stands first; nil where it does not, and for an empty one.
/// - Parameter rare: which of its bytes is looked for first.
public func place(of wanted: UnsafeBufferPointer<UInt8>, in bytes: UnsafeBufferPointer<UInt8>, rare: Int = 0) -> Int? {
  guard let base = wanted.baseAddress, let start = bytes.baseAddress, !wanted.isEmpty, bytes.count >= wanted.count
  else { return nil }
  let end = start + bytes.count - (wanted.count - 1 - rare)
  var place = start + rare
  while let found = memchr(place, Int32(wanted[rare]), end - place) {
    place = UnsafePointer(found.assumingMemoryBound(to: UInt8.self)) + 1
    if memcmp(found - rare, base, wanted.count) == 0 { return place - start - 1 - rare }
  }
  return nil
}

extension SourceText {
  /// Whether some bytes stand in it.
  public func holds(_ wanted: StaticString) -> Bool {
    bytes.withUnsafeBufferPointer { bytes in wanted.withUTF8Buffer { place(of: $0, in: bytes) != nil } }
  }
}

/// Where each occurrence of some bytes stands in a text, in order and without overlap.
public func places(of wanted: [UInt8], in text: String) -> [Range<Int>] {
  guard !wanted.isEmpty else { return [] }
  var (text, found) = (text, [Range<Int>]())
  text.withUTF8 { bytes in
    wanted.withUnsafeBufferPointer { wanted in
      var start = 0
      while let next = place(of: wanted, in: UnsafeBufferPointer(rebasing: bytes[start...])) {
        found.append(start + next..<start + next + wanted.count)
        start += next + wanted.count
      }
    }
  }
  return found
}

/// Searches over bytes: those of the standard library go by characters, which takes fifty times as long and tells
/// nothing more in texts that Lua reads.
extension StringProtocol {
  /// The first place of a text; nil for an empty one.
  public func firstBytes(of other: String) -> Range<Index>? {
    guard let offset = offset(of: other) else { return nil }
    let start = utf8.index(startIndex, offsetBy: offset)
    return start..<utf8.index(start, offsetBy: other.utf8.count)
  }

  /// Whether a text stands in it, as an empty one does.
  public func has(_ other: String) -> Bool { other.isEmpty || offset(of: other) != nil }

  private func offset(of other: String) -> Int? {
    var wanted = other
    let found = wanted.withUTF8 { wanted in utf8.withContiguousStorageIfAvailable { place(of: wanted, in: $0) } }
    guard let found else { return String(self).offset(of: other) }
    return found
  }

  /// With another text for each place of one.
  public func replacing(_ other: String, with replacement: String) -> String {
    parts(between: other).joined(separator: replacement)
  }

  /// What stands before, between and behind the places of a text.
  public func parts(between other: String) -> [SubSequence] {
    var parts: [SubSequence] = []
    var rest = self[...]
    while let range = rest.firstBytes(of: other) {
      parts.append(rest[..<range.lowerBound])
      rest = rest[range.upperBound...]
    }
    return parts + [rest]
  }
}
