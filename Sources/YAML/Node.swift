import SourceText

/// A node of a tree, as it is asked for.
public struct Node: Sendable {
  public enum Content: Sendable {
    case scalar(String, ScalarStyle)
    case sequence(ArraySlice<Tree.ID>, flow: Bool)
    case mapping(ArraySlice<Pair>, flow: Bool)
    /// Refers to an anchored node that stands before it in the same document.
    case alias(Tree.ID)
  }

  public struct Pair: Sendable {
    private let ids: (key: UInt32, value: UInt32)

    init(key: Tree.ID, value: Tree.ID) { ids = (UInt32(key), UInt32(value)) }

    public var key: Tree.ID { Int(ids.key) }
    public var value: Tree.ID { Int(ids.value) }
  }

  let tree: Tree
  let id: Tree.ID

  private var record: NodeStore.Record { tree.nodes.records[id] }

  public var content: Content {
    let record = record
    if let style = record.style { return .scalar(tree.nodes.scalar(record, in: tree.text.bytes), style) }
    switch record.form {
    case .flowMapping, .blockMapping:
      return .mapping(tree.nodes.pairs[record.children], flow: record.form == .flowMapping)
    case .alias: return .alias(Int(record.first))
    default: return .sequence(tree.nodes.items[record.children], flow: record.form == .flowSequence)
    }
  }

  /// How a scalar is written; nil for everything else.
  public var style: ScalarStyle? { record.style }
  /// Whether a scalar's text does not stand in the file byte by byte, as with escapes and line breaks.
  public var isCopied: Bool { record.isCopied }
  public var isMapping: Bool { record.isMapping }
  public var isSequence: Bool { record.isSequence }

  /// The resolved tag as libyaml gives it (`tag:yaml.org,2002:str`, `!mine`), nil without one.
  public var tag: String? { record.isLabelled ? tree.nodes.labels[id]?.tag : nil }
  public var anchor: String? { record.isLabelled ? tree.nodes.labels[id]?.anchor : nil }
  /// Byte offsets of the value itself: behind its tag and anchor, without trailing comments and blank lines. An empty
  /// value has an empty range where it would stand.
  public var range: Range<Int> { record.range }
  /// Where the tag or anchor starts; `range.lowerBound` without them.
  public var start: Int { tree.nodes.start(id) }
}

public enum ScalarStyle: Sendable, Hashable {
  case plain, singleQuoted, doubleQuoted, literal, folded
}
