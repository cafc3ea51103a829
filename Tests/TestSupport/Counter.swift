import Foundation

/// Counts from 1, on whatever thread: the requests that a stub gets.
public final class Counter: @unchecked Sendable {
  private let lock = NSLock()
  private var count = 0

  public init() {}

  public func next() -> Int {
    lock.withLock {
      count += 1
      return count
    }
  }
}
