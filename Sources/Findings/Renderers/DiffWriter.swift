import SourceText

/// Changes that stand so near to each other that they share their context.
struct DiffHunk {
  static let context = 3

  /// The lines of the original that it shows.
  let old: Range<Int>
  let changes: [DiffChange]
  /// The first line of the new file that it shows, from 0.
  let newStart: Int

  var newCount: Int { changes.reduce(old.count) { $0 + $1.new.count - $1.old.count } }

  static func hunks(of changes: [DiffChange], lineCount: Int) -> [DiffHunk] {
    var groups: [[DiffChange]] = []
    for change in changes {
      if let last = groups.last?.last, change.old.lowerBound - last.old.upperBound <= 2 * context {
        groups[groups.count - 1].append(change)
      } else {
        groups.append([change])
      }
    }
    var shift = 0
    return groups.map { group in
      let low = max(0, (group.first?.old.lowerBound ?? 0) - context)
      let high = min(lineCount, (group.last?.old.upperBound ?? 0) + context)
      let hunk = DiffHunk(old: low..<max(low, high), changes: group, newStart: low + shift)
      shift += hunk.newCount - hunk.old.count
      return hunk
    }
  }
}

/// Writes the text of a unified diff.
struct DiffWriter {
  let style: Style
  let forTerminal: Bool
  private(set) var bytes: [UInt8] = []
  private(set) var hidSecret = false

  init(style: Style, forTerminal: Bool) {
    self.style = style
    self.forTerminal = forTerminal
  }

  mutating func header(_ path: String) {
    let path = tidyPath(path)
    let name = path.hasPrefix("/") ? path : "/" + path
    bytes += Array((style(.bold, "--- \(diffName("a" + name))") + "\n").utf8)
    bytes += Array((style(.bold, "+++ \(diffName("b" + name))") + "\n").utf8)
  }

  mutating func write(_ hunk: DiffHunk, of old: DiffLines) {
    let place = "@@ -\(span(hunk.old.lowerBound, hunk.old.count)) +\(span(hunk.newStart, hunk.newCount)) @@"
    bytes += Array((style(.cyan, place) + "\n").utf8)
    var done = hunk.old.lowerBound
    for change in hunk.changes {
      for line in done..<change.old.lowerBound { write(" ", old[line], ink: nil) }
      for line in change.old { write("-", old[line], ink: .plainRed) }
      for line in change.new { write("+", line, ink: .green) }
      done = change.old.upperBound
    }
    for line in done..<hunk.old.upperBound { write(" ", old[line], ink: nil) }
  }

  /// An empty stretch names the line before it.
  private func span(_ start: Int, _ count: Int) -> String {
    count == 1 ? "\(start + 1)" : "\(count == 0 ? start : start + 1),\(count)"
  }

  private mutating func write(_ sign: String, _ line: DiffLine, ink: Style.Ink?) {
    if line.hidesSecret { hidSecret = true }
    let isEnded = line.shown.last == 0x0A
    let content = isEnded ? line.shown.dropLast() : line.shown[...]
    if forTerminal || style.isOn {
      let text = sign + (forTerminal ? diffSafe(content) : String(decoding: content, as: UTF8.self))
      bytes += Array((ink.map { style($0, text) } ?? text).utf8)
    } else {
      bytes += Array(sign.utf8) + content
    }
    bytes.append(0x0A)
    if !isEnded { bytes += Array("\\ No newline at end of file\n".utf8) }
  }

  /// Tabs do no harm in a diff, nor does the CR of a CRLF.
  private func diffSafe(_ content: ArraySlice<UInt8>) -> String {
    let hasCR = content.last == 0x0D
    return String(decoding: hasCR ? content.dropLast() : content, as: UTF8.self)
      .split(separator: "\t", omittingEmptySubsequences: false)
      .map { terminalSafe(String($0)) }.joined(separator: "\t")
  }
}

/// A file name as git writes it: in quotes with octal escapes when it holds anything unusual, and with a tab behind it
/// when it holds a blank, without which `patch` would cut it there.
private func diffName(_ name: String) -> String {
  let isPlain = name.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C }
  if isPlain { return name.contains(" ") ? name + "\t" : name }
  let quoted = name.utf8.map { byte in
    switch byte {
    case 0x22, 0x5C: "\\\(Unicode.Scalar(byte))"
    case 0x20..<0x7F: String(Unicode.Scalar(byte))
    default: "\\" + byte.digits(radix: 8, width: 3)
    }
  }
  return "\"\(quoted.joined())\""
}
