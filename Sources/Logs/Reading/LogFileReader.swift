import Glibc
import Inputs

/// Reads one file, pipe or standard input: lines, what wraps them taken off, entries.
///
/// An entry as nginx wrote it lies in the buffer and is never copied; what was wrapped is put together elsewhere.
struct LogFileReader: ~Copyable {
  /// A line that is longer is kept to its first `LogRecord.limit` bytes.
  static let longestLine = 64 << 10
  private static let capacity = ByteStream.pieceSize + 2 * longestLine

  private var stream: ByteStream
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 16)
  /// How many bytes of the buffer are filled, and where the line begins that has no end yet.
  private var filled = 0
  private var lineStart = 0
  /// The rest of a long line is passed over.
  private var isSkipping = false
  /// Of the line that is read.
  private var number = 0
  private var fronts = FrontReader()

  /// The entry in the buffer; empty where there is none.
  private var entry = 0..<0
  private var entryFront: Front?
  private var entryTime: Int?
  private var entryLine = 0
  private var entryLines = 0

  init(_ stream: consuming ByteStream) { self.stream = stream }

  deinit { buffer.deallocate() }

  /// Reads to the end.
  /// - Parameter whenQuiet: called when there is nothing more for now.
  mutating func run(into grouping: inout Grouping, whenQuiet: (inout Grouping) -> Void) throws(FileError) {
    var wasQuiet = false
    while true {
      switch try stream.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])) {
      case .bytes(let count):
        wasQuiet = false
        take(count, &grouping)
      case .none:
        // An entry without nginx' end may go on in a moment.
        if wasQuiet || isWhole { flush(&grouping) }
        wasQuiet = true
        whenQuiet(&grouping)
      case .end:
        if lineStart < filled { take(lineStart..<filled, &grouping) }
        flush(&grouping)
        return whenQuiet(&grouping)
      }
    }
  }

  // MARK: Lines

  private mutating func take(_ count: Int, _ grouping: inout Grouping) {
    var place = filled
    filled += count
    if isSkipping {
      guard let end = Scan.place(of: 0x0A, in: Bytes(rebasing: buffer[..<filled]), from: place) else {
        filled = place
        return
      }
      // What was passed over leaves no gap.
      move(end..<filled, to: place)
      filled = place + filled - end
      isSkipping = false
    }
    let bytes = Bytes(rebasing: buffer[..<filled])
    while let end = Scan.place(of: 0x0A, in: bytes, from: place) {
      take(lineStart..<end, &grouping)
      lineStart = end + 1
      place = lineStart
    }
    if filled - lineStart > Self.longestLine {
      filled = lineStart + LogRecord.limit
      isSkipping = true
    }
    makeRoom()
  }

  private func move(_ range: Range<Int>, to place: Int) {
    guard let base = buffer.baseAddress, range.lowerBound != place else { return }
    memmove(base + place, base + range.lowerBound, range.count)
  }

  /// Moves the entry and the line that are not whole yet to the front.
  private mutating func makeRoom() {
    if entry.isEmpty {
      move(lineStart..<filled, to: 0)
      filled -= lineStart
      lineStart = 0
      return
    }
    let kept = min(entry.count, LogRecord.limit)
    move(entry.lowerBound..<entry.lowerBound + kept, to: 0)
    // With a break between, as before.
    let rest = filled - lineStart
    move(lineStart..<filled, to: kept + 1)
    buffer[kept] = 0x0A
    entry = 0..<kept
    lineStart = kept + 1
    filled = lineStart + rest
  }

  private mutating func take(_ range: Range<Int>, _ grouping: inout Grouping) {
    number += 1
    var line = Bytes(rebasing: buffer[range])
    if line.count > Self.longestLine { line = line.part(0..<LogRecord.limit) }
    if line.last == 0x0D { line = line.part(0..<line.count - 1) }
    let end = range.lowerBound + line.count
    if let front = fronts.read(line) ?? fronts.readPart(line) {
      flush(&grouping)
      entry = range.lowerBound..<end
      entryFront = front
      entryTime = front.time
      (entryLine, entryLines) = (number, 1)
    } else if Continuation.goesOn(entryLines > 0 ? bytes(entry) : nil, entryFront, lines: entryLines, with: line) {
      entryLines += 1
      // One that is full, or has lost bytes to a long line, grows no more.
      if entry.count < LogRecord.limit { entry = entry.lowerBound..<end }
    } else {
      flush(&grouping)
      guard !line.isEmpty else { return grouping.skip(lines: 1) }
      entry = range.lowerBound..<end
      entryFront = nil
      entryTime = nil
      (entryLine, entryLines) = (number, 1)
    }
  }

  private func bytes(_ range: Range<Int>) -> Bytes { Bytes(rebasing: buffer[range]) }

  // MARK: Entries

  private var isWhole: Bool {
    guard let entryFront, lineStart == filled else { return false }
    return Scan.tail(of: bytes(entry), from: entryFront.end) < entry.count
  }

  private mutating func flush(_ grouping: inout Grouping) {
    guard entryLines > 0 else { return }
    let kept = entry.lowerBound..<entry.lowerBound + min(entry.count, LogRecord.limit)
    grouping.take(
      RawRecord(bytes: bytes(kept), front: entryFront ?? Front(), time: entryTime, line: entryLine, lines: entryLines))
    entry = 0..<0
    entryLines = 0
  }
}
