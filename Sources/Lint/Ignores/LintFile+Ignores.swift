import SourceText
import YAML

extension LintFile {
  var isEmbedded: Bool { host != nil }

  /// The outer line of one of this file's lines.
  func line(_ inner: Int) -> Int {
    let text = tree.text
    guard inner >= 1, inner <= text.lineCount else { return Int.max }
    return place(text.lineStarts[inner - 1]..<text.lineStarts[inner - 1]).start.line
  }

  /// The outer lines that this file takes up.
  var lines: ClosedRange<Int> {
    guard isEmbedded else { return 1...Int.max }
    // A final line break starts no line of the block scalar.
    let count = tree.text.lineCount
    let first = line(1)
    return first...max(first, line(tree.text.lineBytes(count)?.isEmpty ?? true ? max(1, count - 1) : count))
  }

  /// The bytes to delete so that a comment no longer names a rule: the whole comment when it names no other, and the
  /// whole line when nothing else is on it.
  func removal(
    of selector: IgnoreComment.Selector, among all: [IgnoreComment.Selector], in comment: Comment
  ) -> Range<Int> {
    let bytes = tree.text.bytes
    if all.count > 1, let index = all.firstIndex(of: selector) {
      // With the comma behind it, or before it when it is the last.
      if index + 1 < all.count {
        return selector.range.lowerBound..<all[index + 1].range.lowerBound
      }
      return all[index - 1].range.upperBound..<selector.range.upperBound
    }
    if comment.ownLine, comment.line < tree.text.lineCount {
      // The line break goes with it; in a block scalar the next line's blanks stay.
      return lineStart(comment.line)..<lineStart(comment.line + 1)
    }
    var start = comment.range.lowerBound
    while start > 0, bytes[start - 1] == 0x20 || bytes[start - 1] == 0x09 { start -= 1 }
    return start..<comment.range.upperBound
  }

  private func lineStart(_ line: Int) -> Int {
    tree.text.lineBytes(line)?.lowerBound ?? tree.text.lineStarts[line - 1]
  }
}
