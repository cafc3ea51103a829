/// What is counted for each entry of a group, close together; the group itself has it once the second is over.
struct Tally {
  /// The entries of this second; `.min` stands for those without a time.
  var second = Int.min
  var count = 0
  /// The last ones that wrote.
  var processes = SIMD4<Int32>()
  var requests = HashSet()

  /// Takes one more, if it is of this second and of a process that wrote lately: the group then has nothing to learn.
  @inline(__always)
  mutating func add(_ time: Int, _ process: Int32) -> Bool {
    guard time == second, any(processes .== process) else { return false }
    count += 1
    return true
  }

  mutating func settle(in group: inout LogGroup) {
    guard count > 0 else { return }
    group.count += count
    if second != .min { group.histogram.add(second, count: count) }
    count = 0
  }
}

/// A small set of hashes.
struct HashSet {
  private var slots: [UInt64] = []
  private(set) var count = 0

  /// Whether it is new.
  mutating func insert(_ hash: UInt64) -> Bool {
    if 2 * count >= slots.count {
      let old = slots
      slots = [UInt64](repeating: 0, count: max(16, 2 * old.count))
      for hash in old where hash != 0 { slots[slot(of: hash)] = hash }
    }
    let slot = slot(of: hash)
    guard slots[slot] != hash else { return false }
    slots[slot] = hash
    count += 1
    return true
  }

  private func slot(of hash: UInt64) -> Int {
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] != 0, slots[slot] != hash { slot = (slot + 1) & (slots.count - 1) }
    return slot
  }
}

/// The requests of the last few hundred entries, and the group that was the first to speak of each: 48 bits of a hash
/// and 16 of the group's number.
struct RequestRing {
  private var slots = [UInt64](repeating: 0, count: 512)

  /// The group that spoke of the request before, where that is another one.
  mutating func take(_ key: UInt64, of group: Int) -> Int? {
    let place = Int(truncatingIfNeeded: key) & 511
    let known = slots[place]
    if (known ^ key) >> 16 == 0 { return known & 0xFFFF == UInt64(group) ? nil : Int(known & 0xFFFF) }
    slots[place] = key & ~0xFFFF | UInt64(group)
    return nil
  }
}
