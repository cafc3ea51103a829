import SourceText

/// A rule is its page, written once beside the check and shown by `gatecheck explain`, docs/rules/ and SARIF's help:
///
///     area/name (severity, since X.Y.Z): one line that says what is wrong
///     Checks: what it looks at
///     Why: what APISIX or Kubernetes would do
///     Example: a piece of input, or an answer, that shows it
///     Fix: the cure
///     zh: the first line in Chinese; Checks, Why, Example and Fix follow once more, without those that are code alone
///
/// A part may go on on the lines below; what is in Chinese may be missing. `since` is the APISIX release from which on
/// it matters; it is left out where it is no matter of releases. A class, because every finding holds its rule; two of
/// the same id are the same.
public final class Rule: Sendable, Hashable, CustomStringConvertible, ExpressibleByStringInterpolation {
  /// Taken apart only where it is shown: a run makes hundreds of rules and shows a few.
  private let page: String
  private let idLength: Int
  /// In which its parts are shown, where they are there in it.
  public let language: Language

  public convenience init(stringLiteral page: String) { self.init(page, .english) }

  private init(_ page: String, _ language: Language) {
    (self.page, self.language) = (page, language)
    idLength = page.utf8.prefix { $0 != UInt8(ascii: " ") }.count
  }

  /// The rule in this language; as it is where it has no page in it.
  public func translated(to language: Language) -> Rule {
    language == self.language || texts(in: language) == nil ? self : Rule(page, language)
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

  public var summary: String { part(behind: nil) }
  public var checks: String { part(behind: "\nChecks:") }
  public var why: String { part(behind: "\nWhy:") }
  public var example: String { part(behind: "\nExample:") }
  public var fix: String { part(behind: "\nFix:") }

  /// `error, since 2.13.0`
  private var parenthesis: Substring { page.prefix { $0 != ")" }.drop { $0 != "(" }.dropFirst() }

  /// What is said in a language, from the line of the head on.
  private func texts(in language: Language) -> Substring? {
    let start = language == .english ? "): " : "\n\(language.rawValue): "
    return page.firstBytes(of: start).map { page[$0.upperBound...] }
  }

  private func part(behind label: String?) -> String {
    for language in [language, .english] {
      guard let text = texts(in: language) else { continue }
      guard let start = label.map({ text.firstBytes(of: $0)?.upperBound }) ?? text.startIndex else { continue }
      let part = Self.upToLabel(text[start...].drop { $0 == " " })
      return String(part.first == "\n" ? part.dropFirst() : part)
    }
    return ""
  }

  private static func upToLabel(_ text: Substring) -> Substring {
    var rest = text
    while let line = rest.firstBytes(of: "\n") {
      rest = rest[line.upperBound...]
      if ["Checks:", "Why:", "Example:", "Fix:", "zh: "].contains(where: rest.hasPrefix) {
        return text[..<line.lowerBound]
      }
    }
    return text
  }

  public static func == (left: Rule, right: Rule) -> Bool {
    left === right || left.idLength == right.idLength && left.idBytes.elementsEqual(right.idBytes)
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(id) }

  /// Its id.
  public var description: String { id }
}
