public import SourceText

/// Texts with templates.
extension Tree {
  /// The same of a text that another program may still have to fill in: its templates are values that are not known.
  /// The places are those of the text. Where no YAML comes of it either way, its documents are none.
  /// - Parameter variables: which of a shell's variables the other program fills in, too.
  public static func unrendered(
    _ bytes: [UInt8], variables: Templates.Variables = .none
  ) -> (tree: Tree, error: YAMLError?) {
    guard let templates = Templates(bytes, variables: variables) else { return partial(bytes) }
    return unrendered(bytes, templates)
  }

  static func unrendered(_ bytes: [UInt8], _ templates: Templates) -> (tree: Tree, error: YAMLError?) {
    let (tree, error) = partial(bytes, templates)
    guard error != nil else { return (tree, nil) }
    // Braces in somebody's program text may look like a template.
    let (asWritten, still) = partial(bytes, Templates(templates.parts, neutral: bytes))
    return still == nil
      ? (asWritten, nil) : (Tree(text: tree.text, nodes: NodeStore(), documents: [], templates: templates), error)
  }
}

/// What templates leave unknown.
extension Tree {
  /// What was parsed: the text, with words and blanks in the place of templates.
  public var parsedBytes: [UInt8] { templates?.neutral ?? text.bytes }

  /// A text that stands in a block of this one, with the block's templates in it.
  /// - Parameters:
  ///   - bytes: what the block gave.
  ///   - text: the same.
  ///   - offsets: where each of its lines stands in this text.
  public func unrendered(_ bytes: [UInt8], _ text: SourceText, at offsets: [Int]) -> (tree: Tree, error: YAMLError?) {
    guard let templates else { return Tree.partial(bytes) }
    var parts: [Templates.Part] = []
    var written = bytes
    for (index, offset) in offsets.enumerated() {
      guard let line = text.lineBytes(index + 1), offset < self.text.bytes.count else { continue }
      let next = index + 1 < offsets.count ? max(offsets[index + 1], offset) : forward(from: offset + line.count)
      for part in templates.parts(in: offset..<max(next, offset + line.count)) where part.range.lowerBound >= offset {
        let start = min(line.lowerBound + part.range.lowerBound - offset, line.upperBound)
        let end = min(start + part.range.count, line.upperBound)
        if start < end {
          written.replaceSubrange(
            start..<end, with: self.text.bytes[part.range.lowerBound..<part.range.lowerBound + end - start])
        }
        parts.append(Templates.Part(range: start..<end, role: part.role, column: part.role == .inline ? 0 : .max))
      }
    }
    return parts.isEmpty ? Tree.partial(bytes) : Tree.unrendered(written, Templates(parts, neutral: bytes))
  }

  /// Whether a template stands in a scalar, or in the place of a value that is not there.
  public func isUnknown(_ id: ID) -> Bool {
    guard let templates else { return false }
    let record = nodes.records[resolved(id)]
    guard record.style != nil else { return false }
    if templates.parts(in: record.range).contains(where: { $0.role != .silent }) { return true }
    return gap(behind: record) != nil
  }

  /// Whether the value, or anything in it, is not known.
  public func isOpen(_ id: ID) -> Bool {
    guard let templates else { return false }
    let record = nodes.records[resolved(id)]
    if record.style != nil { return isUnknown(id) }
    return templates.parts(in: record.range).contains { $0.role != .silent } || gap(in: id) != nil
  }

  /// Whether a template stands between two values that may leave one of them out.
  public func areApart(_ one: ID, _ other: ID) -> Bool {
    let (first, second) = (nodes.records[one].range, nodes.records[other].range)
    let start = min(first.upperBound, second.upperBound)
    return templates?.parts(in: start..<max(start, first.lowerBound, second.lowerBound)).contains { $0.role != .inline }
      ?? false
  }

  /// Whether an error may be gone once the templates are filled in: not where they are values, on other lines.
  public func mayHeal(_ error: YAMLError) -> Bool {
    guard let templates else { return false }
    return !templates.areValues || text.lineBytes(error.position.line).map(templates.touch) ?? true
  }

  /// Whether it has templates, each of them in the quotes of a scalar: the text is YAML as it stands.
  public var hasOnlyQuotedTemplates: Bool {
    guard let templates else { return false }
    let quoted = nodes.records.lazy.filter { $0.style == .singleQuoted || $0.style == .doubleQuoted }
    return quoted.map { templates.parts(in: $0.range).count }.reduce(0, +) == templates.parts.count
  }

  /// The texts of the scalars in a node, itself included; what its aliases stand for is not.
  public func scalars(in id: ID) -> some Sequence<String> {
    let range = nodes.records[id].range
    return nodes.records[id...].lazy.prefix { $0.range.lowerBound <= range.upperBound }
      .filter { $0.style != nil && range.lowerBound <= $0.range.lowerBound && $0.range.upperBound <= range.upperBound }
      .map { [nodes, text] in nodes.scalar($0, in: text.bytes) }
  }

  /// What stands for the members or items that a template will add to a collection; nil where none does.
  public func gap(in id: ID) -> ID? {
    guard templates != nil, !nodes.gaps.isEmpty else { return nil }
    let record = nodes.records[resolved(id)]
    guard record.style == nil, record.form != .alias else { return nil }
    let column = text.position(at: record.range.lowerBound).column - 1
    let reach = reach(of: record.range)
    return gaps(in: reach).first { gap in
      let range = nodes.records[gap.id].range
      if record.range.contains(range.lowerBound) {
        return !gap.part.isOwned
          && !children(of: record).contains { nodes.records[$0].range.contains(range.lowerBound) }
      }
      // What follows `key:` is of the collection below it.
      return range.lowerBound < record.range.lowerBound || (!gap.part.isOwned && gap.part.column >= column)
    }?.id
  }

  private func gaps(in range: Range<Int>) -> [(id: ID, part: Templates.Part)] {
    let first = nodes.gaps.firstIndex(sorted: { nodes.records[$0].range.lowerBound >= range.lowerBound })
    return nodes.gaps[first...].prefix {
      nodes.records[$0].range.lowerBound < range.upperBound
    }
    .compactMap { id in templates?.parts(in: nodes.records[id].range).first.map { (id, $0) } }
  }

  private func children(of record: NodeStore.Record) -> [ID] {
    record.isMapping ? nodes.pairs[record.children].map(\.value) : Array(nodes.items[record.children])
  }

  /// The template behind an empty value.
  private func gap(behind record: NodeStore.Record) -> ID? {
    guard record.range.isEmpty || record.style == .literal || record.style == .folded else { return nil }
    let end = forward(from: record.range.upperBound)
    return gaps(in: record.range.upperBound..<end).first { $0.part.role == .ownedGap || record.style != .plain }?.id
  }

  /// With the blank lines, comments and templates around it.
  private func reach(of range: Range<Int>) -> Range<Int> {
    backward(from: range.lowerBound)..<forward(from: range.upperBound)
  }

  private func forward(from offset: Int) -> Int {
    var line = text.position(at: offset).line + 1
    while let range = text.lineBytes(line), isPassed(range) { line += 1 }
    return text.lineBytes(line)?.lowerBound ?? text.bytes.count
  }

  private func backward(from offset: Int) -> Int {
    var line = text.position(at: offset).line - 1
    while let range = text.lineBytes(line), isPassed(range) { line -= 1 }
    return text.lineBytes(max(line, 1))?.lowerBound ?? 0
  }

  private func isPassed(_ line: Range<Int>) -> Bool {
    let content = parsedBytes[line].trimmed
    return content.isEmpty || content.first == UInt8(ascii: "#")
  }
}

extension Templates.Part {
  var isOwned: Bool { role == .ownedGap }
}
