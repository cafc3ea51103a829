/// What was made of a message, by its hash. It forgets rather than grow: whoever is not found is judged anew.
///
/// A slot is 48 bits of the hash and the verdict: two arrays would be two misses of the processor's cache. With the
/// bits that choose the slot, two messages are taken for each other once in 2^57.
struct VerdictCache {
  /// 0 is free.
  private var slots: [UInt64]
  private let mask: Int
  /// How far from its own slot a message may lie.
  private static let reach = 8

  /// - Parameter bits: it holds two to that power, from 12 to 16.
  init(bits: Int) {
    slots = [UInt64](repeating: 0, count: 1 << bits)
    mask = 1 << bits - 1
  }

  /// Where a message lies, or may; nil where all within reach are others'.
  @inline(__always)
  private func place(of key: UInt64) -> Int? {
    var place = Int(truncatingIfNeeded: key) & mask
    for _ in 0..<Self.reach {
      let slot = slots[place]
      if slot == 0 || (slot ^ key) >> 16 == 0 { return place }
      place = (place + 1) & mask
    }
    return nil
  }

  @inline(__always)
  func find(_ key: UInt64) -> Int16? {
    guard let place = place(of: key), slots[place] != 0 else { return nil }
    return Int16(truncatingIfNeeded: slots[place])
  }

  mutating func set(_ key: UInt64, _ verdict: Int16) {
    let place = place(of: key) ?? Int(truncatingIfNeeded: key) & mask
    slots[place] = key & ~0xFFFF | UInt64(UInt16(bitPattern: verdict))
  }
}
