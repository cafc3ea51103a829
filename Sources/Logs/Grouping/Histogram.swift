/// How many entries came when: at most 128 spans of time of equal width, which doubles as time goes on.
public struct Histogram: Sendable, Hashable {
  public static let size = 128

  /// Of one span, in seconds: a power of two.
  public private(set) var width = 1
  /// When the first span begins, in seconds since 1970: a multiple of the width.
  public private(set) var start = 0
  /// Of each span; empty where no entry has a time.
  public private(set) var counts: [UInt32] = []

  mutating func add(_ time: Int, count: Int = 1) {
    if counts.isEmpty {
      counts = [UInt32](repeating: 0, count: Self.size)
      start = time
    }
    while true {
      let index = (time - start) >> width.trailingZeroBitCount
      if counts.indices.contains(index) {
        counts[index] &+= UInt32(truncatingIfNeeded: count)
        return
      }
      if index < 0, move(by: -index) { continue }
      widen()
    }
  }

  /// Makes room in front, where the spans at the end are empty.
  private mutating func move(by spans: Int) -> Bool {
    guard spans < Self.size, counts.suffix(spans).allSatisfy({ $0 == 0 }) else { return false }
    counts = [UInt32](repeating: 0, count: spans) + counts.dropLast(spans)
    start -= spans * width
    return true
  }

  private mutating func widen() {
    guard width < 1 << 56 else { return }
    let isOdd = start & width != 0
    let pairs = isOdd ? [0] + counts : counts + [0]
    if isOdd { start -= width }
    width *= 2
    let halved = stride(from: 0, to: Self.size, by: 2).map { pairs[$0] &+ pairs[$0 + 1] }
    // With an odd start the last one is left over.
    let rest = isOdd ? [pairs[Self.size]] : []
    counts = halved + rest + [UInt32](repeating: 0, count: Self.size - halved.count - rest.count)
  }
}
