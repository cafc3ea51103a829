/// The entries of lines that came wrapped, each stream's by itself.
struct WrappedEntries {
  private var entries: [UInt64: PendingEntry] = [:]
  private var fronts = FrontReader()
  /// The stream that got a line last.
  private var last: UInt64?
  /// How far nginx' clock is from UTC, in seconds, as the last entry told that has both times.
  private(set) var offset = 0

  /// More streams than that at one time are not told apart.
  private static let limit = 128

  /// Pieces of a line that has more.
  private struct Pieces {
    var text: [UInt8] = []
    var line: Int
    var count = 0
  }

  private var pieces: [UInt64: Pieces] = [:]
  private var turned = TurnedLines()
  /// Whether the lines come newest first.
  var isBackwards = false

  var isEmpty: Bool { entries.isEmpty && pieces.isEmpty && turned.isEmpty }

  /// Takes a text of one line or several.
  mutating func take(_ text: Bytes, _ wrapping: Wrapping, line: Int, _ grouping: inout Grouping) {
    if let time = wrapping.time { grouping.order?.lines.add(time) }
    guard isBackwards else { return takeNext(text, wrapping, line, &grouping) }
    turned.append(text, wrapping, line)
    if turned.isFull { flush(&grouping) }
  }

  private mutating func takeNext(_ text: Bytes, _ wrapping: Wrapping, _ line: Int, _ grouping: inout Grouping) {
    guard wrapping.goesOn || !pieces.isEmpty && pieces[wrapping.stream] != nil else {
      return takeLines(text, wrapping, line, count: 1, &grouping)
    }
    if pieces.count >= Self.limit { endPieces(&grouping) }
    var known = pieces.removeValue(forKey: wrapping.stream) ?? Pieces(line: line)
    if known.count > 0, fronts.read(text) != nil {
      // The line before never got its end.
      take(known, Wrapping(stream: wrapping.stream), &grouping)
      known = Pieces(line: line)
    }
    known.text += text.prefix(LogRecord.limit + 1 - known.text.count)
    known.count += 1
    if wrapping.goesOn { pieces[wrapping.stream] = known } else { take(known, wrapping, &grouping) }
  }

  private mutating func take(_ known: Pieces, _ wrapping: Wrapping, _ grouping: inout Grouping) {
    known.text.withUnsafeBytes { takeLines($0, wrapping, known.line, count: known.count, &grouping) }
  }

  /// Those whose last one never came.
  private mutating func endPieces(_ grouping: inout Grouping) {
    for (stream, known) in pieces.sorted(by: { $0.value.line < $1.value.line }) {
      take(known, Wrapping(stream: stream), &grouping)
    }
    pieces = [:]
  }

  private mutating func takeLines(
    _ text: Bytes, _ wrapping: Wrapping, _ line: Int, count: Int, _ grouping: inout Grouping
  ) {
    var start = 0
    while let end = Scan.place(of: 0x0A, in: text, from: start) {
      takeLine(text.part(start..<end), wrapping, line, count: start == 0 ? count : 0, &grouping)
      start = end + 1
    }
    if start < text.count || start == 0 {
      takeLine(text.part(start..<text.count), wrapping, line, count: start == 0 ? count : 0, &grouping)
    }
  }

  /// A line without anything around it, in the midst of others: it goes on with the last of them.
  mutating func goOn(_ text: Bytes, line: Int, _ grouping: inout Grouping) -> Bool {
    guard let last, entries[last] != nil else { return false }
    take(text, Wrapping(stream: last), line: line, &grouping)
    return true
  }

  private mutating func takeLine(
    _ text: Bytes, _ wrapping: Wrapping, _ number: Int, count: Int, _ grouping: inout Grouping
  ) {
    if let plain = TerminalCodes.removed(from: text) {
      return plain.withUnsafeBytes { takeLine($0, wrapping, number, count: count, &grouping) }
    }
    let text = text.last == 0x0D ? text.part(0..<text.count - 1) : text
    let stream = wrapping.stream
    last = stream
    grouping.turn(to: stream)
    let front = fronts.read(text) ?? fronts.readPart(text)
    if front == nil, let entry = entries[stream], entry.goesOn(with: text) {
      entries[stream]?.append(text, breaks: true)
      entries[stream]?.lines += count
      entries[stream]?.touched = number
      return
    }
    flush(stream, &grouping)
    if entries.count >= Self.limit, let oldest = entries.min(by: { $0.value.touched < $1.value.touched }) {
      flush(oldest.key, &grouping)
    }
    if text.isEmpty { return grouping.skip(lines: count) }
    var entry = PendingEntry(
      front: front, time: time(wrapping, front), line: number, lines: count, touched: number)
    entry.append(text, breaks: false)
    entries[stream] = entry
  }

  /// nginx' clock, in UTC where what wrapped the line told how far that is: many a one came late to what wrapped it.
  private mutating func time(_ wrapping: Wrapping, _ front: Front?) -> Int? {
    let time = wrapping.time.map { $0 / 1_000_000_000 }
    guard let local = front?.time else { return time }
    if let time { learn(local - time) }
    return local - offset
  }

  /// Time zones are a multiple of 15 minutes away.
  private mutating func learn(_ difference: Int) {
    let zone = (difference + (difference < 0 ? -450 : 450)) / 900 * 900
    if abs(zone) < 15 * 3600, abs(difference - zone) <= 30 { offset = zone }
  }

  private mutating func flush(_ stream: UInt64, _ grouping: inout Grouping) {
    guard let entry = entries.removeValue(forKey: stream) else { return }
    entry.bytes.withUnsafeBytes { bytes in
      grouping.take(
        RawRecord(
          bytes: bytes, front: entry.front ?? Front(), time: entry.time, line: entry.line, lines: entry.lines))
    }
  }

  /// - Parameter onlyWhole: leaves those that may go on.
  mutating func flush(onlyWhole: Bool = false, _ grouping: inout Grouping) {
    let lines = turned
    turned = TurnedLines()
    lines.give { takeNext($0, $1, $2, &grouping) }
    if !onlyWhole { endPieces(&grouping) }
    // In the order of their lines.
    for (stream, entry) in entries.sorted(by: { ($0.value.line, $0.key) < ($1.value.line, $1.key) }) {
      if onlyWhole, !entry.isWhole { continue }
      flush(stream, &grouping)
    }
  }
}
