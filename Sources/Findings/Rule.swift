import SourceText

/// A rule is its page, written once beside the check and shown by `gatecheck explain`, docs/rules/ and SARIF's help:
///
///     area/name (severity, since X.Y.Z): one line that says what is wrong
///     Checks: what it looks at
///     Why: what APISIX or Kubernetes would do
///     Example: a piece of input, or an answer, that shows it
///     Fix: the cure
///
/// A part may go on on the lines below. `since` is the APISIX release from which on it matters; it is left out where it
/// is no matter of releases. A class, because every finding holds its rule; two of the same id are the same.
public final class Rule: Sendable, Hashable, CustomStringConvertible, ExpressibleByStringInterpolation {
  /// Taken apart only where it is shown: a run makes hundreds of rules and shows a few.
  private let page: String
  private let idLength: Int

  public init(stringLiteral page: String) {
    self.page = page
    idLength = page.utf8.prefix { $0 != UInt8(ascii: " ") }.count
  }

  /// `area/name`, in words. Never reused, never renamed.
  public var id: String { String(Substring(idBytes)) }

  /// Whether this is its id.
  func isCalled(_ id: String) -> Bool { idLength == id.utf8.count && page.utf8.starts(with: id.utf8) }

  private var idBytes: Substring.UTF8View { page.utf8.prefix(idLength) }

  /// The usual severity; a finding may differ where the circumstances do.
  public var severity: Severity {
    switch page.utf8.dropFirst(idLength).drop(while: { $0 != UInt8(ascii: "(") }).dropFirst().first {
    case UInt8(ascii: "n"): .note
    case UInt8(ascii: "w"): .warning
    default: .error
    }
  }

  /// `2.13.0`; nil where it is no matter of releases.
  public var since: String? { parenthesis.firstBytes(of: "since ").map { String(parenthesis[$0.upperBound...]) } }

  public var summary: String { part(after: "): ", before: "\nChecks:") }
  public var checks: String { part(after: "\nChecks:", before: "\nWhy:") }
  public var why: String { part(after: "\nWhy:", before: "\nExample:") }
  public var example: String { part(after: "\nExample:", before: "\nFix:") }
  public var fix: String { part(after: "\nFix:", before: nil) }

  /// `error, since 2.13.0`
  private var parenthesis: Substring { page.prefix { $0 != ")" }.drop { $0 != "(" }.dropFirst() }

  private func part(after start: String, before end: String?) -> String {
    guard let start = page.firstBytes(of: start) else { return "" }
    let rest = page[start.upperBound...].drop { $0 == " " }
    let text = end.flatMap { rest.firstBytes(of: $0) }.map { rest[..<$0.lowerBound] } ?? rest
    return String(text.first == "\n" ? text.dropFirst() : text)
  }

  public static func == (left: Rule, right: Rule) -> Bool {
    left === right || left.idLength == right.idLength && left.idBytes.elementsEqual(right.idBytes)
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(id) }

  /// Its id.
  public var description: String { id }
}
