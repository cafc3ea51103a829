import Kubernetes
import SourceText

/// The front of an entry, in numbers: what `LogHead` is in words. It is four words long, and so handed on in registers.
struct Front {
  private var clock = Int.min
  private var link = -1
  var process: Int32 = 0
  private var place: Int32
  /// `LogHead.Level.allCases`' index; -1 where there is none.
  var level: Int8 = -1

  /// What the clock showed; nil for an entry that lacks it.
  var time: Int? { clock == .min ? nil : clock }
  var connection: Int? {
    get { link < 0 ? nil : link }
    set { link = newValue ?? -1 }
  }
  /// Where the message begins.
  var end: Int {
    get { Int(place) }
    set { place = Int32(truncatingIfNeeded: newValue) }
  }

  init(time: Int? = nil, end: Int = 0) {
    clock = time ?? .min
    place = Int32(truncatingIfNeeded: end)
  }

  /// Of the levels the one that changes what a message means.
  var isEmergency: Bool { level == 7 }

  var head: LogHead? {
    guard let time, level >= 0 else { return nil }
    return LogHead(
      time: time, level: LogHead.Level.allCases[Int(level)], process: Int(process), connection: connection)
  }
}

/// Reads fronts, and the times of what wraps lines.
struct FrontReader {
  private var clock = Clock()
  private var heads = KnownHeads()

  /// `2026/11/28 11:02:16 [error] 41#41: *6 ` at the very beginning.
  @inline(__always)
  mutating func read(_ bytes: Bytes, at start: Int = 0) -> Front? {
    guard start + 28 <= bytes.count, bytes[start + 4] == UInt8(ascii: "/"), bytes[start + 20] == UInt8(ascii: "["),
      let time = clock.seconds(bytes, start)
    else { return nil }
    var front = Front(time: time, end: start + 20)
    if heads.find(bytes, &front) { return Self.connected(bytes, front) }
    let head = front.end
    guard Self.readLevel(bytes, &front) else { return nil }
    heads.add(bytes, at: head, front)
    return Self.connected(bytes, front)
  }

  /// Also behind blanks, and without the time or all of it but `[lua] `, as people paste it.
  mutating func readPart(_ bytes: Bytes) -> Front? {
    var start = 0
    while start < bytes.count, bytes[start] == 0x20 { start += 1 }
    if start > 0, let front = read(bytes, at: start) { return front }
    guard start < bytes.count, bytes[start] == UInt8(ascii: "[") else { return nil }
    var front = Front(end: start)
    if Self.readLevel(bytes, &front) { return Self.connected(bytes, front) }
    return bytes.starts(with: "[lua] ", at: start) ? Front(end: start) : nil
  }

  /// The time of RFC 3339 at a place, in nanoseconds since 1970, and where it ends.
  mutating func readTime(_ bytes: Bytes, at start: Int) -> (time: Int, end: Int)? {
    guard start + 20 <= bytes.count, bytes[start + 4] == UInt8(ascii: "-"), let local = clock.seconds(bytes, start)
    else { return nil }
    var end = start + 19
    var nanoseconds = 0
    if bytes[end] == UInt8(ascii: ".") || bytes[end] == UInt8(ascii: ",") {
      end += 1
      var unit = 100_000_000
      while end < bytes.count, bytes[end].isDigit {
        nanoseconds += Int(bytes[end] - UInt8(ascii: "0")) * unit
        unit /= 10
        end += 1
      }
    }
    // More has no room in 64 bits.
    guard end < bytes.count, 0..<9_000_000_000 ~= local else { return nil }
    nanoseconds += local * 1_000_000_000
    if bytes[end] | 0x20 == UInt8(ascii: "z") { return (nanoseconds, end + 1) }
    guard bytes[end] == UInt8(ascii: "+") || bytes[end] == UInt8(ascii: "-") else { return nil }
    let sign = bytes[end] == UInt8(ascii: "+") ? 1 : -1
    var digits = 0
    var offset = 0
    end += 1
    while end < bytes.count, digits < 4, bytes[end].isDigit || digits == 2 && bytes[end] == UInt8(ascii: ":") {
      if bytes[end] != UInt8(ascii: ":") {
        offset = offset * 10 + Int(bytes[end] - UInt8(ascii: "0"))
        digits += 1
      }
      end += 1
    }
    guard digits == 4 else { return nil }
    return (nanoseconds - sign * (offset / 100 * 3600 + offset % 100 * 60) * 1_000_000_000, end)
  }

  /// `[error] 41#41: `
  @inline(__always)
  private static func readLevel(_ bytes: Bytes, _ front: inout Front) -> Bool {
    var place = front.end + 1
    guard place + 10 <= bytes.count else { return false }
    let level: (Int8, Int)? =
      switch bytes[place] {
      case UInt8(ascii: "e"): bytes[place + 1] == UInt8(ascii: "r") ? (4, 5) : (7, 5)
      case UInt8(ascii: "w"): (3, 4)
      case UInt8(ascii: "n"): (2, 6)
      case UInt8(ascii: "i"): (1, 4)
      case UInt8(ascii: "d"): (0, 5)
      case UInt8(ascii: "c"): (5, 4)
      case UInt8(ascii: "a"): (6, 5)
      default: nil
      }
    guard let level else { return false }
    place += level.1
    guard bytes[place] == UInt8(ascii: "]"), bytes[place + 1] == 0x20 else { return false }
    front.level = level.0
    place += 2
    guard let process = number(bytes, &place), process <= Int32.max, place < bytes.count,
      bytes[place] == UInt8(ascii: "#")
    else { return false }
    place += 1
    front.process = Int32(truncatingIfNeeded: process)
    guard number(bytes, &place) != nil, place + 1 < bytes.count, bytes[place] == UInt8(ascii: ":"),
      bytes[place + 1] == 0x20
    else { return false }
    front.end = place + 2
    return true
  }

  /// `*6 `
  @inline(__always)
  private static func connected(_ bytes: Bytes, _ front: Front) -> Front {
    guard front.end < bytes.count, bytes[front.end] == UInt8(ascii: "*") else { return front }
    var place = front.end + 1
    guard let connection = number(bytes, &place), place < bytes.count, bytes[place] == 0x20 else { return front }
    var connected = front
    connected.connection = connection
    connected.end = place + 1
    return connected
  }

  @inline(__always)
  private static func number(_ bytes: Bytes, _ place: inout Int) -> Int? {
    var sum = 0
    let start = place
    // Eight digits at once: each byte less `0`, and the first that is above 9.
    if place + 8 <= bytes.count {
      let digits = bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self).littleEndian ^ 0x3030_3030_3030_3030
      let others = ((digits &+ 0x7676_7676_7676_7676) | digits) & 0x8080_8080_8080_8080
      let count = others == 0 ? 8 : others.trailingZeroBitCount >> 3
      guard count > 0 else { return nil }
      var value = digits << UInt64(64 - 8 * count)
      value = (value &* 10 &+ value >> 8) & 0x00FF_00FF_00FF_00FF
      value = (value &* 100 &+ value >> 16) & 0x0000_FFFF_0000_FFFF
      sum = Int((value &* 10_000 &+ value >> 32) & 0xFFFF_FFFF)
      place += count
      if count < 8 { return sum }
    }
    while place < bytes.count, place - start < 18 {
      let digit = bytes[place] &- UInt8(ascii: "0")
      if digit > 9 { break }
      sum = sum &* 10 &+ Int(digit)
      place += 1
    }
    return place > start ? sum : nil
  }
}

/// What the few workers write again and again, `[error] 41#41: `, known by its bytes.
private struct KnownHeads {
  private typealias Words = SIMD4<UInt64>
  private struct Head {
    var words = Words()
    /// Which bits of them are the head's.
    var mask = Words()
    var level: Int8 = -1
    var process: Int32 = 0
    var length = 0
  }

  private var heads = [Head](repeating: Head(), count: 32)
  private static let width = 32

  @inline(__always)
  private static func words(_ bytes: Bytes, _ place: Int) -> Words? {
    place + width <= bytes.count ? bytes.loadUnaligned(fromByteOffset: place, as: Words.self) : nil
  }

  /// By the process, in its place behind `[error] `.
  @inline(__always)
  private static func slot(_ words: Words) -> Int { Int(truncatingIfNeeded: (words[1] &* 0x9E37_79B9_7F4A_7C15) >> 59) }

  @inline(__always)
  func find(_ bytes: Bytes, _ front: inout Front) -> Bool {
    guard let words = Self.words(bytes, front.end) else { return false }
    let head = heads[Self.slot(words)]
    guard head.length > 0, words & head.mask == head.words else { return false }
    (front.level, front.process) = (head.level, head.process)
    front.end += head.length
    return true
  }

  mutating func add(_ bytes: Bytes, at place: Int, _ front: Front) {
    let length = front.end - place
    guard length <= Self.width, let words = Self.words(bytes, place) else { return }
    var mask = Words()
    for word in 0..<4 {
      let kept = min(max(length - word * 8, 0), 8)
      mask[word] = kept == 8 ? .max : (1 << UInt64(kept * 8)) - 1
    }
    heads[Self.slot(words)] = Head(
      words: words & mask, mask: mask, level: front.level, process: front.process, length: length)
  }
}

/// Reads `2026/11/28 11:02:16` and `2026-11-28T11:02:16`; the minute that it read last is known again.
struct Clock {
  private var known: (UInt64, UInt64) = (0, 0)
  private var minute = 0

  /// Seconds since 1970, of a clock in UTC; at least 19 bytes stand there.
  @inline(__always)
  mutating func seconds(_ bytes: Bytes, _ start: Int) -> Int? {
    let high = bytes[start + 17] &- UInt8(ascii: "0")
    let low = bytes[start + 18] &- UInt8(ascii: "0")
    guard high < 7, low < 10, bytes[start + 16] == UInt8(ascii: ":") else { return nil }
    let words = (
      bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self),
      bytes.loadUnaligned(fromByteOffset: start + 8, as: UInt64.self)
    )
    if words != known {
      guard let read = Self.minute(bytes, start) else { return nil }
      (known, minute) = (words, read)
    }
    return minute + Int(high) * 10 + Int(low)
  }

  private static func minute(_ bytes: Bytes, _ start: Int) -> Int? {
    let text = String(decoding: bytes.part(start..<start + 16), as: UTF8.self).utf8
    guard text.count == 16, bytes[start + 4] == bytes[start + 7], bytes[start + 10] & 0x5F != 0x5A else { return nil }
    let parts = [text.prefix(4), text.dropFirst(5).prefix(2), text.dropFirst(8).prefix(2)]
    return Timestamp.parse(
      "\(parts.map { String($0) ?? "" }.joined(separator: "-"))T\(String(text.suffix(5)) ?? ""):00Z")
  }
}
