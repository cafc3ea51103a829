public import APISIX
public import Findings

/// What a sentence of a log means: the rule, and how it is told of one entry. Asked once for each group of like
/// entries, never once a line.
public struct LogCheck: Sendable {
  public let rule: Rule
  /// The sentences on which it is asked, wherever in the entry one stands; without any, on each entry that no check
  /// before it explains.
  public let sentences: [Sentence]
  /// nil where it is another rule's matter.
  public let explain: @Sendable (LogRecord) -> Explanation?

  public init(
    _ rule: Rule, _ sentences: Sentence..., explain: @escaping @Sendable (LogRecord) -> Explanation?
  ) {
    self.rule = rule
    self.sentences = sentences
    self.explain = explain
  }
}

/// What one entry of a log says.
public struct Explanation: Sendable {
  /// What it is in a chain of causes.
  public enum Part: Sendable, Hashable {
    /// Something is wrong with a registry, or with its configuration (nil: with any), and lasts until it is mended.
    case cause(RegistryKind?)
    /// What one request was told, and why: a cause for its own request alone.
    case request(RegistryKind?)
    /// What follows from a cause, of this registry or of any.
    case effect(RegistryKind?)
    /// Heals by itself, or means nothing.
    case harmless
  }

  public let rule: Rule
  public let severity: Severity
  /// One line, without a final full stop, that stands on its own and names what the line names.
  public let message: String
  /// What to write or run.
  public internal(set) var help: String?
  public let part: Part
  /// What was taken out of the line, in the order in which it is shown.
  public let values: [(name: Value, text: String)]
  /// Where in config.yaml the cause may stand, likeliest first: paths below `discovery.KIND`, or below one cluster of
  /// kubernetes, such as `client.token_file`.
  public let settings: [String]

  /// The registry that it speaks of.
  var registry: RegistryKind? {
    switch part {
    case .cause(let kind), .request(let kind), .effect(let kind): kind
    case .harmless: nil
    }
  }

  /// Whether it is what APISIX ends a request with.
  var isLastWord: Bool { part == .effect(nil) }

  /// The names of values; `Explanation.Value.allCases` is what the JSON document may hold.
  public enum Value: String, Sendable, CaseIterable {
    case registry, cluster, server, kind, user, verb, resource, group, scope, address, service, port, status, variable,
      path,
      property, object, reason
  }

  public init(
    _ rule: Rule, severity: Severity? = nil, _ message: String, help: String? = nil, _ part: Part,
    values: [(name: Value, text: String)] = [], settings: [String] = []
  ) {
    self.rule = rule
    self.severity = severity ?? rule.severity
    self.message = message
    self.help = help
    self.part = part
    self.values = values
    self.settings = settings
  }
}
