import Inputs
import SourceText

/// What fixes would change in a file, as a unified diff that `git apply` and `patch` take.
///
/// Lines break at LF alone, as those tools see them. The work is linear in the size of the file, because the edits say
/// where it changes. Credentials, those of the file and those that a fix would write, are shown as `***`; a note before
/// the diff then says that it cannot be applied.
///
/// - Parameters:
///   - path: as the user named the file.
///   - fixes: whose edits are applied as `TextEdit.apply` does.
///   - forTerminal: escapes control characters; without it the bytes are those of the file.
/// - Returns: the bytes of the diff; empty where nothing changes.
public func unifiedDiff(
  _ path: String, _ source: SourceFile, fixes: [Fix], forTerminal: Bool = false, color: Bool = false
) -> [UInt8] {
  let (_, applied) = TextEdit.apply(fixes.flatMap(\.edits), to: source.text.bytes)
  let old = OldLines(path, source, fixes)
  let changes = DiffChange.changes(by: applied, in: old)
  guard !changes.isEmpty else { return [] }

  let style = Style(isOn: color)
  var writer = DiffWriter(style: style, forTerminal: forTerminal)
  writer.header(path)
  for hunk in DiffHunk.hunks(of: changes, lineCount: old.count) { writer.write(hunk, of: old) }
  guard writer.hidSecret else { return writer.bytes }
  let name = terminalSafe(tidyPath(path))
  let note = "# \(name): credentials are shown as \(mask), so this diff cannot be applied; use --fix\n"
  return Array(note.utf8) + writer.bytes
}

/// A line as it is and as it is shown, each with its LF; the last line of a file may have none.
struct DiffLine {
  let bytes: [UInt8]
  let shown: [UInt8]

  var hidesSecret: Bool { bytes != shown }
}

/// The lines of the original file.
struct OldLines {
  /// With its credentials marked wherever they stand.
  let source: SourceFile
  /// Byte offsets at which lines start, and the end of the file.
  private let borders: [Int]
  private let path: String
  private let scrubber: Scrubber
  /// Edits whose text is a secret as a whole, and the credentials that others may write again.
  private let secretEdits: Set<TextEdit>
  private let written: [TextEdit: [[UInt8]]]

  init(_ path: String, _ source: SourceFile, _ fixes: [Fix]) {
    self.path = path
    secretEdits = Set(fixes.filter(\.secret).flatMap(\.edits))
    written = fixes.reduce(into: [:]) { written, fix in
      let known = source.secrets(under: fix.edits)
      if !known.isEmpty { for edit in fix.edits { written[edit, default: []] += known } }
    }
    scrubber = Scrubber(sources: [path: source], others: [])
    let bytes = source.text.bytes
    let again = bytes.withUnsafeBufferPointer { [scrubber] in scrubber.occurrences(in: $0, of: path) }
    self.source = again.isEmpty ? source : SourceFile(source.text, secrets: source.secrets + again)
    var borders = [0]
    for index in bytes.indices where bytes[index] == 0x0A { borders.append(index + 1) }
    if borders.last != bytes.count { borders.append(bytes.count) }
    self.borders = borders
  }

  var count: Int { borders.count - 1 }

  /// Where credentials of the file stand in a text that comes into it.
  func secrets(in edit: TextEdit) -> [Range<Int>] {
    let inserted = Array(edit.text.utf8)
    if secretEdits.contains(edit) { return inserted.isEmpty ? [] : [inserted.indices] }
    let known = (written[edit] ?? []).flatMap { places(of: $0, in: edit.text) }
    return SourceFile.merged(known + inserted.withUnsafeBufferPointer { scrubber.occurrences(in: $0, of: path) })
  }

  func range(_ lines: Range<Int>) -> Range<Int> { borders[lines.lowerBound]..<borders[lines.upperBound] }

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

  static func changes(by edits: [TextEdit], in old: OldLines) -> [DiffChange] {
    var groups: [(lines: Range<Int>, edits: [TextEdit])] = []
    for edit in edits {
      let first = old.index(of: edit.offset)
      let last = old.index(of: edit.offset + edit.length)
      let lines = first..<min(last + 1, old.count)
      if let group = groups.last, first < group.lines.upperBound + (lines.isEmpty ? 1 : 0) {
        let end = max(group.lines.upperBound, lines.upperBound)
        groups[groups.count - 1] = (group.lines.lowerBound..<end, group.edits + [edit])
      } else {
        groups.append((lines, [edit]))
      }
    }
    return groups.compactMap { change($0.lines, $0.edits, in: old) }
  }

  private static func change(_ lines: Range<Int>, _ edits: [TextEdit], in old: OldLines) -> DiffChange? {
    let block = old.range(lines)
    var builder = LineBuilder()
    var done = block.lowerBound
    for edit in edits {
      builder.append(old.source, done..<edit.offset)
      builder.append(edit, in: old)
      done = edit.offset + edit.length
    }
    builder.append(old.source, done..<block.upperBound)
    var new = builder.finish()[...]
    var kept = lines
    while let first = new.first, !kept.isEmpty, first.bytes == old[kept.lowerBound].bytes {
      new.removeFirst()
      kept.removeFirst()
    }
    while let last = new.last, !kept.isEmpty, last.bytes == old[kept.upperBound - 1].bytes {
      new.removeLast()
      kept.removeLast()
    }
    return new.isEmpty && kept.isEmpty ? nil : DiffChange(old: kept, new: Array(new))
  }
}

/// Builds new lines out of pieces of the file and texts of edits.
private struct LineBuilder {
  private var lines: [DiffLine] = []
  private var bytes: [UInt8] = []
  private var shown: [UInt8] = []

  mutating func append(_ source: SourceFile, _ range: Range<Int>) {
    for piece in source.pieces(of: range) { append(source.text.bytes[piece.bytes], isSecret: piece.isSecret) }
  }

  mutating func append(_ edit: TextEdit, in old: OldLines) {
    let inserted = Array(edit.text.utf8)
    var done = 0
    for secret in old.secrets(in: edit) {
      append(inserted[done..<secret.lowerBound], isSecret: false)
      append(inserted[secret], isSecret: true)
      done = secret.upperBound
    }
    append(inserted[done...], isSecret: false)
  }

  private mutating func append(_ text: ArraySlice<UInt8>, isSecret: Bool) {
    var rest = text
    while !rest.isEmpty {
      let part = rest.prefix { $0 != 0x0A }
      rest = rest[part.endIndex...]
      bytes += part
      if !part.isEmpty { shown += isSecret ? Array(mask.utf8)[...] : part }
      if rest.first == 0x0A {
        rest.removeFirst()
        bytes.append(0x0A)
        shown.append(0x0A)
        end()
      }
    }
  }

  private mutating func end() {
    lines.append(DiffLine(bytes: bytes, shown: shown))
    bytes = []
    shown = []
  }

  mutating func finish() -> [DiffLine] {
    if !bytes.isEmpty { end() }
    return lines
  }
}
