import Glibc

/// So many may be at work at once; who comes later waits.
public final class Slots: Sendable {
  nonisolated(unsafe) private let gate = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

  public init(_ count: Int) { sem_init(gate, 0, UInt32(count)) }

  deinit {
    sem_destroy(gate)
    gate.deallocate()
  }

  /// - Parameter work: is told how long it had to wait.
  public func use<Result>(_ work: (Duration) -> Result) -> Result {
    let start = ContinuousClock.now
    while sem_wait(gate) != 0 {}
    defer { sem_post(gate) }
    return work(.now - start)
  }
}
