import Glibc

/// A file's bytes with a line table. Lines break where libyaml breaks them: CR, LF, CRLF, NEL (U+0085), LS and PS
/// (U+2028, U+2029), so that its marks and ours agree.
public struct SourceText: Sendable {
  public let bytes: [UInt8]
  /// Byte offset at which each line starts; the first is 0 even behind a byte order mark.
  public let lineStarts: [Int]
  /// Whether every byte is ASCII, as in nearly all files.
  public let isASCII: Bool
  /// How many characters stand before each block of so many bytes; of a text in ASCII none.
  private let charactersBefore: [Int]
  private static let block = 1 << 10
  /// Whether the file is UTF-16: `bytes` are the same text in UTF-8, so that no place of it is one of the file's bytes.
  public let isUTF16: Bool

  public init(_ given: [UInt8]) {
    let bytes = Self.decoded(given)
    self.init(bytes ?? given, isUTF16: bytes != nil)
  }

  private init(_ bytes: [UInt8], isUTF16: Bool) {
    self.bytes = bytes
    self.isUTF16 = isUTF16
    (isASCII, lineStarts, charactersBefore) = bytes.withUnsafeBufferPointer { bytes in
      let isASCII = Self.isASCII(bytes)
      var (count, before) = (0, [Int]())
      for start in stride(from: 0, to: isASCII ? 0 : bytes.count, by: Self.block) {
        before.append(count)
        count += Self.characters(in: bytes[start..<min(start + Self.block, bytes.count)])
      }
      return (isASCII, Self.lines(of: bytes, isASCII), before)
    }
  }

  /// A file that begins with UTF-16's byte order mark, without it; nil where its last letter is cut off, which no
  /// reader of YAML takes.
  private static func decoded(_ bytes: [UInt8]) -> [UInt8]? {
    bytes.count % 2 == 0 ? WideText.decoded(bytes) : nil
  }

  private static func isASCII(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    let raw = UnsafeRawBufferPointer(bytes)
    var index = 0
    while index + 8 <= raw.count {
      if raw.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 != 0 { return false }
      index += 8
    }
    return raw[index...].allSatisfy { $0 < 0x80 }
  }

  private static func lines(of bytes: UnsafeBufferPointer<UInt8>, _ isASCII: Bool) -> [Int] {
    var starts: [Int] = []
    starts.reserveCapacity(bytes.count / 24 + 2)
    starts.append(0)
    if isASCII, var place = bytes.baseAddress, memchr(place, 0x0D, bytes.count) == nil {
      let end = place + bytes.count
      while let found = memchr(place, 0x0A, end - place) {
        place = UnsafePointer(found.assumingMemoryBound(to: UInt8.self)) + 1
        starts.append(bytes.count - (end - place))
      }
    } else {
      var index = 0
      let count = bytes.count
      while index < count {
        let byte = bytes[index]
        index += 1
        switch byte {
        case 0x0A: starts.append(index)
        case 0x0D:
          if index < count, bytes[index] == 0x0A { index += 1 }
          starts.append(index)
        case 0xC2 where index < count && bytes[index] == 0x85:
          index += 1
          starts.append(index)
        case 0xE2
        where index + 1 < count && bytes[index] == 0x80 && (bytes[index + 1] == 0xA8 || bytes[index + 1] == 0xA9):
          index += 2
          starts.append(index)
        default: break
        }
      }
    }
    return starts
  }

  public var lineCount: Int { lineStarts.count }

  /// The position of a byte offset; an offset past the end is taken as the end.
  public func position(at offset: Int) -> Position {
    let offset = min(max(offset, 0), bytes.count)
    let low = lineStarts.firstIndex(sorted: { $0 > offset }) - 1
    if isASCII { return Position(line: low + 1, column: offset - lineStarts[low] + 1, offset: offset) }
    let start = contentStart(ofLine: low)
    let column = 1 + characters(before: max(offset, start)) - characters(before: start)
    return Position(line: low + 1, column: column, offset: offset)
  }

  private func characters(before offset: Int) -> Int {
    let block = min(offset / Self.block, charactersBefore.count - 1)
    return charactersBefore[block]
      + bytes.withUnsafeBufferPointer { Self.characters(in: $0[block * Self.block..<offset]) }
  }

  /// Bytes that begin a character.
  private static func characters(in bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Int {
    var count = 0
    for byte in bytes { count += byte & 0xC0 != 0x80 ? 1 : 0 }
    return count
  }

  public func range(_ offsets: Range<Int>) -> SourceRange {
    SourceRange(start: position(at: offsets.lowerBound), end: position(at: offsets.upperBound))
  }

  /// The numbers of the lines that a stretch of the text touches, from 1 on.
  public func lines(_ offsets: Range<Int>) -> ClosedRange<Int> {
    let first = position(at: offsets.lowerBound).line
    return first...max(first, position(at: offsets.upperBound).line)
  }

  /// The byte offset of a line and column that count from 0, the column in Unicode scalars, as libyaml's marks do.
  public func offset(line: Int, column: Int) -> Int {
    guard line < lineStarts.count else { return bytes.count }
    var offset = contentStart(ofLine: line)
    var left = column
    while left > 0, offset < bytes.count {
      offset += 1
      while offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
      left -= 1
    }
    return offset
  }

  /// The text of a line (counted from 1) without its line break; nil past the last line.
  public func line(_ number: Int) -> String? {
    lineBytes(number).map { String(decoding: bytes[$0], as: UTF8.self) }
  }

  /// The byte range of a line (counted from 1) without its line break and without a byte order mark.
  public func lineBytes(_ number: Int) -> Range<Int>? {
    guard number >= 1, number <= lineStarts.count else { return nil }
    let start = contentStart(ofLine: number - 1)
    var end = number < lineStarts.count ? lineStarts[number] : bytes.count
    if end > start, bytes[end - 1] == 0x0A { end -= 1 }
    if end > start, bytes[end - 1] == 0x0D { end -= 1 }
    if end - start >= 2, bytes[end - 2] == 0xC2, bytes[end - 1] == 0x85 { end -= 2 }
    if end - start >= 3, bytes[end - 3] == 0xE2, bytes[end - 2] == 0x80, bytes[end - 1] & 0xFE == 0xA8 { end -= 3 }
    return start..<max(start, end)
  }

  private func contentStart(ofLine index: Int) -> Int {
    index == 0 && bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : lineStarts[index]
  }
}
