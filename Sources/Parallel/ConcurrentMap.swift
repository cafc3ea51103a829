import Glibc
import Synchronization

/// Maps over the items on several cores, for what only computes; the results keep the items' order.
/// - Parameter threads: 1 does all of it here; never more run than there are cores.
public func concurrentMap<Item: Sendable, Result: Sendable>(
  _ items: [Item], threads: Int, _ transform: @Sendable (Item) -> Result
) -> [Result] {
  concurrentMap(items, threads: threads, having: nothing) { _, item in transform(item) }
}

/// The same where each thread has something for itself: references to what they share are counted across the cores.
/// - Parameter own: makes it, once a thread.
public func concurrentMap<Item: Sendable, Own, Result: Sendable>(
  _ items: [Item], threads: Int, having own: @escaping @Sendable () -> Own,
  _ transform: @Sendable (inout Own, Item) -> Result
) -> [Result] {
  // Small enough that no thread waits long for the last one.
  let threads = items.count > 3 ? max(1, min(threads, cores)) : 1
  let chunk = max(1, min(16, items.count / (threads * 4)))
  return map(items, min(threads, items.count / chunk), by: chunk, own, transform)
}

/// Maps over the items for what waits, as a request does: each on a thread of its own.
/// - Parameter most: so many at once.
public func inParallel<Item: Sendable, Result: Sendable>(
  _ items: [Item], most: Int = 32, _ work: @Sendable (Item) -> Result
) -> [Result] {
  map(items, min(most, items.count), by: 1, nothing) { _, item in work(item) }
}

/// The machine's cores; 1 at least.
public let cores = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
private let nothing: @Sendable () -> Void = {}

private func map<Item: Sendable, Own, Result: Sendable>(
  _ items: [Item], _ threads: Int, by chunk: Int, _ own: @escaping @Sendable () -> Own,
  _ transform: @Sendable (inout Own, Item) -> Result
) -> [Result] {
  guard threads > 1 else {
    var own = own()
    return items.map { transform(&own, $0) }
  }
  let next = Atomic(0)
  return withoutActuallyEscaping(transform) { transform in
    Array(unsafeUninitializedCapacity: items.count) { buffer, count in
      // Each place is written once, by one thread, and read when all have ended.
      nonisolated(unsafe) let results = buffer
      together(threads) {
        var own = own()
        while true {
          let start = next.wrappingAdd(chunk, ordering: .relaxed).oldValue
          guard start < items.count else { return }
          for index in start..<min(start + chunk, items.count) {
            results.initializeElement(at: index, to: transform(&own, items[index]))
          }
        }
      }
      count = items.count
    }
  }
}
