import Glibc

/// The offset at which `wanted` stands first; nil where it does not, and for an empty one.
public func place(of wanted: UnsafeBufferPointer<UInt8>, in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
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
