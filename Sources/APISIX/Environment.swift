public import YAML

/// The variables with which APISIX will start.
public enum Environment: Sendable {
  /// Not known: a placeholder is open, and what hangs on it is not judged.
  case unknown
  /// These, and no others.
  case known([String: String])

  public var isKnown: Bool { if case .known = self { true } else { false } }

  func read(_ name: String) -> Reading {
    switch self {
    case .unknown: .unknown(name)
    case .known(let variables): variables[name].map { .text($0) } ?? .unset(name)
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
