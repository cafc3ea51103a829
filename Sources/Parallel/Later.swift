import Glibc
import Synchronization

/// A value that comes once, from whatever thread. Who asks for it before waits.
public final class Later<Value: Sendable>: Sendable {
  private let value = Mutex<Value?>(nil)
  /// Open once the value is there: who comes through lets the next one in.
  nonisolated(unsafe) private let gate = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

  public init() { sem_init(gate, 0, 0) }

  deinit {
    sem_destroy(gate)
    gate.deallocate()
  }

  /// The first one stays.
  public func give(_ new: Value) {
    let isFirst = value.withLock { value in
      if value != nil { return false }
      value = new
      return true
    }
    if isFirst { sem_post(gate) }
  }

  /// The value; waits for it.
  public var awaited: Value {
    while true {
      if let value = value.withLock({ $0 }) { return value }
      if sem_wait(gate) == 0 { sem_post(gate) }
    }
  }
}
