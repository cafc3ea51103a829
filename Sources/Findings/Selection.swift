/// Which findings count: `--select`, `--ignore` and `--fail-on`.
public struct Selection: Sendable {
  /// A selector that names nothing; the message says what was probably meant. Ends with status 2.
  public struct UnknownRule: Error, Sendable, Hashable, CustomStringConvertible {
    public let selector: String
    public let nearest: String?

    public var description: String {
      let hint = nearest.map { "; did you mean \($0)?" } ?? "; `gatecheck rules` lists them all"
      return "no rule or area is named \(terminalSafe(selector))\(hint)"
    }
  }

  /// Areas whose errors say that the question was not answered.
  public static let unanswered = ["connect/", "tls/", "kubeconfig/"]

  /// Rules of what a flag asks to be told of: they fail the run whatever their severity.
  public static let asked = ["token/expires-within"]

  /// Rules of what the command line names and nothing has: wrong usage, whatever `--select` says.
  public static let usage = ["config/unknown-cluster"]

  public let select: [String]
  public let ignore: [String]
  public let failOn: Severity
  /// Ids and prefixes whose errors end with status 3, and which `--select` does not hide: a check that could not be
  /// made must not look like one that passed.
  public let unfinished: [String]

  public init(
    select: [String] = [], ignore: [String] = [], failOn: Severity = .error,
    unfinished: [String] = Selection.unanswered
  ) {
    self.select = select
    self.ignore = ignore
    self.failOn = failOn
    self.unfinished = unfinished
  }

  /// Whether an id, or an area with its slash (`token/`), stands for `rule`.
  public static func matches(_ selector: String, rule: String) -> Bool {
    selector.utf8.last == UInt8(ascii: "/") ? rule.utf8.starts(with: selector.utf8) : rule == selector
  }

  /// Whether no finding is left out.
  public var letsAllThrough: Bool { select.isEmpty && ignore.isEmpty }

  /// Throws for the first selector that stands for no rule, area or retired id of `catalogue`.
  /// The catalogue is asked for only when there is a selector.
  public func check(against catalogue: @autoclosure () -> Catalogue) throws(UnknownRule) {
    for selector in select + ignore {
      let rules = catalogue()
      if !rules.knows(selector) { throw UnknownRule(selector: selector, nearest: rules.nearest(selector)) }
    }
  }

  /// Whether findings of `rule` count. The more exact selector wins, and `--ignore` where both are equal:
  /// `--ignore kubernetes/ --select kubernetes/port-not-string` leaves that one.
  public func includes(_ rule: String) -> Bool {
    if letsAllThrough { return true }
    let ignored = ignore.filter { Self.matches($0, rule: rule) }.map(\.utf8.count).max()
    if select.isEmpty { return ignored == nil }
    guard let selected = select.filter({ Self.matches($0, rule: rule) }).map(\.utf8.count).max() else { return false }
    return selected > ignored ?? -1
  }

  /// Whether this finding counts.
  public func includes(_ finding: Finding) -> Bool {
    if includes(finding.rule.id) { return true }
    let ignored = ignore.contains { Self.matches($0, rule: finding.rule.id) }
    return isUsage(finding) || isUnfinished(finding) && !ignored
  }

  public func apply(to findings: [Finding]) -> [Finding] { findings.filter(includes) }

  /// Whether it counts at `--fail-on`. That a file is not gatecheck's to check is nobody's mistake.
  func fails(_ finding: Finding) -> Bool {
    Self.asked.contains(where: finding.rule.isCalled)
      || finding.severity >= failOn && finding.rule != InputRules.otherProgram
  }

  func isUsage(_ finding: Finding) -> Bool { Self.usage.contains(where: finding.rule.isCalled) }

  func isUnfinished(_ finding: Finding) -> Bool {
    finding.severity == .error && unfinished.contains { Self.matches($0, rule: finding.rule.id) }
  }
}
