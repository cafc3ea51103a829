import Findings
import Kubernetes
import SourceText
import YAML

/// A value in a file under lint, with the path that leads to it. Rules walk through it, so that every finding knows
/// its place and its path.
struct Field: Sendable, Located {
  let file: LintFile
  let id: Tree.ID
  let trail: Trail

  /// The way to a value, put into words only for a finding.
  indirect enum Trail: Sendable {
    case top
    case key(Trail, String)
    case index(Trail, Int)
  }

  /// A member of a mapping: its key as it is written, and its value.
  struct Member: Sendable {
    let key: String
    let keyID: Tree.ID
    let value: Field
  }

  var node: Tree.ID { id }
  private var tree: Tree { file.tree }

  /// The value under a key, merge keys (`<<`) followed; nil where there is none. A template that may yet add the key
  /// is a value that is not known.
  subscript(key: String) -> Field? {
    if let pair = tree.pair(key, in: id) { return Field(file: file, id: pair.value, trail: .key(trail, key)) }
    return (merged { $0[key] }?.id ?? (isUnknown ? id : tree.gap(in: id))).map {
      Field(file: file, id: $0, trail: .key(trail, key))
    }
  }

  private func merged(_ find: (Field) -> Field?) -> Field? {
    guard let merge = tree.value("<<", in: id) else { return nil }
    for source in tree.items(merge) ?? [merge] where tree.pairs(source) != nil {
      // One level only: a merged mapping that merges itself is rare, and a cycle is none then.
      if let value = find(Field(file: file, id: tree.resolved(source), trail: trail)) { return value }
    }
    return nil
  }

  /// The members as they are written here, without merged ones, in order.
  var members: [Member] {
    (tree.pairs(id) ?? []).compactMap { pair in
      guard let key = tree.scalar(pair.key) else { return nil }
      return Member(key: key, keyID: pair.key, value: Field(file: file, id: pair.value, trail: .key(trail, key)))
    }
  }

  /// The items of a sequence, and what a template may yet add to them; none for anything else.
  var items: [Field] {
    guard let items = tree.items(id) else { return [] }
    return (items + (tree.gap(in: id).map { [$0] } ?? [])).enumerated().map {
      Field(file: file, id: $0.element, trail: .index(trail, $0.offset))
    }
  }

  var isMapping: Bool { tree.pairs(id) != nil }
  var isSequence: Bool { tree.items(id) != nil }

  /// The text of a scalar that is not null; of one that is not known what `isTemplated` tells.
  var string: String? { isNull ? nil : isUnknown && tree.scalar(id)?.isTemplated == false ? "{{}}" : tree.scalar(id) }

  /// Whether the value is empty, `~` or `null` and so JSON's null.
  var isNull: Bool { tree.isNull(id) }

  /// Whether a template gives the value, or a part of it.
  private var isUnknown: Bool { tree.isUnknown(id) }

  /// Whether the value stands as it is, so that an edit of its range changes this place only.
  var isOwn: Bool { tree.resolved(id) == id }

  var range: Range<Int> { tree[id].range }

  /// Where it starts on its line, from 1.
  var column: Int { file.tree.text.position(at: range.lowerBound).column }

  /// `routes[0].upstream`
  var path: String { trail.text }
}

extension Field.Trail {
  var text: String {
    switch self {
    case .top: return ""
    case .index(let outer, let index): return "\(outer.text)[\(index)]"
    case .key(let outer, let key):
      let path = outer.text
      let plain = key.utf8.allSatisfy { $0.isAlphanumeric || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") }
      if !plain { return "\(path)[\"\(key)\"]" }
      return path.isEmpty ? key : "\(path).\(key)"
    }
  }
}

extension Field {
  /// What stands between two items of a sequence, in its own style; nil for what is no sequence of its own.
  var separator: String? {
    guard isOwn, case .sequence(_, let flow) = file.tree[id].content else { return nil }
    return flow ? ", " : "\n" + String(repeating: " ", count: column - 1) + "- "
  }

  /// An unsafe fix that writes the name of another object: in quotes where YAML takes it for a number.
  func replacing(withName name: String) -> Fix? {
    YAMLScalar.written(name) == name
      ? replacing(with: name, safe: false) : replacing(withYAML: YAMLScalar.quoted(name), safe: false)
  }

  /// A fix that adds items behind the last one of a sequence.
  func appending(_ texts: [String]) -> Fix? {
    guard let separator, let last = items.last, last.isOwn else { return nil }
    let end = last.range.upperBound
    return Fix(safe: true, edits: [file.edit(end..<end, texts.map { separator + $0 }.joined())])
  }
}

extension Field.Member {
  func finding(
    _ rule: Rule, severity: Severity? = nil, _ message: String, help: String? = nil, fix: Fix? = nil
  ) -> Finding {
    value.file.finding(rule, severity: severity, message, at: keyID, path: value.path, help: help, fix: fix)
  }

  /// A fix that gives the key another name, in quotes as it was.
  func renaming(to key: String) -> Fix {
    value.file.rename(keyID, to: key)
  }
}

extension LintFile {
  /// The document that is the file.
  var top: Field? { root.map { Field(file: self, id: $0, trail: .top) } }
}

extension String {
  /// Whether a template or an environment still has to fill in some of the text, so that nothing can be said of it.
  var isTemplated: Bool {
    // `contains` of a string walks characters; these are bytes.
    var previous: UInt8 = 0
    for byte in utf8 {
      if byte == UInt8(ascii: "<") || byte == UInt8(ascii: "{") { return true }
      if previous == UInt8(ascii: "$"), byte == UInt8(ascii: "(") || (byte.isWord && !byte.isDigit) { return true }
      previous = byte
    }
    return false
  }
}
