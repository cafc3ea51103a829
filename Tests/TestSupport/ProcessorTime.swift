import Glibc

/// What this thread has worked so far, in seconds: what else the machine does is not in it.
public var processorTime: Double {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
