import SourceText

/// What is known of messages that begin alike: how long the shortest was, where the look for the tail of the next one
/// may begin, and whether the last was told by its form alone.
struct KnownTails {
  private var lengths = [Int32](repeating: .max, count: 64)
  /// A bit for each of them: the last message was none of ours, as all of its form.
  private var others: UInt64 = 0
  /// So much of a message tells it from others: `[lua] informer_factory.lua:316: `.
  private static let width = 32

  @inline(__always)
  private static func slot(_ bytes: Bytes, _ start: Int) -> Int? {
    guard start + width <= bytes.count else { return nil }
    let words = bytes.loadUnaligned(fromByteOffset: start, as: SIMD4<UInt64>.self)
    let sum = (words[0] ^ words[1] &* 3 ^ words[2] &* 5 ^ words[3] &* 7) &* 0x9E37_79B9_7F4A_7C15
    return Int(truncatingIfNeeded: sum >> 58)
  }

  /// Where the tail may begin, or the end where none seems to; nil where nothing is known of such messages. Only what
  /// ends a message that was looked through is a tail for certain.
  @inline(__always)
  func find(in bytes: Bytes, from start: Int) -> (tail: Int, slot: Int)? {
    guard let slot = Self.slot(bytes, start) else { return nil }
    let place = start + Int(lengths[slot])
    guard place <= bytes.count else { return nil }
    return (Scan.isTail(bytes, at: place) ? place : Scan.tail(of: bytes, from: place), slot)
  }

  @inline(__always)
  func areOthers(_ slot: Int) -> Bool { others >> UInt64(slot) & 1 == 1 }

  @inline(__always)
  mutating func setOthers(_ slot: Int, _ areOthers: Bool) {
    let bit: UInt64 = 1 << UInt64(slot)
    others = areOthers ? others | bit : others & ~bit
  }

  mutating func set(_ tail: Int, in bytes: Bytes, from start: Int) {
    guard let slot = Self.slot(bytes, start) else { return }
    lengths[slot] = min(lengths[slot], Int32(truncatingIfNeeded: tail - start))
  }
}
