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
  private let isCertain: Bool
  public let tree: Tree
  /// Why the text is not YAML; the documents before it are in the tree all the same.
  public let error: YAMLError?
  /// The root node of the document that is the file; APISIX reads only the first.
  public let root: Tree.ID?
  let host: Host?

  /// Where an embedded file stands.
  struct Host: Sendable {
    let text: SourceText
    /// The outer byte offset of each inner line's first byte; one entry a line.
    let lineOffsets: [Int]
    /// Blanks before each line of the block scalar.
    let indent: Int
    /// The key of the block scalar, `config.yaml`.
    let name: String
  }

  init(
    path: String, kind: FileKind, isCertain: Bool = true, tree: Tree, error: YAMLError? = nil, host: Host? = nil
  ) {
    self.path = path
    self.kind = kind
    self.isCertain = isCertain
    self.tree = tree
    self.error = error
    self.root = tree.documents.first
    self.host = host
  }

  /// The text that places refer to.
  public var text: SourceText { host?.text ?? tree.text }

  /// The place of a stretch of this file's own bytes.
  public func place(_ range: Range<Int>) -> SourceRange {
    guard let host else { return tree.text.range(range) }
    return host.text.range(outer(range.lowerBound, host)..<outer(range.upperBound, host))
  }

  private func outer(_ offset: Int, _ host: Host) -> Int {
    let position = tree.text.position(at: offset)
    let line = position.line - 1
    guard line < host.lineOffsets.count else { return host.text.bytes.count }
    return min(host.lineOffsets[line] + offset - tree.text.lineStarts[line], host.text.bytes.count)
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

  /// A finding at a node of this file.
  public func finding(
    _ rule: Rule, severity: Severity? = nil, _ message: String, at id: Tree.ID?, path: String? = nil,
    help: String? = nil, fix: Fix? = nil
  ) -> Finding {
    finding(rule, severity: severity, message, range: id.map { tree[$0].range }, path: path, help: help, fix: fix)
  }

  /// A finding at a stretch of this file's bytes.
  public func finding(
    _ rule: Rule, severity: Severity? = nil, _ message: String, range: Range<Int>?, path: String? = nil,
    help: String? = nil, fix: Fix? = nil
  ) -> Finding {
    Finding(
      rule: rule, severity: severity, message: message, file: self.path, range: range.map(place),
      path: path, help: help, fix: isCertain ? fix : nil)
  }
}

extension LintFile {
  /// The file that stands in a block scalar of this one; nil where its text is not there line by line, as in a quoted
  /// scalar or a folded paragraph, and where it is of no kind.
  func embedded(_ id: Tree.ID, named name: String, kind: (Tree) -> ToldKind?) -> LintFile? {
    guard case .scalar(let value, let style) = tree[id].content, style == .literal || style == .folded, host == nil
    else { return nil }
    let (innerTree, error) = Tree.partial(Array(value.utf8))
    let header = tree.text.position(at: tree[id].range.lowerBound).line
    guard let told = kind(innerTree), let offsets = lines(of: innerTree.text, below: header) else { return nil }
    let first = innerTree.text.lineStarts.indices.first { !(innerTree.text.lineBytes($0 + 1)?.isEmpty ?? true) } ?? 0
    return LintFile(
      path: self.path, kind: told.kind, isCertain: isCertain && told.isCertain, tree: innerTree, error: error,
      host: Host(
        text: tree.text, lineOffsets: offsets, indent: tree.text.position(at: offsets[first]).column - 1, name: name))
  }

  /// Where each line of an inner text stands below a line of this one: at the end of a line that has only blanks before
  /// it. Blank lines may stand between them, as they do in a folded scalar.
  private func lines(of inner: SourceText, below header: Int) -> [Int]? {
    var line = header + 1
    var offsets: [Int] = []
    let bytes = tree.text.bytes
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
