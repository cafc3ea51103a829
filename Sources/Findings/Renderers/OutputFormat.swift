/// A form in which findings are given: the values of `--output`.
public enum OutputFormat: String, Sendable, Hashable, CaseIterable {
  case text, short, json, sarif, junit, github, codeclimate
}

public struct RenderOptions: Sendable {
  /// Colours, in `text` and `short` only.
  public var color: Bool
  /// Columns that a quoted source line may take; longer ones are cut around the caret.
  public var width: Int
  /// What counts as a failed test in `junit`.
  public var failOn: Severity

  public init(color: Bool = false, width: Int = 100, failOn: Severity = .error) {
    self.color = color
    self.width = width
    self.failOn = failOn
  }
}

extension Report {
  /// The whole output, its last line ended; empty where `text`, `short` and `github` have nothing to say.
  public func rendered(as format: OutputFormat, options: RenderOptions = RenderOptions()) -> String {
    switch format {
    case .text: words?(self, options) ?? renderText(self, color: options.color, width: options.width)
    case .short: renderShort(self, color: options.color)
    case .json: renderJSON(self)
    case .sarif: renderSARIF(self)
    case .junit: renderJUnit(self, failOn: options.failOn)
    case .github: renderGitHub(self)
    case .codeclimate: renderCodeClimate(self)
    }
  }
}
