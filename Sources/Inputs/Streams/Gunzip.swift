import CZlib

/// Unpacks gzip, of one member or several, as it comes.
struct Gunzip: ~Copyable {
  struct Damaged: Error {}

  /// zlib keeps the address.
  private let stream: UnsafeMutablePointer<z_stream>
  /// Between two members, or before the first.
  private var isBetween = true

  init() {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // 15: the largest window; 16: gzip and nothing else.
    inflateInit2_(stream, 15 + 16, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size))
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// Unpacks from the front of `packed`, and takes away what it used.
  /// - Returns: how many bytes the buffer got; none where more is needed.
  mutating func unpack(
    _ packed: inout ArraySlice<UInt8>, into buffer: UnsafeMutableRawBufferPointer
  ) throws(Damaged) -> Int {
    while !packed.isEmpty {
      if isBetween {
        // Zeros fill tapes up.
        packed = packed.drop { $0 == 0 }
        if packed.isEmpty { break }
        inflateReset(stream)
        isBetween = false
      }
      let status = packed.withUnsafeBufferPointer { input in
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        stream.pointee.avail_in = UInt32(input.count)
        stream.pointee.next_out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(buffer.count)
        return inflate(stream, Z_NO_FLUSH)
      }
      packed = packed.suffix(Int(stream.pointee.avail_in))
      isBetween = status == Z_STREAM_END
      guard isBetween || status == Z_OK || status == Z_BUF_ERROR else { throw Damaged() }
      let count = buffer.count - Int(stream.pointee.avail_out)
      if count > 0 { return count }
    }
    return 0
  }

  /// Whether no member is cut short.
  var isWhole: Bool { isBetween }
}
