public import Findings
import Inputs
import SourceText
import YAML

/// The ignore comments of one file and of the files inside it.
public struct Ignores: Sendable {
  private struct Entry: Sendable {
    let selector: String
    /// The lines of the outer file whose findings it takes.
    let lines: ClosedRange<Int>
    /// A finding without a place is taken only by a comment for the whole file.
    let wholeFile: Bool
    /// The finding to make when it takes none.
    let unused: Finding
  }

  private var entries: [Entry] = []
  /// Comments that cannot be read, and rules that do not exist.
  private var wrong: [Finding] = []

  /// There is no such comment.
  public var isEmpty: Bool { entries.isEmpty && wrong.isEmpty }

  /// Reads the comments; most files never name gatecheck, and need no search for any. A comment behind a value holds
  /// for its line; one on a line of its own for the next line that is neither blank nor a comment.
  /// - Parameters:
  ///   - files: the file itself and every file inside it, in any order.
  ///   - catalogue: tells which rules there are.
  public init(of files: [LintFile], catalogue: @autoclosure () -> Catalogue) {
    for file in files where file.tree.text.holds("gatecheck") { read(file, catalogue()) }
  }

  private mutating func read(_ file: LintFile, _ catalogue: Catalogue) {
    let comments = file.tree.comments()
    let commentLines = Set(comments.lazy.filter(\.ownLine).map(\.line))
    for comment in comments {
      guard let parsed = IgnoreComment(file.tree.text.bytes[comment.content]) else { continue }
      switch parsed {
      case .malformed(let message):
        wrong.append(
          file.finding(
            IgnoreRules.malformed, message, range: comment.range, help: "write # gatecheck: ignore[RULE] REASON"))
      case .ignore(.file, _) where !isOnTop(comment, file):
        wrong.append(
          file.finding(
            IgnoreRules.malformed, "ignore-file stands below the first value of the file", range: comment.range,
            help: "move it to the top, or write ignore[RULE] for one line"))
      case .ignore(let scope, let selectors):
        let line = file.line(comment.ownLine ? target(of: comment, in: file, commentLines) : comment.line)
        let lines = scope == .file ? file.lines : line...line
        for selector in selectors {
          guard catalogue.knows(selector.text) else {
            wrong.append(unknown(selector, file, catalogue))
            continue
          }
          let removal = file.removal(of: selector, among: selectors, in: comment)
          let unused = file.finding(
            IgnoreRules.unused, "this ignores nothing: \(selector.text) has no finding here", range: selector.range,
            help: "remove it", fix: Fix(safe: true, edits: [file.edit(removal, "")]))
          entries.append(
            Entry(
              selector: selector.text, lines: lines, wholeFile: scope == .file && !file.isEmbedded, unused: unused))
        }
      }
    }
  }

  private func unknown(_ selector: IgnoreComment.Selector, _ file: LintFile, _ catalogue: Catalogue) -> Finding {
    // What was named may be anything.
    let shown = selector.text.count > 60 ? selector.text.prefix(57) + "..." : selector.text
    let near = catalogue.nearest(selector.text)
    return file.finding(
      IgnoreRules.unknownRule, "no rule or area is named \(shown)", range: selector.range,
      help: near.map { "did you mean \($0)?" } ?? "`gatecheck rules` lists them all",
      fix: near.map { Fix(safe: false, edits: [file.edit(selector.range, $0)]) })
  }

  /// Only comments and markers stand before it.
  private func isOnTop(_ comment: Comment, _ file: LintFile) -> Bool {
    guard comment.ownLine, let root = file.root else { return comment.ownLine }
    let node = file.tree[root]
    return comment.range.lowerBound < node.start || node.range.isEmpty
  }

  private func target(of comment: Comment, in file: LintFile, _ commentLines: Set<Int>) -> Int {
    let text = file.tree.text
    let next = comment.line + 1
    return (next..<max(next, text.lineCount)).first { line in
      let bytes = text.lineBytes(line).map { text.bytes[$0] } ?? []
      return !bytes.allSatisfy { $0 == 0x20 || $0 == 0x09 } && !commentLines.contains(line)
    } ?? max(next, text.lineCount)
  }

  /// Takes out the findings that are ignored, and adds what is wrong with the comments themselves.
  /// - Parameters:
  ///   - findings: all findings of this file, before any other selection, so that no comment looks unused because its
  ///     finding was deselected.
  ///   - isActive: whether a rule or area was looked for at all; an ignore of any other is never called unused.
  public func apply(to findings: [Finding], isActive: (_ selector: String) -> Bool = { _ in true }) -> [Finding] {
    var used = [Bool](repeating: false, count: entries.count)
    let kept = findings.filter { finding in
      var ignored = false
      for (index, entry) in entries.enumerated() where Selection.matches(entry.selector, rule: finding.rule.id) {
        let line = finding.range?.start.line
        guard line.map(entry.lines.contains) ?? false || entry.wholeFile else { continue }
        used[index] = true
        ignored = true
      }
      return !ignored
    }
    // What was not looked at has no findings to ignore.
    let isCut = findings.contains { finding in
      finding.severity == .error && [YAMLRules.syntax, YAMLRules.limit, InputMethod.rule].contains(finding.rule)
    }
    let unused = isCut ? [] : zip(entries, used).filter { !$1 && isActive($0.selector) }.map(\.0.unused)
    return kept + wrong + unused
  }
}
