import Parallel

/// What one check finds out and others need. Who needs it waits until it is known, or known not to come.
final class Fact<Value: Sendable>: Sendable {
  private let later = Later<Result<Value, Unmet>>()

  func give(_ value: Value) { later.give(.success(value)) }
  /// What was given stays.
  func withhold(_ unmet: Unmet) { later.give(.failure(unmet)) }

  /// The value; waits for it.
  func callAsFunction() throws(Unmet) -> Value { try later.awaited.get() }
}

/// Why a fact did not come, and so why a check that needs it says nothing.
struct Unmet: Error, Sendable, Hashable {
  enum Kind: Sendable {
    /// There is nothing to look at, or something else comes first.
    case skipped
    /// The same: who asks may not see it. Somebody else may.
    case refused
    /// It may be well or not: it was asked, and there was no answer.
    case unknown
    /// The same, as nobody asked for it by name.
    case untried
  }

  let kind: Kind
  let reason: String

  var isSkipped: Bool { kind == .skipped || kind == .refused }

  static func skipped(_ reason: String) -> Unmet { Unmet(kind: .skipped, reason: reason) }
  static func refused(_ reason: String) -> Unmet { Unmet(kind: .refused, reason: reason) }
  static func unknown(_ reason: String) -> Unmet { Unmet(kind: .unknown, reason: reason) }
  static func untried(_ reason: String) -> Unmet { Unmet(kind: .untried, reason: reason) }
}
