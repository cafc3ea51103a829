import Dispatch
import Synchronization

/// Maps over the items on several threads; the results keep the items' order.
func concurrentMap<Item: Sendable, Result: Sendable>(
  _ items: [Item], threads: Int, _ transform: @Sendable (Item) -> Result
) -> [Result] {
  guard threads > 1, items.count > 3 else { return items.map(transform) }
  let chunk = max(1, min(64, items.count / (threads * 4)))
  let chunks = (items.count + chunk - 1) / chunk
  return withoutActuallyEscaping(transform) { transform in
    let results = Slots<[Result]>(count: chunks)
    DispatchQueue.concurrentPerform(iterations: chunks) { index in
      let range = index * chunk..<min((index + 1) * chunk, items.count)
      results.set(index, items[range].map(transform))
    }
    return results.all.flatMap { $0 }
  }
}

/// One place for each part of a concurrent result; each is written by one thread.
private final class Slots<Value: Sendable>: Sendable {
  private let values: Mutex<[Value?]>

  init(count: Int) { values = Mutex(Array(repeating: nil, count: count)) }

  func set(_ index: Int, _ value: Value) { values.withLock { $0[index] = value } }
  var all: [Value] { values.withLock { $0.compactMap { $0 } } }
}
