import Inputs
import SourceText

/// What fixes change in a file, as a unified diff that `git apply` and `patch` take.
///
/// Lines break at LF alone, as those tools see them. The work is linear in the size of the file, because the change
/// says where it is. Credentials, those of the file and those that a fix writes, are shown as `***`; a note before the
/// diff then says that it cannot be applied.
///
/// - Parameter forTerminal: escapes control characters; without it the bytes are those of the file.
/// - Returns: the bytes of the diff; empty where nothing changes.
public func unifiedDiff(_ change: FileChange, forTerminal: Bool = false, color: Bool = false) -> [UInt8] {
  let (before, after) = change.marked
  let old = DiffLines(before)
  let changes = DiffChange.changes(at: change.replaced.places, from: old, to: DiffLines(after))
  guard !changes.isEmpty else { return [] }

  let style = Style(isOn: color)
  var writer = DiffWriter(style: style, forTerminal: forTerminal)
  writer.header(change.path)
  for hunk in DiffHunk.hunks(of: changes, lineCount: old.count) { writer.write(hunk, of: old) }
  guard writer.hidSecret else { return writer.bytes }
  let name = terminalSafe(tidyPath(change.path))
  let note = "# \(name): credentials are shown as \(mask), so this diff cannot be applied; use --fix\n"
  return Array(note.utf8) + writer.bytes
}

/// A line as it is and as it is shown, each with its LF; the last line of a file may have none.
struct DiffLine {
  let bytes: [UInt8]
  let shown: [UInt8]

  var hidesSecret: Bool { bytes != shown }
}

/// The lines of a file.
struct DiffLines {
  /// With its credentials marked wherever they stand.
  private let source: SourceFile
  /// Byte offsets at which lines start, and the end of the file.
  private let borders: [Int]

  init(_ source: SourceFile) {
    self.source = source
    let bytes = source.text.bytes
    var borders = [0]
    for index in bytes.indices where bytes[index] == 0x0A { borders.append(index + 1) }
    if borders.last != bytes.count { borders.append(bytes.count) }
    self.borders = borders
  }

  var count: Int { borders.count - 1 }

  func range(_ lines: Range<Int>) -> Range<Int> { borders[lines.lowerBound]..<borders[lines.upperBound] }

  /// The lines that whole ones stand in.
  func lines(_ range: Range<Int>) -> Range<Int> {
    borders.firstIndex(sorted: { $0 >= range.lowerBound })..<borders.firstIndex(sorted: { $0 >= range.upperBound })
  }

  /// The line in which a byte stands; `count` at the end of a file whose last line is ended.
  func index(of offset: Int) -> Int {
    let low = borders.firstIndex(sorted: { $0 > offset }) - 1
    // The end of a file without a last LF still belongs to its last line.
    return low == count && count > 0 && source.text.bytes.last != 0x0A ? count - 1 : low
  }

  subscript(_ line: Int) -> DiffLine {
    let range = range(line..<(line + 1))
    let bytes = source.text.bytes[range]
    guard bytes.last == 0x0A else { return DiffLine(bytes: Array(bytes), shown: source.masked(range)) }
    // A credential of several lines covers line breaks too; those stay.
    return DiffLine(bytes: Array(bytes), shown: source.masked(range.dropLast()) + [0x0A])
  }
}

/// Lines of the original that give way to others; only what really differs.
struct DiffChange {
  let old: Range<Int>
  let new: [DiffLine]

  static func changes(at places: [Replacements.Place], from old: DiffLines, to new: DiffLines) -> [DiffChange] {
    var groups: [(lines: Range<Int>, first: Replacements.Place, last: Replacements.Place)] = []
    for place in places {
      let first = old.index(of: place.before.lowerBound)
      let last = old.index(of: place.before.upperBound)
      let lines = first..<min(last + 1, old.count)
      if let group = groups.last, first < group.lines.upperBound + (lines.isEmpty ? 1 : 0) {
        let end = max(group.lines.upperBound, lines.upperBound)
        groups[groups.count - 1] = (group.lines.lowerBound..<end, group.first, place)
      } else {
        groups.append((lines, place, place))
      }
    }
    return groups.compactMap { lines, first, last in
      let block = old.range(lines)
      let start = block.lowerBound + first.after.lowerBound - first.before.lowerBound
      let end = block.upperBound + last.after.upperBound - last.before.upperBound
      return DiffChange(lines, new.lines(start..<end).map { new[$0] }, of: old)
    }
  }

  /// nil where nothing differs.
  private init?(_ lines: Range<Int>, _ others: [DiffLine], of old: DiffLines) {
    var new = others[...]
    var kept = lines
    while let first = new.first, !kept.isEmpty, first.bytes == old[kept.lowerBound].bytes {
      new.removeFirst()
      kept.removeFirst()
    }
    while let last = new.last, !kept.isEmpty, last.bytes == old[kept.upperBound - 1].bytes {
      new.removeLast()
      kept.removeLast()
    }
    if new.isEmpty, kept.isEmpty { return nil }
    self.old = kept
    self.new = Array(new)
  }
}
