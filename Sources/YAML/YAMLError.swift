public import SourceText

/// Why a text is no usable YAML.
public struct YAMLError: Error, Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    /// The text is not YAML.
    case syntax
    /// It is, and a limit of gatecheck was hit.
    case limit
    /// It is, and an alias stands inside the node that it names: a table in itself, without an end for whoever walks
    /// it.
    case cycle
  }

  public let kind: Kind
  public let position: Position
  /// The problem in libyaml's words, `did not find expected key`, or the limit.
  public let message: String
  /// `LINE:COLUMN` and the problem as lyaml, which APISIX uses, prints them.
  public let mark, problem: String

  public init(kind: Kind, position: Position, message: String, mark: String, problem: String) {
    self.kind = kind
    self.position = position
    self.message = message
    self.mark = mark
    self.problem = problem
  }
}

/// What a YAML file may have at most; what goes beyond is a YAMLError of kind `limit`.
public struct YAMLLimits: Sendable {
  public var bytes = 16 << 20
  public var depth = 100
  public var aliases = 10_000
  /// Nodes after every alias is expanded.
  public var nodes = 1_000_000

  public init() {}
}

extension TreeBuilder {
  func tooMany(at offset: Int) -> YAMLError {
    limit("more than \(limits.nodes) nodes with aliases expanded", at: offset)
  }

  func limit(_ message: String, at offset: Int) -> YAMLError {
    let position = text.position(at: offset)
    return YAMLError(
      kind: .limit, position: position, message: message, mark: "\(position.line):\(position.column)", problem: message)
  }
}
