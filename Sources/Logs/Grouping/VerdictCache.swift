/// What was made of a message, by its hash. It forgets rather than grow: whoever is not found is judged anew.
struct VerdictCache {
  private var keys: [UInt64]
  private var verdicts: [Int32]
  private let mask: Int

  /// - Parameter bits: it holds two to that power.
  init(bits: Int) {
    keys = [UInt64](repeating: 0, count: 1 << bits)
    verdicts = [Int32](repeating: 0, count: 1 << bits)
    mask = 1 << bits - 2
  }

  @inline(__always)
  func find(_ key: UInt64) -> Int32? {
    let slot = Int(truncatingIfNeeded: key) & mask
    if keys[slot] == key { return verdicts[slot] }
    return keys[slot + 1] == key ? verdicts[slot + 1] : nil
  }

  mutating func set(_ key: UInt64, _ verdict: Int32) {
    let slot = Int(truncatingIfNeeded: key) & mask
    if keys[slot] != key {
      (keys[slot + 1], verdicts[slot + 1]) = (keys[slot], verdicts[slot])
      keys[slot] = key
    }
    verdicts[slot] = verdict
  }
}
