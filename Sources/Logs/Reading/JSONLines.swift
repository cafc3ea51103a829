import APISIX
import SourceText

/// Finds the lines of a log in JSON, one document a line or all in one, as it comes: docker's, journald's, and what
/// Loki, Elasticsearch and others export. Nothing of it is kept but the line, its time and whose it is.
struct JSONLines {
  /// What a key's value is.
  private enum Part: Equatable {
    case text(Int)
    case time
    case stream
    case values
    case labels
    case other

    init(_ key: [UInt8]) {
      switch String(decoding: key, as: UTF8.self) {
      case "log": self = .text(0)
      case "line": self = .text(1)
      case "message", "MESSAGE": self = .text(2)
      case "msg", "@message", "original", "textPayload", "_raw": self = .text(3)
      case "time", "@timestamp", "timestamp", "ts", "__REALTIME_TIMESTAMP": self = .time
      case "values": self = .values
      // What Fluent Bit and others say of the pod stands below the last.
      case "stream", "labels", RegistryKind.kubernetes.rawValue: self = .labels
      case "pod", "pod_name", "container", "container_name", "container_id", "host", "hostname", "instance", "filename",
        "name", "_HOSTNAME", "_PID":
        self = .stream
      default: self = .other
      }
    }
  }

  private struct Container {
    var isArray: Bool
    /// Of the key that it stands under.
    var part: Part
    /// An object that is one entry: no part of another object.
    var isRecord: Bool
    /// In an object: the next string is a key.
    var wantsKey: Bool
    /// Of the key that was read last.
    var member = Part.other
  }

  /// What was found in an object so far.
  private struct Found {
    var text: [UInt8]?
    var rank = Int.max
    var time: Int?
    var stream: UInt64 = 0
    /// A piece of docker's, without its end.
    var goesOn = false
    var line = 0
  }

  private enum State {
    case between, string, escape, unicode, scalar, plain
  }

  private var state = State.between
  private var containers: [Container] = []
  private var found: [Found] = []
  /// The string or number that is read; at most `limit` bytes of it.
  private var word: [UInt8] = []
  private var wordLength = 0
  private var digits = 0
  private var unit: UInt32 = 0
  private var high: UInt32?
  /// The elements of an array below `values`: `["1700000000000000000", "LINE"]`.
  private var pair: [[UInt8]] = []
  private var line: Int
  /// How many lines were found.
  private(set) var count = 0
  private var fronts = FrontReader()

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
          endOfString(&entries, &grouping)
        case UInt8(ascii: "\\"): state = .escape
        default: startAnew()
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
          endOfPlain(&entries, &grouping)
          startAnew()
        } else {
          append(byte)
        }
      }
      index += 1
    }
  }

  mutating func finish(_ entries: inout WrappedEntries, _ grouping: inout Grouping) {
    if state == .plain { endOfPlain(&entries, &grouping) }
    startAnew()
  }

  // MARK: Bytes

  private mutating func append(_ byte: UInt8) {
    wordLength += 1
    if word.count < Self.limit { word.append(byte) }
  }

  private mutating func append(_ bytes: Bytes) {
    wordLength += bytes.count
    word.append(contentsOf: bytes.prefix(Self.limit - word.count))
  }

  private mutating func startAnew() {
    line += 1
    state = .between
    containers.removeAll(keepingCapacity: true)
    found.removeAll(keepingCapacity: true)
    pair = []
  }

  private mutating func between(_ byte: UInt8, _ entries: inout WrappedEntries, _ grouping: inout Grouping) {
    switch byte {
    case 0x0A: line += 1
    case 0x20, 0x09, 0x0D, UInt8(ascii: ":"): break
    case UInt8(ascii: ","):
      if let last = containers.indices.last { containers[last].wantsKey = !containers[last].isArray }
    case UInt8(ascii: "\""):
      begin(.string)
    case UInt8(ascii: "{"), UInt8(ascii: "["): open(isArray: byte == UInt8(ascii: "["))
    case UInt8(ascii: "}"), UInt8(ascii: "]"): close(&entries, &grouping)
    default:
      begin(containers.isEmpty ? .plain : .scalar)
      append(byte)
    }
  }

  private mutating func begin(_ state: State) {
    self.state = state
    word.removeAll(keepingCapacity: true)
    wordLength = 0
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
    let isRecord = !isArray && outer?.isArray != false
    let part = outer.map { $0.isArray ? $0.part : $0.member } ?? .other
    containers.append(Container(isArray: isArray, part: part, isRecord: isRecord, wantsKey: !isArray))
    if isRecord { found.append(Found(line: line)) }
    if isArray, outer?.isArray == true, part == .values { pair = [] }
  }

  private mutating func close(_ entries: inout WrappedEntries, _ grouping: inout Grouping) {
    guard let closed = containers.popLast() else { return }
    if closed.isRecord, let record = found.popLast(), let text = record.text {
      give(
        text, Wrapping(time: record.time, stream: record.stream, goesOn: record.goesOn), record.line, &entries,
        &grouping)
    }
    if closed.isArray, closed.part == .values, containers.last?.isArray == true, pair.count > 1 {
      give(pair[1], Wrapping(time: time(pair[0]), stream: found.last?.stream ?? 0), line, &entries, &grouping)
      pair = []
    }
  }

  private mutating func give(
    _ text: [UInt8], _ wrapping: Wrapping, _ line: Int, _ entries: inout WrappedEntries, _ grouping: inout Grouping
  ) {
    count += 1
    text.withUnsafeBytes { entries.take($0, wrapping, line: line, &grouping) }
  }

  private mutating func endOfString(_ entries: inout WrappedEntries, _ grouping: inout Grouping) {
    guard let last = containers.indices.last else { return }
    if containers[last].wantsKey {
      containers[last].member = Part(word)
      containers[last].wantsKey = false
      return
    }
    if containers[last].isArray {
      if containers[last].part == .values, pair.count < 2 { pair.append(word) }
      return
    }
    guard let record = found.indices.last else { return }
    switch containers[last].member {
    case .text(let rank): offer(word, rank, of: record)
    case .time: found[record].time = found[record].time ?? time(word)
    case .stream, .labels: addStream(record)
    case .values, .other: if containers[last].part == .labels { addStream(record) }
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
    found[record].goesOn = wordLength == 16 << 10 && text.last != 0x0A
  }

  private mutating func endOfScalar() {
    guard let last = containers.indices.last, let record = found.indices.last else { return }
    let part = containers[last].isArray ? containers[last].part : containers[last].member
    if part == .time { found[record].time = found[record].time ?? time(word) }
    // journald gives a text that is no UTF-8 as numbers.
    if containers[last].isArray, case .text(let rank) = part,
      let byte = UInt8(String(decoding: word, as: UTF8.self)), found[record].rank >= rank
    {
      found[record].rank = rank
      if found[record].text == nil { found[record].text = [] }
      if found[record].text?.count ?? 0 < Self.limit { found[record].text?.append(byte) }
    }
  }

  private mutating func endOfPlain(_ entries: inout WrappedEntries, _ grouping: inout Grouping) {
    give(word, Wrapping(), line, &entries, &grouping)
  }

  /// Of RFC 3339, or a number of seconds or smaller parts.
  private mutating func time(_ text: [UInt8]) -> Int? {
    if let read = text.withUnsafeBytes({ fronts.readTime($0, at: 0) }) { return read.time }
    let digits = text.prefix { $0.isDigit }
    guard (9...19).contains(digits.count), var time = Int(String(decoding: digits, as: UTF8.self)) else { return nil }
    while time >= 100_000_000_000 { time /= 1000 }
    return time
  }
}
