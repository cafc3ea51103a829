import CZlib

/// Whole files as gzip.
public enum Gzip {
  /// Packs bytes: the same give the same, as neither a name nor a time goes with them.
  public static func packed(_ bytes: [UInt8]) -> [UInt8] { Deflation().packed(bytes) }

  /// - Throws: for what is no gzip, is cut short or damaged, or would be over the limit.
  static func unpacked(_ bytes: [UInt8], limit: Int) throws(ArchiveError) -> [UInt8] {
    guard bytes.starts(with: [0x1F, 0x8B]) else { throw .foreign("it is no gzip") }
    var gunzip = Gunzip()
    var (packed, result) = (bytes[...], [UInt8]())
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: ByteStream.pieceSize, alignment: 16)
    defer { buffer.deallocate() }
    while true {
      let count: Int
      do throws(Gunzip.Damaged) { count = try gunzip.unpack(&packed, into: buffer) } catch { throw .damaged }
      if count == 0 { break }
      guard result.count + count <= limit else { throw .large(limit) }
      result += buffer[..<count]
    }
    guard gunzip.isWhole else { throw .cut }
    return result
  }
}

/// zlib's side of packing.
private struct Deflation: ~Copyable {
  /// zlib keeps the address.
  private let stream: UnsafeMutablePointer<z_stream>

  init() {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // 15: the largest window; 16: gzip; 8: the usual memory.
    deflateInit2_(
      stream, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      CInt(MemoryLayout<z_stream>.size))
  }

  deinit {
    deflateEnd(stream)
    stream.deallocate()
  }

  func packed(_ bytes: [UInt8]) -> [UInt8] {
    // So much is enough for one call.
    [UInt8](unsafeUninitializedCapacity: Int(deflateBound(stream, UInt(bytes.count)))) { result, count in
      bytes.withUnsafeBufferPointer { input in
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        stream.pointee.avail_in = UInt32(input.count)
        stream.pointee.next_out = result.baseAddress
        stream.pointee.avail_out = UInt32(result.count)
        deflate(stream, Z_FINISH)
      }
      count = result.count - Int(stream.pointee.avail_out)
    }
  }
}
