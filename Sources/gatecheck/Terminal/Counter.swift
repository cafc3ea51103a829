import Synchronization

/// A number that several threads add to.
final class Counter: Sendable {
  private let value = Atomic<Int>(0)

  /// - Returns: the sum so far.
  func add(_ amount: Int) -> Int { value.wrappingAdd(amount, ordering: .relaxed).newValue }
}
