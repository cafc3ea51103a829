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
  /// The rule pages, for `sarif`; asked for only there, because to sort them takes a third of a run over one file.
  public var catalogue: @Sendable () -> Catalogue

  public init(
    color: Bool = false, width: Int = 100, failOn: Severity = .error,
    catalogue: @escaping @autoclosure @Sendable () -> Catalogue = Catalogue([])
  ) {
    self.color = color
    self.width = width
    self.failOn = failOn
    self.catalogue = catalogue
  }
}

extension Report {
  /// The whole output, its last line ended; empty where `text`, `short` and `github` have nothing to say.
  public func rendered(as format: OutputFormat, options: RenderOptions = RenderOptions()) -> String {
    switch format {
    case .text: renderText(self, color: options.color, width: options.width)
    case .short: renderShort(self, color: options.color)
    case .json: renderJSON(self)
    case .sarif: renderSARIF(self, catalogue: options.catalogue())
    case .junit: renderJUnit(self, failOn: options.failOn)
    case .github: renderGitHub(self)
    case .codeclimate: renderCodeClimate(self)
    }
  }
}
