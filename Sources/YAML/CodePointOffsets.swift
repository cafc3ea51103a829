/// Turns libyaml's indexes, which count code points behind the byte order mark, into byte offsets.
struct CodePointOffsets {
  private let bytes: [UInt8]
  /// The byte offset of every 256th code point; nil for ASCII, where both are the same.
  private let checkpoints: [Int]?

  private static let stride = 256

  init(_ bytes: [UInt8], isASCII: Bool) {
    self.bytes = bytes
    guard !isASCII else {
      checkpoints = nil
      return
    }
    let base = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    var points: [Int] = []
    var count = 0
    for offset in base..<bytes.count where bytes[offset] & 0xC0 != 0x80 {
      if count % Self.stride == 0 { points.append(offset) }
      count += 1
    }
    checkpoints = points
  }

  subscript(index: Int) -> Int {
    guard let checkpoints else { return min(index, bytes.count) }
    guard index / Self.stride < checkpoints.count else { return bytes.count }
    var offset = checkpoints[index / Self.stride]
    for _ in 0..<index % Self.stride where offset < bytes.count {
      offset += 1
      while offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
    }
    return offset
  }
}
