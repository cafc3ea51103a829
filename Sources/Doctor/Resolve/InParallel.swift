import Glibc
import Synchronization

/// Does the same for all inputs, each on a thread of its own, because HTTPClient blocks its thread. At most 32 at once;
/// where the system gives no thread the work is done here.
func inParallel<Input: Sendable, Output: Sendable>(
  _ inputs: [Input], _ work: @escaping @Sendable (Input) -> Output
) -> [Output] {
  guard inputs.count > 1 else { return inputs.map(work) }
  let crew = Crew(inputs.count) { work(inputs[$0]) }
  var threads: [pthread_t] = []
  for _ in 1..<min(32, inputs.count) {
    var thread = pthread_t()
    let context = Unmanaged.passRetained(crew as Worker)
    let code = pthread_create(
      &thread, nil,
      { context in
        if let context { Unmanaged<Worker>.fromOpaque(context).takeRetainedValue().run() }
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
  return crew.outputs
}

/// Without the type of its output, so that it can pass through C.
private class Worker {
  func run() {}
}

private final class Crew<Output: Sendable>: Worker, Sendable {
  private let next: Mutex<Int>
  private let results: Mutex<[Output?]>
  private let work: @Sendable (Int) -> Output

  init(_ count: Int, _ work: @escaping @Sendable (Int) -> Output) {
    next = Mutex(0)
    results = Mutex(Array(repeating: nil, count: count))
    self.work = work
  }

  override func run() {
    let count = results.withLock { $0.count }
    while true {
      let index = next.withLock { index in
        defer { index += 1 }
        return index
      }
      guard index < count else { return }
      let output = work(index)
      results.withLock { $0[index] = output }
    }
  }

  var outputs: [Output] { results.withLock { $0.compactMap { $0 } } }
}
