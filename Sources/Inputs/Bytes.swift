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
