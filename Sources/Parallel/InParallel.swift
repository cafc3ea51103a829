import Glibc
import Synchronization

/// Does the same for all inputs, each on a thread of its own, for what waits, as a request does. At most 32 at once;
/// where the system gives no thread the work is done here.
public func inParallel<Input: Sendable, Output: Sendable>(
  _ inputs: [Input], _ work: @escaping @Sendable (Input) -> Output
) -> [Output] {
  guard inputs.count > 1 else { return inputs.map(work) }
  let results = Results<Output>(inputs.count)
  let crew = Crew(inputs.count) { results.set($0, work(inputs[$0])) }
  var threads: [pthread_t] = []
  for _ in 1..<min(32, inputs.count) {
    var thread = pthread_t()
    let context = Unmanaged.passRetained(crew)
    let code = pthread_create(
      &thread, nil,
      { context in
        if let context { Unmanaged<Crew>.fromOpaque(context).takeRetainedValue().run() }
        return nil
      }, context.toOpaque())
    guard code == 0 else {
      context.release()
      break
    }
    threads.append(thread)
  }
  crew.run()
  for thread in threads { pthread_join(thread, nil) }
  return results.all
}

/// Hands out indices to whoever comes.
private final class Crew: Sendable {
  private let next = Mutex(0)
  private let count: Int
  private let work: @Sendable (Int) -> Void

  init(_ count: Int, _ work: @escaping @Sendable (Int) -> Void) {
    self.count = count
    self.work = work
  }

  func run() {
    while true {
      let index = next.withLock { index in
        defer { index += 1 }
        return index
      }
      guard index < count else { return }
      work(index)
    }
  }
}

private final class Results<Output: Sendable>: Sendable {
  private let values: Mutex<[Output?]>

  init(_ count: Int) { values = Mutex(Array(repeating: nil, count: count)) }

  func set(_ index: Int, _ value: Output) { values.withLock { $0[index] = value } }
  var all: [Output] { values.withLock { $0.compactMap { $0 } } }
}
