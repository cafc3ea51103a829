import Glibc

/// How long this thread computes for a piece of work, in nanoseconds.
public func threadTime(_ work: () -> Void) -> Int {
  func now() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }
  let start = now()
  work()
  return now() - start
}
