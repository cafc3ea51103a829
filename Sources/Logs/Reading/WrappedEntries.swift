/// The entries of lines that came wrapped, each stream's by itself.
struct WrappedEntries {
  private var entries: [UInt64: PendingEntry] = [:]
  private var fronts = FrontReader()
  /// The stream that got a line last.
  private var last: UInt64?
  /// How far nginx' clock is from UTC, in seconds, as the entries told that have both times.
  private(set) var offset = 0

  /// More streams than that at one time are not told apart.
  private static let limit = 64

  var isEmpty: Bool { entries.isEmpty }

  /// Takes a text of one line or several.
  mutating func take(_ text: Bytes, _ wrapping: Wrapping, line: Int, _ grouping: inout Grouping) {
    var start = 0
    while let end = Scan.place(of: 0x0A, in: text, from: start) {
      takeLine(text.part(start..<end), wrapping, line, counts: start == 0, &grouping)
      start = end + 1
    }
    if start < text.count || start == 0 {
      takeLine(text.part(start..<text.count), wrapping, line, counts: start == 0, &grouping)
    }
    entries[wrapping.stream]?.isOpen = wrapping.goesOn
  }

  /// A line without anything around it, in the midst of others: it goes on with the last of them.
  mutating func goOn(_ text: Bytes, line: Int, _ grouping: inout Grouping) -> Bool {
    guard let last, entries[last] != nil else { return false }
    take(text, Wrapping(stream: last), line: line, &grouping)
    return true
  }

  private mutating func takeLine(
    _ text: Bytes, _ wrapping: Wrapping, _ number: Int, counts: Bool, _ grouping: inout Grouping
  ) {
    let text = text.last == 0x0D ? text.part(0..<text.count - 1) : text
    let lines = counts ? 1 : 0
    last = wrapping.stream
    if entries[wrapping.stream]?.isOpen == true {
      entries[wrapping.stream]?.append(text, breaks: false)
      entries[wrapping.stream]?.lines += lines
      entries[wrapping.stream]?.isOpen = false
      return
    }
    let front = fronts.read(text) ?? fronts.readPart(text)
    if front == nil, let entry = entries[wrapping.stream], entry.goesOn(with: text) {
      entries[wrapping.stream]?.append(text, breaks: true)
      entries[wrapping.stream]?.lines += lines
      return
    }
    if entries.count >= Self.limit { flush(&grouping) }
    flush(wrapping.stream, &grouping)
    if text.isEmpty { return grouping.skip(lines: lines) }
    if let time = wrapping.time, let local = front?.time { learn(local - time) }
    var entry = PendingEntry(
      front: front, time: wrapping.time ?? front?.time.map { $0 - offset }, line: number, lines: lines)
    entry.append(text, breaks: false)
    entries[wrapping.stream] = entry
  }

  /// Time zones are a multiple of 15 minutes away.
  private mutating func learn(_ difference: Int) {
    guard abs(difference) < 15 * 3600 else { return }
    offset = (difference + (difference < 0 ? -450 : 450)) / 900 * 900
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
    // In the order of their lines.
    for (stream, entry) in entries.sorted(by: { ($0.value.line, $0.key) < ($1.value.line, $1.key) }) {
      if onlyWhole, entry.isOpen || !entry.isWhole { continue }
      flush(stream, &grouping)
    }
  }
}
