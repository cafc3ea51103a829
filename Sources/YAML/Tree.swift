public import SourceText

/// The documents of a YAML stream as a flat list of nodes: no recursion, aliases kept as aliases, all duplicate keys
/// kept, every node with its exact place in the text.
public final class Tree: Sendable {
  public typealias ID = Int

  public let text: SourceText
  /// The root node of each document; an empty document has an empty plain scalar.
  public let documents: [ID]
  /// The document in which the first error stands, as far as it goes; nil without an error, and where the error stands
  /// in no document.
  public let unfinished: ID?
  /// What another program has yet to fill in; nil where there is nothing, as in nearly all files.
  public let templates: Templates?
  /// Whose reading of the text this is.
  public let reader: YAMLReader
  let nodes: NodeStore
  /// Where brackets stand, without those in others, in order; none where libyaml reads, to which they are all one.
  private let brackets: [Range<Int>]

  init(
    text: SourceText, nodes: NodeStore, documents: [ID], unfinished: ID? = nil, templates: Templates? = nil,
    reader: YAMLReader = .libyaml, brackets: [Range<Int>]? = nil
  ) {
    self.text = text
    self.templates = templates
    self.nodes = nodes
    self.documents = documents
    self.unfinished = unfinished
    self.reader = reader
    self.brackets =
      reader == .libyaml
      ? []
      : brackets
        ?? nodes.records.lazy.filter(\.isFlow).map(\.range).reduce(into: []) { all, next in
          if next.lowerBound >= all.last?.upperBound ?? 0 { all.append(next) }
        }
  }

  /// Every node, in the order in which they start; behind them those that stand for templates.
  public var ids: Range<ID> { nodes.records.indices }

  public subscript(id: ID) -> Node { Node(tree: self, id: id) }

  /// The mappings at and below a node, in the order in which they start; what an alias stands for is not below it.
  public func mappings(in id: ID) -> [ID] {
    var found: [ID] = []
    var open = [id]
    while let id = open.popLast() {
      let record = nodes.records[id]
      if record.isMapping {
        found.append(id)
        for pair in nodes.pairs[record.children].reversed() {
          if nodes.records[pair.value].isCollection { open.append(pair.value) }
          if nodes.records[pair.key].isCollection { open.append(pair.key) }
        }
      } else if record.isSequence {
        for item in nodes.items[record.children].reversed() where nodes.records[item].isCollection { open.append(item) }
      }
    }
    return found
  }

  /// Whether one of the scalars is one of some words, wherever it stands.
  public func holds(anyOf words: [StaticString]) -> Bool {
    text.bytes.withUnsafeBufferPointer { bytes in
      nodes.records.contains { record in
        guard record.style != nil else { return false }
        return words.contains { word in word.withUTF8Buffer { nodes.scalar(record, is: $0, in: bytes) } }
      }
    }
  }

  /// Whether some bytes may stand in a scalar: they stand in the text, or a scalar is not written byte by byte.
  public func mayHold(_ text: StaticString) -> Bool {
    !nodes.texts.isEmpty || self.text.holds(text)
  }
}

extension Tree {
  /// The node itself, or what an alias stands for.
  public func resolved(_ id: ID) -> ID {
    let record = nodes.records[id]
    return record.form == .alias ? Int(record.first) : id
  }

  /// The scalar text of a node, aliases followed; nil for collections.
  public func scalar(_ id: ID) -> String? {
    let record = nodes.records[resolved(id)]
    return record.style == nil ? nil : nodes.scalar(record, in: text.bytes)
  }

  /// The UTF-8 of `scalar`, without making a String of it.
  public func scalarBytes(_ id: ID) -> ArraySlice<UInt8>? {
    let record = nodes.records[resolved(id)]
    guard record.style != nil else { return nil }
    return record.isCopied ? Array(nodes.texts[Int(record.first)].utf8)[...] : text.bytes[record.content]
  }

  /// Whether both are scalars, of one text.
  public func isSameScalar(_ one: ID, _ other: ID) -> Bool {
    guard let one = scalarBytes(one), let other = scalarBytes(other) else { return false }
    return one.count == other.count && one.elementsEqual(other)
  }

  /// Whether the text is one of YAML's words for null.
  public static func isNull<Text: Collection<UInt8>>(_ text: Text) -> Bool {
    guard text.count <= 4 else { return false }
    return switch String(decoding: text, as: UTF8.self) {
    case "", "~", "null", "Null", "NULL": true
    default: false
    }
  }

  /// Whether a node is such a word, plain, without a tag and not a template's to fill in; aliases followed.
  public func isNull(_ id: ID) -> Bool {
    let node = self[resolved(id)]
    return node.style == .plain && node.tag == nil && scalarBytes(id).map(Self.isNull) == true && !isUnknown(id)
  }

  public func pairs(_ id: ID) -> ArraySlice<Node.Pair>? {
    let record = nodes.records[resolved(id)]
    return record.isMapping ? nodes.pairs[record.children] : nil
  }

  public func items(_ id: ID) -> ArraySlice<ID>? {
    let record = nodes.records[resolved(id)]
    return record.isSequence ? nodes.items[record.children] : nil
  }

  /// The pair of a mapping under a scalar key: of several the last, as most readers take it, and tinyyaml's first.
  public func pair(_ key: String, in id: ID) -> Node.Pair? {
    let map = nodes.records[resolved(id)]
    guard map.isMapping, map.count > 0 else { return nil }
    var key = key
    return key.withUTF8 { key in
      text.bytes.withUnsafeBufferPointer { bytes in
        for offset in 0..<map.children.count {
          let index = reader == .libyaml ? map.children.upperBound - 1 - offset : map.children.lowerBound + offset
          let pair = nodes.pairs[index]
          if nodes.scalar(nodes.records[resolved(pair.key)], is: key, in: bytes) { return pair }
        }
        return nil
      }
    }
  }

  public func value(_ key: String, in id: ID) -> ID? { pair(key, in: id)?.value }

  /// Whether a mapping has one of these keys.
  public func has(_ keys: some Sequence<String>, in id: ID) -> Bool { keys.contains { pair($0, in: id) != nil } }

  public func range(_ id: ID) -> SourceRange { text.range(nodes.records[id].range) }
}

extension Tree {
  /// Whether tinyyaml takes all but quoted texts for a text here: between brackets.
  public func isTextOnly(_ id: ID) -> Bool {
    let place = nodes.records[id].range
    let index = brackets.firstIndex(sorted: { $0.upperBound >= place.upperBound })
    return index < brackets.count && brackets[index].lowerBound <= place.lowerBound && brackets[index] != place
  }
}

extension Tree {
  /// For each value a stream of one document, `key: VALUE`, whose value is that node of its tree with its place in the
  /// text: a section that another file will get. What a tree has is copied once for all of its values.
  public static func sections(_ key: String, _ values: [(tree: Tree, id: ID)]) -> [Tree] {
    var copies: [ObjectIdentifier: NodeStore] = [:]
    let maps = values.map { tree, id in copies[ObjectIdentifier(tree), default: tree.nodes].wrap(key, id) }
    return zip(values, maps).map { value, map in value.tree.document(map, in: copies[ObjectIdentifier(value.tree)]) }
  }

  /// A stream of one document that is a node of this one, in its place.
  public func document(_ id: ID) -> Tree { document(id, in: nil) }

  private func document(_ id: ID, in nodes: NodeStore?) -> Tree {
    Tree(
      text: text, nodes: nodes ?? self.nodes, documents: [id], templates: templates, reader: reader,
      brackets: brackets)
  }
}

extension Tree {
  /// A value and where it belongs in a map of maps; a step that begins with `[` is an item of a list.
  public struct Setting: Sendable {
    let path: [String]
    let value: ID
    /// Whether it is a text whatever it looks like.
    let isText: Bool

    public init(path: [String], value: ID, isText: Bool) {
      self.path = path
      self.value = value
      self.isText = isText
    }
  }

  /// A stream of documents that are made of scalars of this one, each with its place in the text.
  /// - Parameter documents: what each holds, of more than 1,000 settings the first; one without any is left out.
  public func assembled(_ documents: [[Setting]]) -> Tree {
    var nodes = nodes
    let roots = documents.compactMap { settings in
      assemble(settings.prefix(1_000).map { ($0, $0.path[...]) }, in: &nodes, depth: 0)
    }
    return Tree(text: text, nodes: nodes, documents: roots, templates: templates)
  }

  private func assemble(
    _ settings: [(setting: Setting, rest: ArraySlice<String>)], in nodes: inout NodeStore, depth: Int
  ) -> ID? {
    guard let first = settings.first, depth < 50 else { return nil }
    if let leaf = settings.last(where: \.rest.isEmpty)?.setting {
      let record = nodes.records[leaf.value]
      switch record.form {
      case .plain where leaf.isText:
        return nodes.append(scalar: nodes.scalar(record, in: text.bytes), .doubleQuoted, record.range)
      case .singleQuoted, .doubleQuoted:
        return leaf.isText || record.isCopied ? leaf.value : nodes.append(.plain, record.content)
      default: return leaf.value
      }
    }
    let place = nodes.records[first.setting.value].range
    let isList = first.rest.first?.hasPrefix("[") ?? false
    var names: [String] = []
    for name in settings.compactMap(\.rest.first) where !names.contains(name) { names.append(name) }
    var children: [ID] = []
    for name in names {
      let below = settings.filter { $0.rest.first == name }.map { ($0.setting, $0.rest.dropFirst()) }
      guard let child = assemble(below, in: &nodes, depth: depth + 1) else { continue }
      if !isList { children.append(nodes.append(scalar: name, .plain, nodes.records[child].range)) }
      children.append(child)
    }
    let id = nodes.append(isList ? .blockSequence : .blockMapping, place)
    nodes.close(id, children: children, from: 0, range: place)
    return id
  }
}
