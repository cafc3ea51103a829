import Glibc

/// Does the same on this thread and on others at once, and returns when all have ended. Where the system gives no
/// thread there are fewer.
func together(_ count: Int, _ work: @escaping @Sendable () -> Void) {
  let threads = (1..<max(1, count)).compactMap { _ in start(work) }
  work()
  for thread in threads { pthread_join(thread, nil) }
}

/// Does something on a thread of its own that nobody waits for.
public func meanwhile(_ work: @escaping @Sendable () -> Void) {
  if let thread = start(work) { pthread_detach(thread) }
}

/// nil where the system gives no thread.
private func start(_ work: @escaping @Sendable () -> Void) -> pthread_t? {
  var thread = pthread_t()
  let context = Unmanaged.passRetained(Work(work))
  let code = pthread_create(
    &thread, nil,
    { context in
      if let context { Unmanaged<Work>.fromOpaque(context).takeRetainedValue().run() }
      return nil
    }, context.toOpaque())
  if code == 0 { return thread }
  context.release()
  return nil
}

private final class Work: Sendable {
  let run: @Sendable () -> Void
  init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}
