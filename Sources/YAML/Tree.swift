public import SourceText

/// The documents of a YAML stream as a flat array of nodes: no recursion, aliases kept as aliases, all duplicate keys
/// kept, every node with its exact place in the text.
public struct Tree: Sendable {
  public typealias ID = Int

  public let text: SourceText
  public let nodes: [Node]
  /// The root node of each document; an empty document has an empty plain scalar.
  public let documents: [ID]

  public subscript(id: ID) -> Node { nodes[id] }
}

public struct Node: Sendable {
  public enum Content: Sendable {
    case scalar(String, ScalarStyle)
    case sequence([Tree.ID], flow: Bool)
    case mapping([Pair], flow: Bool)
    /// Refers to an anchored node that stands before it in the same document.
    case alias(Tree.ID)
  }

  public struct Pair: Sendable {
    public let key: Tree.ID
    public let value: Tree.ID
  }

  public let content: Content
  /// The resolved tag as libyaml gives it (`tag:yaml.org,2002:str`, `!mine`), nil without one.
  public let tag: String?
  public let anchor: String?
  /// Byte offsets of the value itself: behind its tag and anchor, without trailing comments and blank lines. An empty
  /// value has an empty range where it would stand.
  public let range: Range<Int>
  /// Where the tag or anchor starts; `range.lowerBound` without them.
  public let start: Int
}

public enum ScalarStyle: Sendable, Hashable {
  case plain, singleQuoted, doubleQuoted, literal, folded
}

extension Tree {
  /// The node itself, or what an alias stands for.
  public func resolved(_ id: ID) -> ID {
    if case .alias(let target) = nodes[id].content { target } else { id }
  }

  /// The scalar text of a node, aliases followed; nil for collections.
  public func scalar(_ id: ID) -> String? {
    if case .scalar(let text, _) = nodes[resolved(id)].content { text } else { nil }
  }

  public func pairs(_ id: ID) -> [Node.Pair]? {
    if case .mapping(let pairs, _) = nodes[resolved(id)].content { pairs } else { nil }
  }

  public func items(_ id: ID) -> [ID]? {
    if case .sequence(let items, _) = nodes[resolved(id)].content { items } else { nil }
  }

  /// The last pair of a mapping under a scalar key, as most readers take it.
  public func pair(_ key: String, in id: ID) -> Node.Pair? {
    pairs(id)?.last { scalar($0.key) == key }
  }

  public func value(_ key: String, in id: ID) -> ID? { pair(key, in: id)?.value }

  public func range(_ id: ID) -> SourceRange { text.range(nodes[id].range) }
}

/// Why a text is no usable YAML.
public struct YAMLError: Error, Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    /// The text is not YAML.
    case syntax
    /// It is, and a limit of gatecheck was hit.
    case limit
  }

  public let kind: Kind
  public let position: Position
  /// The problem in libyaml's words, `did not find expected key`, or the limit.
  public let message: String
  /// `LINE:COLUMN: MESSAGE` as lyaml, which APISIX uses, prints it.
  public let lyaml: String

  public init(kind: Kind, position: Position, message: String, lyaml: String) {
    self.kind = kind
    self.position = position
    self.message = message
    self.lyaml = lyaml
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

extension Tree {
  /// A stream of one document, `key: VALUE`, whose value is a node of this one with its place in the text: a section that
  /// another file will get.
  public func section(_ key: String, _ value: ID) -> Tree {
    let start = nodes[value].start
    let name = Node(content: .scalar(key, .plain), tag: nil, anchor: nil, range: start..<start, start: start)
    let map = Node(
      content: .mapping([Node.Pair(key: nodes.count, value: value)], flow: false), tag: nil, anchor: nil,
      range: nodes[value].range, start: start)
    return Tree(text: text, nodes: nodes + [name, map], documents: [nodes.count + 1])
  }
}
