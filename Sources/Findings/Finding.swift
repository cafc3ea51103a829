public import SourceText

/// How bad a finding is. `error`: APISIX will not start, or traffic will fail. `warning`: works, but not as the author
/// meant, or not for long. `note`: worth knowing.
public enum Severity: String, Sendable, Hashable, Comparable, CaseIterable {
  case note, warning, error

  public static func < (left: Severity, right: Severity) -> Bool {
    left != right && (left == .note || right == .error)
  }
}

/// One thing gatecheck has to say: what is wrong, where, and the cure. A class, because thousands of them are handed
/// from floor to floor. An error where there is nothing to go on with.
public final class Finding: Error, Hashable {
  public let rule: Rule
  public let severity: Severity
  /// One line, without a final full stop, that stands on its own.
  public let message: String
  /// The path of the file as the user named it; nil where the finding is about no file.
  public let file: String?
  public let range: SourceRange?
  /// The dotted path of the value, `discovery.kubernetes.service.port`; list items as `[0]`.
  public let path: String?
  /// What to write or run.
  public let help: String?
  public let fix: Fix?
  /// False where it hangs on what a template will give: such a one is not shown.
  public let isCertain: Bool

  public init(
    rule: Rule, severity: Severity? = nil, message: String, file: String? = nil, range: SourceRange? = nil,
    path: String? = nil, help: String? = nil, fix: Fix? = nil, isCertain: Bool = true
  ) {
    self.rule = rule
    self.severity = severity ?? rule.severity
    self.message = message
    self.file = file
    self.range = range
    self.path = path
    self.help = help
    self.fix = fix
    self.isCertain = isCertain
  }

  public static func == (left: Finding, right: Finding) -> Bool {
    left === right
      || (left.rule == right.rule && left.severity == right.severity && left.message == right.message
        && left.file == right.file && left.range == right.range && left.path == right.path && left.help == right.help
        && left.fix == right.fix)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(rule)
    hasher.combine(file)
    hasher.combine(range?.start.offset)
    hasher.combine(message)
  }
}

extension Finding {
  /// The same with other words for what to write or run.
  public func withHelp(_ help: String?) -> Finding { help == self.help ? self : with(file, help, fix) }

  /// The same as a warning.
  public var asWarning: Finding {
    severity == .warning
      ? self
      : Finding(
        rule: rule, severity: .warning, message: message, file: file, range: range, path: path, help: help, fix: fix,
        isCertain: isCertain)
  }

  /// The same with another fix, or none.
  public func withFix(_ fix: Fix?) -> Finding { fix == self.fix ? self : with(file, help, fix) }

  /// The same of a file that goes by another name.
  func named(_ file: String?) -> Finding { file == self.file ? self : with(file, help, fix) }

  private func with(_ file: String?, _ help: String?, _ fix: Fix?) -> Finding {
    Finding(
      rule: rule, severity: severity, message: message, file: file, range: range, path: path, help: help, fix: fix,
      isCertain: isCertain)
  }

  /// The same at a place that whoever found it did not know. A fix belongs to the old place and is left out.
  public func moved(to file: String, _ range: SourceRange?, path: String?) -> Finding {
    Finding(
      rule: rule, severity: severity, message: message, file: file, range: range, path: path, help: help)
  }
}

extension [Finding] {
  /// Adds it, if there is one.
  public static func += (left: inout [Finding], right: Finding?) { if let right { left.append(right) } }
}

/// Edits of one file that mend a finding.
public struct Fix: Sendable, Hashable {
  /// Whether it can be applied without a second look: it does what the author plainly meant.
  public let safe: Bool
  public let edits: [TextEdit]
  /// Whether the new text holds a credential; it is then shown nowhere, and only written into the file.
  public let secret: Bool

  public init(safe: Bool, edits: [TextEdit], secret: Bool = false) {
    self.safe = safe
    self.edits = edits
    self.secret = secret
  }
}
