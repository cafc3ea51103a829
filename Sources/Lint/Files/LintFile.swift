import APISIX
public import Findings
public import SourceText
public import YAML

/// A file under lint, or a file that stands inside another: a config.yaml in a ConfigMap. Rules make their findings
/// through it, so that places and fixes always name the outer file.
public final class LintFile: Sendable {
  /// As the user named it.
  public let path: String
  public let kind: FileKind
  /// Nothing is mended in a file whose kind is not certain.
  let isCertain: Bool
  public let tree: Tree
  /// Why the text is not YAML; the documents before it are in the tree all the same.
  public let error: YAMLError?
  /// The root node of the document that is the file; APISIX reads only the first.
  public let root: Tree.ID?
  let host: Host?
  /// Only a part of what will be read, so that what is missing here may stand elsewhere.
  let isPartial: Bool
  /// What to do where no edit can mend it; nil where one can.
  let advice: String?
  /// Whether it is the file with which APISIX starts: what other programs would fill in stays as it is.
  private let isFinal: Bool
  /// Whether the outer file is a manifest in which Flux fills in every `${NAME}`: some value has a default.
  private let isFilledIn: Bool

  /// Where an embedded file stands.
  struct Host: Sendable {
    let tree: Tree
    /// The outer byte offset of each inner line's first byte; one entry a line.
    let lineOffsets: [Int]
    /// The same of each byte, and of the end, where the lines do not stand there byte by byte.
    var byteOffsets: [Int]?
    /// Blanks before each line of the block scalar.
    let indent: Int
    /// The key of the block scalar, `config.yaml`.
    let name: String
    /// The ConfigMap in which it stands.
    var configMap: (name: String, namespace: String?)?
  }

  init(
    path: String, kind: FileKind, isCertain: Bool = true, tree: Tree, error: YAMLError? = nil, host: Host? = nil,
    isPartial: Bool = false, advice: String? = nil, isFinal: Bool = false,
    isFilledIn: Bool? = nil
  ) {
    self.path = path
    self.kind = kind
    self.isCertain = isCertain
    self.tree = tree
    self.error = error
    self.root = tree.documents.first
    self.host = host
    self.isPartial = isPartial
    self.advice = advice
    self.isFinal = isFinal
    self.isFilledIn = isFilledIn ?? (kind == .kubernetes && Self.hasDefaults(tree))
  }

  /// A file that stands in this one as a part of its tree.
  func part(_ tree: Tree, kind: FileKind = .apisixConfig, isPartial: Bool, advice: String? = nil) -> LintFile {
    LintFile(
      path: path, kind: kind, isCertain: isCertain, tree: tree, host: host, isPartial: isPartial,
      advice: advice ?? self.advice, isFinal: isFinal, isFilledIn: isFilledIn)
  }

  /// The same file as another reader takes its text.
  func read(_ tree: Tree, _ error: YAMLError?) -> LintFile {
    LintFile(
      path: path, kind: kind, isCertain: isCertain, tree: tree, error: error, host: host, isFinal: isFinal,
      isFilledIn: isFilledIn)
  }

  /// The text that places refer to.
  public var text: SourceText { host?.tree.text ?? tree.text }

  /// The place of a stretch of this file's own bytes.
  public func place(_ range: Range<Int>) -> SourceRange {
    guard let host else { return tree.text.range(range) }
    return host.tree.text.range(outer(range.lowerBound, host)..<outer(range.upperBound, host))
  }

  private func outer(_ offset: Int, _ host: Host) -> Int {
    if let places = host.byteOffsets { return places[min(offset, places.count - 1)] }
    let position = tree.text.position(at: offset)
    let line = position.line - 1
    guard line < host.lineOffsets.count else { return host.tree.text.bytes.count }
    return min(host.lineOffsets[line] + offset - tree.text.lineStarts[line], host.tree.text.bytes.count)
  }

  /// An edit of this file's own bytes as an edit of the outer file.
  public func edit(_ range: Range<Int>, _ text: String) -> TextEdit {
    guard let host else { return TextEdit(offset: range.lowerBound, length: range.count, text: text) }
    let start = outer(range.lowerBound, host)
    let end = outer(range.upperBound, host)
    let indented = text.split(separator: "\n", omittingEmptySubsequences: false)
      .joined(separator: "\n" + String(repeating: " ", count: host.indent))
    return TextEdit(offset: start, length: end - start, text: indented)
  }

  /// A finding at a node of this file. What is said of a value that a template will give is not certain, and not shown.
  /// - Parameters:
  ///   - subject: what the finding is about, where that is another node than the one it is shown at.
  ///   - other: what must be there as well; in two branches of a template they may not come together.
  public func finding(
    _ rule: Rule, severity: Severity? = nil, _ message: String, at id: Tree.ID?, about subject: Tree.ID? = nil,
    beside other: Tree.ID? = nil, path: String? = nil, help: String? = nil, fix: Fix? = nil
  ) -> Finding {
    Finding(
      rule: rule, severity: severity, message: message, file: self.path, range: id.map { place(tree[$0].range) },
      path: path, help: written(help), fix: allowed(fix),
      isCertain: ![id, subject].contains { $0.map(isOpen) ?? false } && !areApart(id, other))
  }

  /// A finding at a stretch of this file's bytes.
  public func finding(
    _ rule: Rule, severity: Severity? = nil, _ message: String, range: Range<Int>?, path: String? = nil,
    help: String? = nil, fix: Fix? = nil
  ) -> Finding {
    Finding(
      rule: rule, severity: severity, message: message, file: self.path, range: range.map(place),
      path: path, help: written(help), fix: allowed(fix))
  }

  /// What to write, as it is written in the double quotes that the file stands in.
  private func written(_ help: String?) -> String? {
    advice ?? (host?.byteOffsets == nil ? help : help?.replacing("\"", with: "\\\""))
  }

  private func areApart(_ one: Tree.ID?, _ other: Tree.ID?) -> Bool {
    guard let one, let other else { return false }
    return tree.areApart(one, other)
  }

  /// Whether the value, or anything in it, is not known before a template is filled in.
  func isOpen(_ id: Tree.ID) -> Bool {
    if tree.isOpen(id) || (isPartial && tree[id].style == nil) { return true }
    // In config.yaml `${NAME}` is APISIX's own, and nobody else's.
    guard kind == .kubernetes || kind == .adc else {
      return tree.scalar(id).map { text in
        foreignVariable(id) != nil || Placeholder.isEncrypted(text)
          || isFilledIn && text.has("${") && !text.has("${{")
      } ?? false
    }
    return tree.scalars(in: id).contains { $0.isTemplated }
  }

  private static func hasDefaults(_ tree: Tree) -> Bool {
    tree.mayHold("${") && tree.documents.contains { tree.scalars(in: $0).contains(where: Placeholder.isDefaulted) }
  }

  /// What another program fills in at a value of config.yaml.
  func foreignVariable(_ id: Tree.ID) -> Placeholder.Foreign? {
    guard !isFinal, let style = tree[id].style, let text = tree.scalar(id) else { return nil }
    // What is quoted is written for YAML's reader, more likely a slip.
    return Placeholder.Foreign(in: text).flatMap { style == .plain || text.has("${") ? $0 : nil }
  }

  /// A fix, where something may be mended at all. Places in UTF-16 are not those of the file's bytes.
  private func allowed(_ fix: Fix?) -> Fix? {
    isCertain && advice == nil && !(host?.tree ?? tree).text.isUTF16
      ? fix.flatMap { isTemplated($0) ? nil : $0 } : nil
  }

  /// Whether an edit touches a line that a template stands in. The objects of a chart are nobody's to mend.
  private func isTemplated(_ fix: Fix) -> Bool {
    let tree = host?.tree ?? tree
    guard let templates = tree.templates else { return false }
    return kind == .kubernetes
      || fix.edits.contains { edit in
        let first = tree.text.position(at: edit.offset).line
        let last = tree.text.position(at: edit.offset + edit.length).line
        return (first...max(first, last)).contains { tree.text.lineBytes($0).map(templates.touch) ?? false }
      }
  }
}

extension LintFile {
  /// The file that stands in a block scalar of this one, or in double quotes, as in JSON: then nothing is mended there;
  /// nil where its text is not there line by line, as in a folded paragraph, and where it is of no kind, its lines
  /// asked where it is no YAML.
  func embedded(
    _ id: Tree.ID, named name: String, of configMap: Manifest? = nil, isPartial: Bool = false,
    kind: (Tree) -> ToldKind?
  ) -> LintFile? {
    guard case .scalar(let value, let style) = tree[id].content else { return nil }
    let isBlock = style == .literal || style == .folded
    let bytes = Array(value.utf8)
    let header = tree.text.position(at: tree[id].range.lowerBound).line
    let text = SourceText(bytes)
    let quoted = isBlock || !bytes.contains(0x0A) ? nil : tree.places(inQuoted: id)
    guard
      let offsets = isBlock ? lines(of: text, below: header) : quoted.map({ all in text.lineStarts.map { all[$0] } })
    else { return nil }
    let (innerTree, error) = tree.unrendered(bytes, text, at: offsets)
    if let error, innerTree.mayHeal(error, in: path) { return nil }
    guard let told = kind(innerTree) ?? (error == nil ? nil : BrokenFile(innerTree).told(name, named: false))
    else {
      return nil
    }
    let first = text.lineStarts.indices.first { !(text.lineBytes($0 + 1)?.isEmpty ?? true) } ?? 0
    // In a block inside a block the places are those of the file around both.
    let places = host.map { host in offsets.map { outer($0, host) } } ?? offsets
    return LintFile(
      path: self.path, kind: told.kind, isCertain: isCertain && told.isCertain && isBlock, tree: innerTree,
      error: error,
      host: Host(
        tree: host?.tree ?? tree, lineOffsets: places,
        byteOffsets: quoted.map { all in host.map { host in all.map { outer($0, host) } } ?? all },
        indent: self.text.position(at: places[first]).column - 1,
        name: name, configMap: configMap.flatMap { map in map.name.map { ($0, map.namespace) } }),
      isPartial: isPartial, isFinal: isFinal, isFilledIn: isFilledIn)
  }

  /// Where each line of an inner text stands below a line of this one: at the end of a line that has only blanks before
  /// it. Blank lines may stand between them, as they do in a folded scalar.
  private func lines(of inner: SourceText, below header: Int) -> [Int]? {
    var line = header + 1
    var offsets: [Int] = []
    let bytes = tree.parsedBytes
    for number in 1...inner.lineCount {
      let wanted = inner.bytes[inner.lineBytes(number) ?? 0..<0]
      let blank = wanted.allSatisfy { $0 == 0x20 || $0 == 0x09 }
      while !blank, let range = tree.text.lineBytes(line), bytes[range].allSatisfy({ $0 == 0x20 || $0 == 0x09 }) {
        line += 1
      }
      guard let range = tree.text.lineBytes(line) else {
        guard blank else { return nil }
        offsets.append(bytes.count)
        continue
      }
      let start = range.upperBound - wanted.count
      let matches =
        start >= range.lowerBound && bytes[start..<range.upperBound].elementsEqual(wanted)
        && bytes[range.lowerBound..<start].allSatisfy { $0 == 0x20 }
      if !matches, !blank, let folded = foldedComment(wanted, from: line) {
        offsets.append(folded.start)
        line = folded.next
        continue
      }
      guard matches || blank else { return nil }
      offsets.append(matches ? start : range.lowerBound)
      if matches { line += 1 }
    }
    return offsets
  }

  /// A line that was folded within its comment: where it starts, and the line behind it. Nothing is ever found inside
  /// a comment, so the columns there need not be right.
  private func foldedComment(_ wanted: ArraySlice<UInt8>, from first: Int) -> (start: Int, next: Int)? {
    guard let range = tree.text.lineBytes(first) else { return nil }
    let start = tree.text.bytes[range].drop { $0 == 0x20 }
    let hash = start.indices.contains { index in
      start[index] == UInt8(ascii: "#") && (index == start.startIndex || start[index - 1] == 0x20)
    }
    guard hash else { return nil }
    var rest = wanted
    var line = first
    while let range = tree.text.lineBytes(line) {
      let content = tree.text.bytes[range].drop { $0 == 0x20 }
      guard !content.isEmpty, rest.starts(with: content) else { return nil }
      rest = rest.dropFirst(content.count)
      line += 1
      if rest.isEmpty { return (start.startIndex, line) }
      guard rest.first == 0x20 else { return nil }
      rest = rest.dropFirst()
    }
    return nil
  }
}
