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

  @inline(__always)
  func find(_ key: UInt64) -> Int16? {
    var place = Int(truncatingIfNeeded: key) & mask
    for _ in 0..<Self.reach {
      let slot = slots[place]
      if (slot ^ key) >> 16 == 0 { return Int16(truncatingIfNeeded: slot) }
      if slot == 0 { return nil }
      place = (place + 1) & mask
    }
    return nil
  }

  mutating func set(_ key: UInt64, _ verdict: Int16) {
    var place = Int(truncatingIfNeeded: key) & mask
    let own = place
    for _ in 0..<Self.reach where slots[place] != 0 && (slots[place] ^ key) >> 16 != 0 { place = (place + 1) & mask }
    if slots[place] != 0, (slots[place] ^ key) >> 16 != 0 { place = own }
    slots[place] = key & ~0xFFFF | UInt64(UInt16(bitPattern: verdict))
  }
}
