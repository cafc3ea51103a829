import Dispatch

/// Maps over the items on all cores, for what only computes; the results keep the items' order.
/// - Parameter threads: 1 does all of it here; any other number as many at once as there are cores.
public func concurrentMap<Item: Sendable, Result: Sendable>(
  _ items: [Item], threads: Int, _ transform: @Sendable (Item) -> Result
) -> [Result] {
  guard threads > 1, items.count > 3 else { return items.map(transform) }
  // Small enough that no thread waits long for the last one.
  let chunk = max(1, min(16, items.count / (threads * 4)))
  let chunks = (items.count + chunk - 1) / chunk
  return withoutActuallyEscaping(transform) { transform in
    Array(unsafeUninitializedCapacity: items.count) { buffer, count in
      // Each place is written once, by one thread, and read when all have ended.
      nonisolated(unsafe) let results = buffer
      DispatchQueue.concurrentPerform(iterations: chunks) { part in
        for index in part * chunk..<min((part + 1) * chunk, items.count) {
          results.initializeElement(at: index, to: transform(items[index]))
        }
      }
      count = items.count
    }
  }
}

/// Starts the threads that `concurrentMap` will share work with, while there is something else to do first.
public func wakeThreads() { DispatchQueue.global().async {} }
