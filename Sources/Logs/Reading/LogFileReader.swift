import Inputs
import SourceText

/// Reads one file, pipe or standard input: lines, what wraps them taken off, entries.
///
/// An entry as nginx wrote it lies in the buffer and is never copied; what was wrapped is put together elsewhere.
struct LogFileReader: ~Copyable {
  /// A line that is longer is kept to its first `LogRecord.limit` bytes.
  static let longestLine = 64 << 10
  /// Small enough to stay in a core's own memory with all that is looked up for a line.
  private static let capacity = 4 * longestLine

  private var buffer = LogBuffer(capacity: capacity)
  /// How many bytes behind what was taken were read, and not taken yet.
  private var held = 0
  /// How many bytes at the beginning are the rest of another file's last entry.
  private var passed: Int
  /// The rest of a long line is passed over.
  private var isSkipping = false
  /// There was nothing to read when it was looked for last.
  private var wasQuiet = false
  /// Of the line that is read.
  private var number = 0
  private var fronts = FrontReader()
  private var wrappings = WrappingReader()
  private var wrapped = WrappedEntries()
  /// nil until the first bytes have told it.
  private var form: LogLayout?
  private var json = JSONLines()
  private var journal = JournalExport()
  private var csv = CSVLines()

  /// Of the entry in the buffer.
  private var entryFront: Front?
  private var entryLine = 0
  private var entryLines = 0

  /// The last, as its size is known only when the program runs: the places of those behind it would be looked up for
  /// each line.
  private var stream: ByteStream

  /// - Parameter passed: how many bytes were read with the file before it: the rest of its last entry.
  init(_ stream: consuming ByteStream, passed: Int = 0) {
    self.stream = stream
    self.passed = passed
  }

  /// Reads to the end.
  /// - Parameter rest: asked where the last line was cut off: what another file has of it, and of its entry.
  /// - Returns: how many bytes those were.
  @discardableResult mutating func run(
    into grouping: inout Grouping, rest: (Bytes) throws(FileError) -> ArraySlice<UInt8> = { _ in [] }
  ) throws(FileError) -> Int {
    while try step(into: &grouping) != .end {}
    let rest = isCut ? try rest(buffer[buffer.lineStart..<buffer.filled]) : []
    buffer.room(behind: 0).copyBytes(from: rest)
    take(rest.count, &grouping)
    finish(&grouping)
    return rest.count
  }

  /// Whether the end of what was read is in the midst of a line.
  private var isCut: Bool { form != .csv && (buffer.lineStart < buffer.filled || isSkipping || json.isOpen) }

  /// Reads what is there, as far as a piece goes; behind the end comes `finish`. Of what is followed the last entry
  /// may go on in a moment: it counts once nothing came at two steps, as its end may be missing.
  mutating func step(into grouping: inout Grouping) throws(FileError) -> ByteStream.Piece {
    let piece = try next()
    switch piece {
    case .bytes(let count):
      wasQuiet = false
      if stream.isAtStart { number = 0 }
      held += count
      // However small the pieces of a pipe are, the order is told by as much.
      if isUntouched, !grouping.tellsChanges, held < Self.longestLine { return piece }
      try takeHeld(&grouping)
    case .none:
      try takeHeld(&grouping)
      if wasQuiet || isWhole { flush(&grouping) }
      wrapped.flush(onlyWhole: !wasQuiet, &grouping)
      wasQuiet = true
    case .end:
      try takeHeld(&grouping)
    }
    return piece
  }

  /// What nothing is written over is looked at in the file itself.
  private mutating func next() throws(FileError) -> ByteStream.Piece {
    if form == .lines, !isSkipping, let count = buffer.map(&stream) { return .bytes(count) }
    return try stream.read(into: buffer.room(behind: held))
  }

  /// Whether not a byte was looked at yet.
  private var isUntouched: Bool { number == 0 && form == nil && buffer.filled == 0 }

  private mutating func takeHeld(_ grouping: inout Grouping) throws(FileError) {
    guard held > 0 else { return }
    let isFirst = isUntouched
    if passed > 0 { dropPassed() }
    if isFirst, !grouping.tellsChanges {
      var scout = LogFileReader(ByteStream(Array(buffer[0..<held].prefix(Self.longestLine)), name: ""))
      wrapped.isBackwards = try scout.look().runsBackwards
    }
    let count = held
    held = 0
    take(count, &grouping)
  }

  private mutating func dropPassed() {
    let count = min(passed, held)
    number = buffer[0..<count].count { $0 == 0x0A }
    json = JSONLines(line: number + 1)
    buffer.move(count..<held, to: 0)
    held -= count
    passed = 0
  }

  /// Reads its beginning alone, as far as an entry that has a time.
  mutating func look() throws(FileError) -> LogOrder {
    // Of what has a time nothing else is wanted.
    var grouping = Grouping(range: Int.max...Int.max)
    grouping.order = LogOrder()
    for _ in 0..<4 where grouping.order?.hasTime == false {
      guard case .bytes(let count) = try stream.read(into: buffer.room(behind: 0)) else { break }
      take(count, &grouping)
    }
    finish(&grouping)
    return grouping.order ?? LogOrder()
  }

  mutating func finish(_ grouping: inout Grouping) {
    if form == nil {
      form = .lines
      take(0, &grouping)
    }
    if buffer.lineStart < buffer.filled { take(buffer.lineStart..<buffer.filled, &grouping) }
    flush(&grouping)
    csv.finish().withUnsafeBytes { json.feed($0, &wrapped, &grouping) }
    json.finish(&wrapped, &grouping)
    journal.finish(&wrapped, &grouping)
    wrapped.flush(&grouping)
  }

  // MARK: Lines

  private mutating func take(_ count: Int, _ grouping: inout Grouping) {
    var place = form == nil ? 0 : buffer.filled
    buffer.filled += count
    if form == nil {
      if buffer[0..<buffer.filled].starts(with: "\u{FEFF}") {
        buffer.move(3..<buffer.filled, to: 0)
        buffer.filled -= 3
      }
      form = LogLayout(buffer[0..<buffer.filled]) ?? (buffer.filled > 4096 ? .lines : nil)
    }
    switch form {
    case nil: return
    case .lines, .journal: break
    case .json, .csv:
      if form == .csv {
        csv.json(of: buffer[0..<buffer.filled]).withUnsafeBytes { json.feed($0, &wrapped, &grouping) }
      } else {
        json.feed(buffer[0..<buffer.filled], &wrapped, &grouping)
      }
      buffer.filled = 0
      return
    }
    if isSkipping {
      guard let end = Scan.place(of: 0x0A, in: buffer[0..<buffer.filled], from: place) else {
        buffer.filled = place
        return
      }
      // What was passed over leaves no gap.
      buffer.move(end..<buffer.filled, to: place)
      buffer.filled = place + buffer.filled - end
      isSkipping = false
    }
    let bytes = buffer[0..<buffer.filled]
    while let end = Scan.place(of: 0x0A, in: bytes, from: place) {
      take(buffer.lineStart..<end, &grouping)
      buffer.lineStart = end + 1
      place = end + 1
    }
    if buffer.losesEntry(&stream) { entryLines = 0 }
    if buffer.filled - buffer.lineStart > Self.longestLine {
      (buffer.filled, isSkipping) = (buffer.lineStart + LogRecord.limit, true)
    }
    buffer.makeRoom()
  }

  @inline(__always)
  private mutating func take(_ range: Range<Int>, _ grouping: inout Grouping) {
    number += 1
    var line = buffer[range]
    if line.count > Self.longestLine { line = line.part(0..<LogRecord.limit) }
    if !line.isEmpty, line[line.count - 1] == 0x0D { line = line.part(0..<line.count - 1) }
    let range = range.lowerBound..<range.lowerBound + line.count
    guard !wrapped.isBackwards, let front = fronts.read(line) else { return takeOther(line, range, &grouping) }
    begin(range, front, &grouping)
  }

  /// A line that does not begin with a front.
  @inline(never)
  private mutating func takeOther(_ line: Bytes, _ range: Range<Int>, _ grouping: inout Grouping) {
    if form == .journal { return journal.take(line, &wrapped, &grouping) }
    if let plain = TerminalCodes.removed(from: line) {
      if plain.withUnsafeBytes({ takeWrapped($0, always: true, &grouping) }) { return }
    } else if takeWrapped(line, always: wrapped.isBackwards, &grouping) {
      return
    }
    if let front = fronts.readPart(line) { return begin(range, front, &grouping) }
    if entryLines > 0, Continuation.goesOn(buffer[buffer.entry], entryFront, lines: entryLines, with: line) {
      entryLines += 1
      // One that is full grows no more.
      if buffer.entry.count < LogRecord.limit { buffer.entry = buffer.entry.lowerBound..<range.upperBound }
      return
    }
    flush(&grouping)
    if line.first == UInt8(ascii: "{"), takeJSON(line, &grouping) { return }
    if line.isEmpty { return grouping.skip(lines: 1) }
    if !wrapped.goOn(line, line: number, &grouping) { begin(range, nil, &grouping) }
  }

  /// Whether it is taken: not where nothing stands around it.
  private mutating func takeWrapped(_ line: Bytes, always: Bool, _ grouping: inout Grouping) -> Bool {
    let hasFront = always && fronts.read(line) != nil
    guard let wrapping = (hasFront ? nil : wrappings.read(line)) ?? (always ? Wrapping() : nil) else { return false }
    flush(&grouping)
    let text = line.part(wrapping.start..<line.count)
    if wrapping.holdsJSON, takeJSON(text, &grouping) { return true }
    wrapped.take(text, wrapping, line: number, &grouping)
    return true
  }

  /// One line of JSON among others: perhaps an entry, perhaps of the access log.
  private mutating func takeJSON(_ line: Bytes, _ grouping: inout Grouping) -> Bool {
    var reader = JSONLines(line: number)
    reader.feed(line, &wrapped, &grouping)
    reader.finish(&wrapped, &grouping)
    return reader.count > 0
  }

  @inline(__always)
  private mutating func begin(_ range: Range<Int>, _ front: Front?, _ grouping: inout Grouping) {
    flush(&grouping)
    if !wrapped.isEmpty { wrapped.flush(&grouping) }
    (buffer.entry, entryFront) = (range, front)
    (entryLine, entryLines) = (number, 1)
  }

  // MARK: Entries

  private var isWhole: Bool {
    guard let entryFront, buffer.lineStart == buffer.filled else { return false }
    return Scan.tail(of: buffer[buffer.entry], from: entryFront.end) < buffer.entry.count
  }

  @inline(__always)
  private mutating func flush(_ grouping: inout Grouping) {
    guard entryLines > 0 else { return }
    let start = buffer.entry.lowerBound
    let bytes = buffer[start..<start + min(buffer.entry.count, LogRecord.limit)]
    grouping.take(
      RawRecord(
        bytes: bytes, front: entryFront ?? Front(), time: entryFront?.time.map { $0 - wrapped.offset },
        line: entryLine, lines: entryLines))
    (buffer.entry, entryLines) = (0..<0, 0)
  }
}
