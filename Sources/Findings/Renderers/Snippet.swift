import SourceText

/// The line on which a range starts, as it is shown, and where the carets go under it.
struct Snippet {
  let line: Int
  let text: String
  /// Columns before the first caret.
  let indent: Int
  let carets: Int

  private static let tabStop = 4
  private static let cut = "…"

  /// - Returns: nil when the file has no such line, as when it changed since it was read.
  init?(_ range: SourceRange, in report: Report, of file: String, width: Int, crowded: CrowdedLines? = nil) {
    let known = crowded?[file, range.start.line]
    guard let plain = known ?? report.sources[file], let bytes = plain.text.lineBytes(range.start.line)
    else { return nil }
    let scrubber = known == nil ? report.scrubber : Scrubber([])
    let start = range.start.offset.clamped(to: bytes)
    let end = range.end.line == range.start.line ? range.end.offset.clamped(to: bytes) : bytes.upperBound

    line = range.start.line
    // Nearly every line: it fits, and shows each byte as a column.
    if bytes.count <= width, isPlain(plain.text.bytes[bytes]), scrubber.isEmpty,
      plain.pieces(of: bytes).allSatisfy({ !$0.isSecret })
    {
      text = String(decoding: plain.text.bytes[bytes], as: UTF8.self)
      indent = start - bytes.lowerBound
      carets = max(1, end - start)
      return
    }

    // A line may be megabytes long, and what is far from the caret is not shown anyway.
    let reach = 8 * width
    let low = plain.text.characterStart(at: max(bytes.lowerBound, start - reach), from: bytes.lowerBound)
    let high = plain.text.characterStart(at: min(bytes.upperBound, start + 2 * reach), from: start)
    let source = Self.hiding(low..<high, in: plain, of: file, scrubber: scrubber)
    // A line of a megabyte with thousands of findings: where all that can be shown is plain, it is a cell a byte.
    let reached = low..<high
    var shown = max(low, start - width)..<min(high, start + width)
    let isWhole = reached == bytes
    let isNearPlain =
      isPlain(source.text.bytes[isWhole ? reached : shown])
      && source.pieces(of: isWhole ? reached : shown).allSatisfy { !$0.isSecret }
    if !isNearPlain {
      let room = isPlain(source.text.bytes[reached]) ? width : 4 * width
      let near = Self.near(start, in: reached, of: source, room)
      let first = source.text.characterStart(at: near.lowerBound, from: low)
      shown = first..<source.text.characterStart(at: near.upperBound, from: start)
    }
    let cells = Self.cells(of: shown, in: source)

    let caret = cells.firstIndex { $0.bytes.upperBound > start } ?? cells.count
    let window = Self.window(
      of: cells, around: caret, width: width, cutLeft: shown.lowerBound > bytes.lowerBound,
      cutRight: shown.upperBound < bytes.upperBound)
    let isCutLeft = shown.lowerBound > bytes.lowerBound || window.lowerBound > 0
    let isCutRight = shown.upperBound < bytes.upperBound || window.upperBound < cells.count

    text =
      (isCutLeft ? Self.cut : "") + cells[window].map(\.text).joined() + (isCutRight ? Self.cut : "")
    indent = (isCutLeft ? 1 : 0) + cells[window.lowerBound..<caret].reduce(0) { $0 + $1.width }
    let marked = cells[caret..<max(caret, window.upperBound)].prefix { $0.bytes.lowerBound < end }
    carets = max(1, marked.reduce(0) { $0 + $1.width })
  }

  /// What a user sees as one character, or one credential.
  private struct Cell {
    let text: String
    let width: Int
    let bytes: Range<Int>
  }

  /// With the credentials of other files in it, which may stand where no rule looked for them.
  fileprivate static func hiding(
    _ range: Range<Int>, in source: SourceFile, of file: String, scrubber: Scrubber
  ) -> SourceFile {
    if scrubber.isEmpty { return source }
    let others = source.text.bytes[range].withUnsafeBufferPointer { scrubber.occurrences(in: $0, of: file) }
    if others.isEmpty { return source }
    let own = source.pieces(of: range).filter(\.isSecret).map(\.bytes)
    return SourceFile(
      source.text,
      secrets: own + others.map { $0.lowerBound + range.lowerBound..<$0.upperBound + range.lowerBound })
  }

  /// So many bytes to each side of a place, a credential counting as what is shown for it.
  private static func near(_ place: Int, in range: Range<Int>, of source: SourceFile, _ room: Int) -> Range<Int> {
    let pieces = source.pieces(of: range)
    var (low, high, left, right) = (place, place, room, room)
    for piece in pieces.reversed() where piece.bytes.lowerBound < place && left > 0 {
      let end = min(piece.bytes.upperBound, place)
      low = piece.isSecret ? piece.bytes.lowerBound : max(piece.bytes.lowerBound, end - left)
      left -= piece.isSecret ? mask.utf8.count : end - low
    }
    for piece in pieces where piece.bytes.upperBound > place && right > 0 {
      let start = max(piece.bytes.lowerBound, place)
      high = piece.isSecret ? piece.bytes.upperBound : min(piece.bytes.upperBound, start + right)
      right -= piece.isSecret ? mask.utf8.count : high - start
    }
    return low..<high
  }

  private static func cells(of range: Range<Int>, in source: SourceFile) -> [Cell] {
    var cells: [Cell] = []
    var column = 0
    func add(_ text: String, _ width: Int, _ bytes: Range<Int>) {
      cells.append(Cell(text: text, width: width, bytes: bytes))
      column += width
    }
    for piece in source.pieces(of: range) {
      if piece.isSecret {
        add(mask, mask.utf8.count, piece.bytes)
        continue
      }
      let bytes = source.text.bytes[piece.bytes]
      if isPlain(bytes) {
        for place in piece.bytes { add(String(UnicodeScalar(source.text.bytes[place])), 1, place..<place + 1) }
        continue
      }
      let (scalars, lengths) = decode(bytes)
      var view = String.UnicodeScalarView()
      view.append(contentsOf: scalars)
      var offset = piece.bytes.lowerBound
      var index = 0
      for character in String(view) {
        let count = character.unicodeScalars.count
        let length = lengths[index..<(index + count)].reduce(0, +)
        let here = offset..<(offset + length)
        if character == "\t" {
          let spaces = tabStop - column % tabStop
          add(String(repeating: " ", count: spaces), spaces, here)
        } else {
          let shown = terminalSafe(String(character))
          add(shown, count == 1 ? displayWidth(shown) : displayWidth(character), here)
        }
        offset += length
        index += count
      }
    }
    return cells
  }

  /// The scalars of a text, U+FFFD for what is no UTF-8, and how many bytes each took.
  private static func decode(_ bytes: ArraySlice<UInt8>) -> (scalars: [Unicode.Scalar], lengths: [Int]) {
    var scalars: [Unicode.Scalar] = []
    var lengths: [Int] = []
    var parser = Unicode.UTF8.ForwardParser()
    var iterator = bytes.makeIterator()
    while true {
      switch parser.parseScalar(from: &iterator) {
      case .valid(let encoded):
        scalars.append(Unicode.UTF8.decode(encoded))
        lengths.append(encoded.count)
      case .error(let length):
        scalars.append("\u{FFFD}")
        lengths.append(length)
      case .emptyInput:
        return (scalars, lengths)
      }
    }
  }

  /// The cells that fit: a third of the room before the caret, the rest behind it, and none left empty.
  private static func window(
    of cells: [Cell], around caret: Int, width: Int, cutLeft: Bool, cutRight: Bool
  ) -> Range<Int> {
    let total = cells.reduce(0) { $0 + $1.width }
    if !cutLeft, !cutRight, total <= width { return 0..<cells.count }
    let room = width - 2
    var used = 0
    var first = caret
    var last = caret
    while first > 0, used + cells[first - 1].width <= room / 3 {
      first -= 1
      used += cells[first].width
    }
    while last < cells.count, used + cells[last].width <= room {
      used += cells[last].width
      last += 1
    }
    while first > 0, used + cells[first - 1].width <= room {
      first -= 1
      used += cells[first].width
    }
    return first..<last
  }
}

/// The lines with so many findings that each is looked through once, and not around each finding.
struct CrowdedLines: Sendable {
  private var sources: [String: [Int: SourceFile]] = [:]

  init(_ report: Report) {
    let many = 32
    var place: (file: String, line: Int, count: Int)?
    for finding in report.findings {
      guard let file = finding.file, let line = finding.range?.start.line else { continue }
      let count = place?.file == file && place?.line == line ? (place?.count ?? 0) + 1 : 1
      place = (file, line, count)
      guard count == many, let source = report.sources[file], let bytes = source.text.lineBytes(line) else { continue }
      sources[file, default: [:]][line] = Snippet.hiding(bytes, in: source, of: file, scrubber: report.scrubber)
    }
  }

  subscript(file: String, line: Int) -> SourceFile? { sources.isEmpty ? nil : sources[file]?[line] }
}

extension Int {
  fileprivate func clamped(to range: Range<Int>) -> Int {
    Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
  }
}

extension SourceText {
  /// The start of the character in which `offset` stands, not before `limit`.
  fileprivate func characterStart(at offset: Int, from limit: Int) -> Int {
    var start = offset
    while start > limit, start < bytes.count, bytes[start] & 0xC0 == 0x80 { start -= 1 }
    return start
  }
}
