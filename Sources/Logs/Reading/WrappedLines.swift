import SourceText

/// What stands before a line that a program passed on: `[pod/NAME/CONTAINER] ` and the time of kubectl, CRI's
/// `TIME stderr F `, journald's `Nov 28 11:02:16 HOST PROGRAM[123]: `, or anything before nginx' own front.
struct Wrapping {
  /// Where the line begins.
  var start = 0
  /// In nanoseconds since 1970, in UTC, where that is told.
  var time: Int?
  /// Of whom it is: lines of several may come in turns.
  var stream: UInt64 = 0
  /// Whether the next piece of the same stream is of the same line.
  var goesOn = false
  /// Whether JSON is what such a wrapping is for.
  var holdsJSON = false
}

/// Tells what lines are wrapped in, each by itself: a log may be of several sources.
struct WrappingReader {
  private var fronts = FrontReader()
  private var prefixes = Prefixes()

  /// nil for a line as nginx wrote it.
  /// - Parameter line: without nginx' front at its beginning.
  mutating func read(_ line: Bytes) -> Wrapping? {
    guard let first = line.first, first != UInt8(ascii: "\t"), first != UInt8(ascii: ","), first != UInt8(ascii: "{")
    else { return nil }
    var wrapping = Wrapping()
    if !readTime(line, &wrapping) {
      let end = Self.name(line)
      if end > 0 { wrapping = Wrapping(start: end, stream: Scan.hash(line.part(0..<end), seed: 1)) }
      wrapping.holdsJSON = line[0] == 0x1E || line.starts(with: "data: {")
      if !readTime(line, &wrapping), let (source, end) = Self.journal(line, from: end) {
        wrapping.stream &+= Scan.hash(line.part(source..<end), seed: 1)
        wrapping.start = end
      }
    }
    if !wrapping.holdsJSON { prefixes.read(line, &wrapping) }
    return wrapping.start > 0 ? wrapping : nil
  }

  /// What came wrapped may be so once more: Loki and others hold lines of CRI's files as they are.
  mutating func read(_ text: Bytes, in outer: Wrapping) -> Wrapping {
    guard fronts.read(text) == nil, fronts.readPart(text) == nil, var wrapping = read(text) else { return outer }
    wrapping.time = wrapping.time ?? outer.time
    wrapping.stream &+= outer.stream
    wrapping.goesOn = wrapping.goesOn || outer.goesOn
    return wrapping
  }

  /// A time of RFC 3339 and what comes behind it.
  private mutating func readTime(_ line: Bytes, _ wrapping: inout Wrapping) -> Bool {
    guard let (time, end) = fronts.readTime(line, at: wrapping.start), end < line.count, line[end].isSpace else {
      return false
    }
    wrapping.time = time
    wrapping.start = end + 1
    readSource(line, isTab: line[end] == UInt8(ascii: "\t"), &wrapping)
    return true
  }

  /// What names the source at the very beginning: `[pod/NAME/CONTAINER] `, `NAME  | ` of compose, `POD CONTAINER ` of
  /// stern, and what journalctl has before JSON.
  private static func name(_ line: Bytes) -> Int {
    if line.starts(with: "[pod/"), let end = place(of: "] ", in: line, limit: 400) { return end + 2 }
    if line[0] == 0x1E { return 1 }
    if line.starts(with: "data: {") { return 6 }
    guard let blank = Scan.place(of: 0x20, in: line.part(0..<min(line.count, 260))), blank > 1 else { return 0 }
    var end = blank
    while end < line.count, line[end] == 0x20 { end += 1 }
    if line.starts(with: "| ", at: end) { return end + 2 }
    guard end == blank + 1, isPod(line.part(0..<blank)), let next = Scan.place(of: 0x20, in: line, from: end),
      next > end, line.part(end..<next).allSatisfy({ $0.isSmall || $0 == UInt8(ascii: "-") })
    else { return 0 }
    return next + 1
  }

  /// `NAME-x2x4z` of a Deployment, `NAME-0` of a StatefulSet.
  private static func isPod(_ word: Bytes) -> Bool {
    guard let hyphen = word.lastIndex(of: UInt8(ascii: "-")), hyphen > 0,
      word.allSatisfy({ $0.isSmall || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") })
    else { return false }
    let end = word.part(hyphen + 1..<word.count)
    return !end.isEmpty && end.count < 4 && end.allSatisfy(\.isDigit)
      || end.count == 5 && end.allSatisfy("bcdfghjklmnpqrstvwxz2456789".utf8.contains)
  }

  /// What comes behind a time: `HOST PROGRAM[123]: `, `stderr F ` (`P` where the line goes on), a tag between tabs, or
  /// Loki's labels.
  private func readSource(_ line: Bytes, isTab: Bool, _ wrapping: inout Wrapping) {
    let start = wrapping.start
    if let end = Self.program(line, from: start) {
      wrapping.start = end
    } else if isTab,
      let tab = Scan.place(of: UInt8(ascii: "\t"), in: line.part(0..<min(line.count, start + 260)), from: start)
    {
      wrapping.start = tab + 1
      wrapping.holdsJSON = true
    } else if line.starts(with: "{", at: start), !line.starts(with: "{\"", at: start),
      let end = Self.place(of: "} ", in: line, from: start, limit: start + 2000)
    {
      wrapping.start = end + 2
      while wrapping.start < line.count, line[wrapping.start] == 0x20 { wrapping.start += 1 }
    } else if line.starts(with: "stderr ", at: start) || line.starts(with: "stdout ", at: start),
      start + 8 < line.count, "FP".utf8.contains(line[start + 7]), line[start + 8] == 0x20
    {
      wrapping.stream &+= UInt64(line[start + 4])
      wrapping.goesOn = line[start + 7] == UInt8(ascii: "P")
      wrapping.start = start + 9
      return
    }
    if wrapping.start > start { wrapping.stream &+= Scan.hash(line.part(start..<wrapping.start), seed: 1) }
  }

  /// journald's other forms: `Nov 28 11:02:16 HOST PROGRAM: `, and with a number in brackets behind a time of any form.
  private static func journal(_ line: Bytes, from start: Int) -> (source: Int, end: Int)? {
    if isSyslogTime(line, start), let end = program(line, from: start + 16, needsNumber: false) {
      return (start + 16, end)
    }
    guard start < line.count, line[start].isDigit || line[start] == UInt8(ascii: "[") || line[start] &- 0x41 < 26,
      let end = place(of: "]: ", in: line, from: start, limit: start + 300)
    else { return nil }
    var place = start
    var digits = 0
    // HOST is the first word with a letter behind those of the time: `Sat 2026-11-28 11:02:16 UTC `, `[  99.5] `.
    while place < end, let blank = Scan.place(of: 0x20, in: line.part(0..<end), from: place), blank - start < 64 {
      if digits > 4, let end = program(line, from: place) { return (place, end) }
      digits += line.part(place..<blank).count(where: \.isDigit)
      place = blank + 1
    }
    return nil
  }

  /// `Nov 28 11:02:16 `
  private static func isSyslogTime(_ line: Bytes, _ start: Int) -> Bool {
    guard line.count > start + 20, line[start] &- UInt8(ascii: "A") < 26 else { return false }
    return line[start + 3] == 0x20 && line[start + 6] == 0x20 && line[start + 9] == UInt8(ascii: ":")
      && line[start + 12] == UInt8(ascii: ":") && line[start + 15] == 0x20 && line[start + 7].isDigit
      && line[start + 14].isDigit
  }

  /// Where the message begins behind `HOST PROGRAM[123]: `.
  private static func program(_ line: Bytes, from start: Int, needsNumber: Bool = true) -> Int? {
    guard let blank = Scan.place(of: 0x20, in: line, from: start), blank > start, blank - start < 256,
      let end = place(of: ": ", in: line.part(0..<min(line.count, blank + 200)), from: blank + 1, limit: .max),
      Scan.place(of: 0x20, in: line.part(0..<end), from: blank + 1) == nil,
      !needsNumber || line[end - 1] == UInt8(ascii: "]") && line[end - 2].isDigit
    else { return nil }
    return end + 2
  }

  private static func place(of text: StaticString, in line: Bytes, from start: Int = 0, limit: Int) -> Int? {
    var place = start
    while let found = Scan.place(of: text.utf8Start[0], in: line, from: place), found < limit {
      if line.starts(with: text, at: found) { return found }
      place = found + 1
    }
    return nil
  }
}
