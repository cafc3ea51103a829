public import YAML

/// The variables with which APISIX will start.
public enum Environment: Sendable {
  /// Not known: a placeholder is open, and what hangs on it is not judged.
  case unknown
  /// These, and no others.
  case known([String: String])

  enum Answer {
    case value(String)
    case unset
    case unknown
  }

  func read(_ name: String) -> Answer {
    switch self {
    case .unknown: .unknown
    case .known(let variables): variables[name].map { .value($0) } ?? .unset
    }
  }
}

/// A variable whose value is not known and matters.
public struct OpenVariable: Sendable, Hashable {
  public enum Syntax: Sendable, Hashable {
    /// `${{NAME}}`, filled in by the configuration loader anywhere in the file.
    case loader
    /// `${NAME}`, read by the kubernetes registry when its process starts.
    case kubernetes
  }

  public let name: String
  public let syntax: Syntax
  /// The value or key that names it; nil where a default does.
  public let node: Tree.ID?
}

/// Open variables in the order in which they were met, each once.
struct OpenVariables {
  private(set) var list: [OpenVariable] = []
  private var known: Set<OpenVariable> = []

  mutating func add(_ variable: OpenVariable) {
    if known.insert(variable).inserted { list.append(variable) }
  }

  mutating func add(_ others: OpenVariables) {
    for variable in others.list { add(variable) }
  }
}
