/// A rule: its stable id and its page, written once and shown by `gatecheck explain`, docs/rules/ and SARIF's help. A
/// class, because every finding holds its rule; two of the same id are the same.
public final class Rule: Sendable, Hashable, CustomStringConvertible {
  /// `area/name`, in words. Never reused, never renamed.
  public let id: String
  /// The usual severity; a finding may differ where the circumstances do.
  public let severity: Severity
  /// One line: what is wrong.
  public let summary: String
  /// What it checks.
  public let checks: String
  /// Why it matters: what APISIX or Kubernetes would do.
  public let why: String
  /// A piece of input, or an answer, that shows it.
  public let example: String
  /// The cure.
  public let fix: String
  /// From which APISIX release on it matters, `2.13.0`; nil where it is no matter of releases.
  public let since: String?

  public init(
    id: String, severity: Severity, summary: String, checks: String, why: String, example: String, fix: String,
    since: String? = nil
  ) {
    self.id = id
    self.severity = severity
    self.summary = summary
    self.checks = checks
    self.why = why
    self.example = example
    self.fix = fix
    self.since = since
  }

  public static func == (left: Rule, right: Rule) -> Bool { left === right || left.id == right.id }

  public func hash(into hasher: inout Hasher) { hasher.combine(id) }

  /// Its id.
  public var description: String { id }
}
