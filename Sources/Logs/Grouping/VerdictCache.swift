/// What was made of a message, by its hash. It forgets rather than grow: whoever is not found is judged anew.
///
/// A slot is 48 bits of the hash and the verdict, as a second array would be a second miss of the processor's cache. With
/// those that choose the slot, two messages are taken for each other once in 2^59.
struct VerdictCache {
  private var slots: [UInt64]
  private let mask: Int

  /// - Parameter bits: it holds two to that power, from 12 to 16.
  init(bits: Int) {
    slots = [UInt64](repeating: 0, count: 1 << bits)
    mask = 1 << bits - 2
  }

  @inline(__always)
  func find(_ key: UInt64) -> Int16? {
    let place = Int(truncatingIfNeeded: key) & mask
    if (slots[place] ^ key) >> 16 == 0 { return Int16(truncatingIfNeeded: slots[place]) }
    return (slots[place + 1] ^ key) >> 16 == 0 ? Int16(truncatingIfNeeded: slots[place + 1]) : nil
  }

  mutating func set(_ key: UInt64, _ verdict: Int16) {
    let place = Int(truncatingIfNeeded: key) & mask
    if (slots[place] ^ key) >> 16 != 0 { slots[place + 1] = slots[place] }
    slots[place] = key & ~0xFFFF | UInt64(UInt16(bitPattern: verdict))
  }
}
