import SourceText

/// What stands before a line that a program passed on: `[pod/NAME/CONTAINER] ` and the time of kubectl, CRI's
/// `TIME stderr F `, journald's `Nov 28 11:02:16 HOST PROGRAM[123]: `, or anything before nginx' own front.
struct Wrapping {
  /// Where the line begins.
  var start = 0
  /// In UTC, where that is told.
  var time: Int?
  /// Of whom it is: lines of several may come in turns.
  var stream: UInt64 = 0
  /// Whether the next piece of the same stream is of the same line.
  var goesOn = false
}

/// Tells what lines are wrapped in, each by itself: a log may be of several sources.
struct WrappingReader {
  private var fronts = FrontReader()
  /// What stood before nginx' front, by its length and what it is but for digits: lines of a trace have it too.
  private var prefixes: [(count: Int, hash: UInt64)] = []

  /// nil for a line as nginx wrote it.
  /// - Parameter line: without nginx' front at its beginning.
  mutating func read(_ line: Bytes) -> Wrapping? {
    guard let first = line.first, first != UInt8(ascii: "\t"), first != UInt8(ascii: ","), first != UInt8(ascii: "{")
    else { return nil }
    var wrapping = Wrapping()
    if line.starts(with: "[pod/"), let end = Self.place(of: "] ", in: line, limit: 400) {
      wrapping.stream = Scan.hash(line.part(0..<end), seed: 1)
      wrapping.start = end + 2
    }
    if let (time, end) = fronts.readTime(line, at: wrapping.start), end < line.count, line[end] == 0x20 {
      wrapping.time = time
      wrapping.start = end + 1
      if let program = Self.program(line, from: end + 1) {
        wrapping.stream = Scan.hash(line.part(end + 1..<program), seed: 1)
        wrapping.start = program
      } else {
        readCRI(line, &wrapping)
      }
    } else if wrapping.start == 0, Self.isSyslogTime(line), let program = Self.program(line, from: 16) {
      wrapping.stream = Scan.hash(line.part(16..<program), seed: 1)
      wrapping.start = program
    }
    return wrapping.start > 0 ? wrapping : unknown(line)
  }

  /// `stderr F `, or `P` where the line goes on.
  private func readCRI(_ line: Bytes, _ wrapping: inout Wrapping) {
    let start = wrapping.start
    guard line.starts(with: "stderr ", at: start) || line.starts(with: "stdout ", at: start), start + 8 < line.count,
      [UInt8(ascii: "F"), UInt8(ascii: "P")].contains(line[start + 7]), line[start + 8] == 0x20
    else { return }
    wrapping.stream ^= UInt64(line[start + 4])
    wrapping.goesOn = line[start + 7] == UInt8(ascii: "P")
    wrapping.start = start + 9
  }

  /// `Nov 28 11:02:16 `
  private static func isSyslogTime(_ line: Bytes) -> Bool {
    line.count > 20 && line[3] == 0x20 && line[6] == 0x20 && line[9] == UInt8(ascii: ":")
      && line[12] == UInt8(ascii: ":") && line[15] == 0x20 && line[7].isDigit && line[14].isDigit
      && line[0] &- UInt8(ascii: "A") < 26
  }

  /// Where the message begins behind `HOST PROGRAM[123]: `.
  private static func program(_ line: Bytes, from start: Int) -> Int? {
    guard let blank = Scan.place(of: 0x20, in: line, from: start), blank > start, blank - start < 256,
      let end = place(of: ": ", in: line.part(0..<min(line.count, blank + 200)), from: blank + 1, limit: .max),
      Scan.place(of: 0x20, in: line.part(0..<end), from: blank + 1) == nil, line[end - 1] == UInt8(ascii: "]")
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

  /// Anything before nginx' front: a pod's name, `apisix-1  | `, the file that grep found it in.
  private mutating func unknown(_ line: Bytes) -> Wrapping? {
    var place = 0
    while let slash = Scan.place(of: UInt8(ascii: "/"), in: line, from: place), slash < 260 {
      place = slash + 1
      guard slash > 4, fronts.read(line, at: slash - 4) != nil else { continue }
      let start = slash - 4
      let blanks = line.part(0..<start).allSatisfy { $0 == 0x20 }
      if blanks { return nil }
      let hash = Scan.maskedHash(line.part(0..<start), seed: UInt64(start))
      if prefixes.count < 64, !prefixes.contains(where: { $0.hash == hash }) { prefixes.append((start, hash)) }
      return Wrapping(start: start, stream: hash)
    }
    for (count, hash) in prefixes where count <= line.count {
      if Scan.maskedHash(line.part(0..<count), seed: UInt64(count)) == hash {
        return Wrapping(start: count, stream: hash)
      }
    }
    return nil
  }
}
