public import Findings
public import SourceText
public import YAML

/// A file under lint, or a file that stands inside another: a config.yaml in a ConfigMap. Rules make their findings
/// through it, so that places and fixes always name the outer file.
public struct LintFile: Sendable {
  /// As the user named it.
  public let path: String
  public let kind: FileKind
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
    /// The path of the block scalar in the outer file, `data["config.yaml"]`.
    let path: String
  }

  init(path: String, kind: FileKind, tree: Tree, error: YAMLError? = nil, host: Host? = nil) {
    self.path = path
    self.kind = kind
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
      path: path, help: help, fix: fix)
  }
}

extension LintFile {
  /// The file that stands in a block scalar of this one; nil where its text is not there line by line, as in a quoted
  /// scalar.
  func embedded(_ id: Tree.ID, kind: FileKind, path inner: String) -> LintFile? {
    guard case .scalar(let value, .literal) = tree[id].content, host == nil else { return nil }
    let range = tree[id].range
    let header = tree.text.position(at: range.lowerBound).line
    guard header < tree.text.lineCount else { return nil }
    var indent = 0
    for line in (header + 1)...tree.text.lineCount {
      guard let bytes = tree.text.lineBytes(line) else { break }
      let blanks = tree.text.bytes[bytes].prefix { $0 == 0x20 }.count
      if blanks < bytes.count {
        indent = blanks
        break
      }
    }
    let (innerTree, error) = Tree.partial(Array(value.utf8))
    let offsets = (0..<innerTree.text.lineCount).map { line -> Int in
      guard header + line < tree.text.lineCount else { return tree.text.bytes.count }
      let start = tree.text.lineStarts[header + line]
      return min(start + indent, tree.text.lineBytes(header + line + 1)?.upperBound ?? start)
    }
    return LintFile(
      path: self.path, kind: kind, tree: innerTree, error: error,
      host: Host(text: tree.text, lineOffsets: offsets, indent: indent, path: inner))
  }
}
