import APISIX
import SourceText

/// Finds the lines of a log in JSON, one document a line or all in one, as it comes: docker's, journald's, and what
/// Loki, Elasticsearch and others export. Nothing of it is kept but the line, its time and whose it is.
struct JSONLines {
  private enum State {
    case between, string, escape, unicode, scalar, plain
  }

  private var state = State.between
  private var containers: [JSONContainer] = []
  private var found: [FoundLine] = []
  /// The string or number that is read; at most `limit` bytes of it.
  private var word: [UInt8] = []
  /// The last byte of it, however long it is.
  private var lastByte: UInt8?
  private var digits = 0
  private var unit: UInt32 = 0
  private var high: UInt32?
  /// The elements of an array below `values`: `["1700000000000000000", "LINE"]`.
  private var pair: [[UInt8]] = []
  private var line: Int
  /// How many lines were found; an object without any counts as one.
  private(set) var count = 0
  /// How many there were when the outermost object began.
  private var countBefore = 0
  private var fronts = FrontReader()
  private var wrappings = WrappingReader()
  /// docker writes `log` with its line break; one without is a piece.
  private var hasBreaks = false

  private static let limit = LogRecord.limit + 1024
  private static let depth = 100

  /// - Parameter line: the number of the first.
  init(line: Int = 1) { self.line = line }

  /// Hands on each line that it finds.
  mutating func feed(_ bytes: Bytes, _ entries: inout WrappedEntries, _ grouping: inout Grouping) {
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      switch state {
      case .between:
        between(byte, &entries, &grouping)
      case .string:
        // All at once as far as nothing special comes.
        var end = index
        while end < bytes.count, bytes[end] != UInt8(ascii: "\""), bytes[end] != UInt8(ascii: "\\"), bytes[end] != 0x0A
        {
          end += 1
        }
        append(bytes.part(index..<end))
        index = end
        guard end < bytes.count else { return }
        switch bytes[end] {
        case UInt8(ascii: "\""):
          state = .between
          endOfString()
        case UInt8(ascii: "\\"): state = .escape
        default:
          endOfText()
          startAnew(&entries, &grouping)
        }
      case .escape: escape(byte)
      case .unicode: unicode(byte)
      case .scalar:
        if byte.isAlphanumeric || "+-.".utf8.contains(byte) {
          append(byte)
        } else {
          state = .between
          endOfScalar()
          continue
        }
      case .plain:
        if byte == 0x0A {
          give(word, Wrapping(), line, &entries, &grouping)
          startAnew(&entries, &grouping)
        } else {
          append(byte)
        }
      }
      index += 1
    }
  }

  /// Whether what was read last has no end yet.
  var isOpen: Bool { !containers.isEmpty || state == .plain }

  mutating func finish(_ entries: inout WrappedEntries, _ grouping: inout Grouping) {
    switch state {
    case .plain: give(word, Wrapping(), line, &entries, &grouping)
    case .string, .escape, .unicode: endOfText()
    case .between, .scalar: break
    }
    startAnew(&entries, &grouping)
  }

  // MARK: Bytes

  private mutating func append(_ byte: UInt8) {
    lastByte = byte
    if word.count < Self.limit { word.append(byte) }
  }

  private mutating func append(_ bytes: Bytes) {
    lastByte = bytes.last ?? lastByte
    word.append(contentsOf: bytes.prefix(Self.limit - word.count))
  }

  private mutating func startAnew(_ entries: inout WrappedEntries, _ grouping: inout Grouping) {
    line += 1
    state = .between
    giveUp(&entries, &grouping)
  }

  /// What is open has no end: it was cut off.
  private mutating func giveUp(_ entries: inout WrappedEntries, _ grouping: inout Grouping) {
    for record in found { give(record, isWhole: false, &entries, &grouping) }
    containers.removeAll(keepingCapacity: true)
    found.removeAll(keepingCapacity: true)
    pair = []
  }

  private mutating func between(_ byte: UInt8, _ entries: inout WrappedEntries, _ grouping: inout Grouping) {
    switch byte {
    case 0x0A: line += 1
    case 0x20, 0x09, 0x0D: break
    case UInt8(ascii: ":"):
      if let last = containers.indices.last { containers[last].wantsValue = true }
    case UInt8(ascii: ","):
      if let last = containers.indices.last {
        containers[last].wantsKey = !containers[last].isArray
        containers[last].wantsValue = false
      }
    case UInt8(ascii: "\""):
      begin(.string)
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      if let last = containers.last, !last.isArray, !last.wantsValue { giveUp(&entries, &grouping) }
      open(isArray: byte == UInt8(ascii: "["))
    case UInt8(ascii: "}"), UInt8(ascii: "]"): close(&entries, &grouping)
    default:
      let isBracket =
        containers.count == 1 && containers[0].isArray && byte.isAlphanumeric && !byte.isDigit
        && !"tfn".utf8.contains(byte)
      if isBracket { giveUp(&entries, &grouping) }
      begin(containers.isEmpty ? .plain : .scalar)
      // `[pod/NAME/CONTAINER] ` among lines of JSON.
      if isBracket { append(UInt8(ascii: "[")) }
      append(byte)
    }
  }

  private mutating func begin(_ state: State) {
    self.state = state
    word.removeAll(keepingCapacity: true)
    lastByte = nil
  }

  private mutating func escape(_ byte: UInt8) {
    state = .string
    switch byte {
    case UInt8(ascii: "n"): append(0x0A)
    case UInt8(ascii: "t"): append(0x09)
    case UInt8(ascii: "r"): append(0x0D)
    case UInt8(ascii: "b"): append(0x08)
    case UInt8(ascii: "f"): append(0x0C)
    case UInt8(ascii: "u"): (state, digits, unit) = (.unicode, 0, 0)
    default: append(byte)
    }
  }

  private mutating func unicode(_ byte: UInt8) {
    let letter = byte | 0x20
    let value = byte.isDigit ? byte - 0x30 : (0x61...0x66).contains(letter) ? letter - 0x57 : 0
    unit = unit << 4 | UInt32(value)
    digits += 1
    guard digits == 4 else { return }
    state = .string
    if (0xD800..<0xDC00).contains(unit) {
      high = unit
      return
    }
    if let high, (0xDC00..<0xE000).contains(unit) { unit = 0x10000 + (high - 0xD800) << 10 + unit - 0xDC00 }
    high = nil
    for byte in String(Unicode.Scalar(unit) ?? "\u{FFFD}").utf8 { append(byte) }
  }

  // MARK: Values

  private mutating func open(isArray: Bool) {
    guard containers.count < Self.depth else { return }
    let outer = containers.last
    if outer == nil { countBefore = count }
    let isRecord = !isArray && outer?.isArray != false
    let part = outer.map { $0.isArray ? $0.part : $0.member } ?? .other
    containers.append(JSONContainer(isArray: isArray, part: part, isRecord: isRecord, wantsKey: !isArray))
    if isRecord { found.append(FoundLine(line: line)) }
    // What holds a list of lines is none itself.
    if isArray { countBefore = -1 }
    if isArray, outer?.isArray == true, part == .values { pair = [] }
  }

  private mutating func close(_ entries: inout WrappedEntries, _ grouping: inout Grouping) {
    guard let closed = containers.popLast() else { return }
    if closed.isRecord, let record = found.popLast() { give(record, &entries, &grouping) }
    if containers.isEmpty, !closed.isArray, count == countBefore {
      count += 1
      grouping.skip(lines: 1)
    }
    if closed.isArray, closed.part == .values, containers.last?.isArray == true, pair.count > 1 {
      give(
        pair[1], Wrapping(time: fronts.readTime(pair[0]), stream: found.last?.stream ?? 0), line, &entries, &grouping)
      pair = []
    }
  }

  private mutating func give(
    _ record: FoundLine, isWhole: Bool = true, _ entries: inout WrappedEntries, _ grouping: inout Grouping
  ) {
    guard let text = record.text else { return }
    var wrapping = record.wrapping
    if let hasBreak = record.hasBreak, isWhole {
      hasBreaks = hasBreaks || hasBreak
      wrapping.goesOn = wrapping.goesOn || !hasBreak && (hasBreaks || record.isDockers && record.time != nil)
    }
    give(text, wrapping, record.line, &entries, &grouping)
  }

  private mutating func give(
    _ text: [UInt8], _ wrapping: Wrapping, _ line: Int, _ entries: inout WrappedEntries, _ grouping: inout Grouping
  ) {
    count += 1
    text.withUnsafeBytes {
      let wrapping = wrappings.read($0, in: wrapping)
      entries.take($0.part(wrapping.start..<text.count), wrapping, line: line, &grouping)
    }
  }

  private mutating func endOfString() {
    guard let last = containers.indices.last else { return }
    if containers[last].wantsKey {
      containers[last].member = LogField(word)
      if let record = found.indices.last, containers[last].isRecord {
        found[record].isDockers = found[record].isDockers && LogField.isDockers(word)
      }
      containers[last].wantsKey = false
    } else if containers[last].isArray, containers[last].part == .values {
      if pair.count < 2 { pair.append(word) }
    } else {
      endOfText()
    }
  }

  /// The value of a member, or one of several.
  private mutating func endOfText() {
    guard let last = containers.last, let record = found.indices.last, !last.wantsKey else { return }
    switch (last.isArray ? last.part : last.member, last.part) {
    case (.text(let rank), _), (.value, .text(let rank)): offer(word, rank, of: record)
    case (.time, _): found[record].time = found[record].time ?? fronts.readTime(word)
    case (.piece, _): found[record].goesOn = LogField.goesOn(word)
    case (.stream, _), (.labels, _), (_, .labels): addStream(record)
    default: break
    }
  }

  /// In whatever order the fields stand.
  private mutating func addStream(_ record: Int) {
    found[record].stream &+= word.withUnsafeBytes { Scan.hash($0, seed: 2) }
  }

  /// The one with nginx' front is taken, else the first by its name.
  private mutating func offer(_ text: [UInt8], _ rank: Int, of record: Int) {
    let hasFront = text.withUnsafeBytes { fronts.read($0) != nil || fronts.readPart($0) != nil }
    let rank = hasFront ? rank - 10 : rank
    guard rank < found[record].rank else { return }
    found[record].text = text
    found[record].rank = rank
    found[record].hasBreak = rank == 0 || rank == -10 ? lastByte == 0x0A : nil
  }

  private mutating func endOfScalar() {
    guard let last = containers.indices.last, let record = found.indices.last else { return }
    let part = containers[last].isArray ? containers[last].part : containers[last].member
    if part == .time { found[record].time = found[record].time ?? fronts.readTime(word) }
    // journald gives a text that is no UTF-8 as numbers.
    if containers[last].isArray, case .text(let rank) = part,
      let byte = UInt8(String(decoding: word, as: UTF8.self)), found[record].rank >= rank
    {
      found[record].rank = rank
      if found[record].text == nil { found[record].text = [] }
      if found[record].text?.count ?? 0 < Self.limit { found[record].text?.append(byte) }
    }
  }
}
