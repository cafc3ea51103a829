/// Reads `journalctl -o export`: fields, one a line, `NAME=VALUE`; a value with line breaks or other control characters
/// as its length in eight bytes and its bytes. A blank line ends an entry.
struct JournalExport {
  private var message: [UInt8]?
  private var time: Int?
  private var stream: UInt64 = 0
  private var goesOn = false
  private var start = 0
  private var number = 0
  /// The value that is read by its length: what is known of it, and whether it is the message.
  private var binary: Binary?

  private struct Binary {
    var head: [UInt8] = []
    var rest = 0
    var isMessage: Bool
  }

  static func begins(_ bytes: Bytes) -> Bool {
    bytes.starts(with: "__CURSOR=") || bytes.starts(with: "__REALTIME_TIMESTAMP=")
  }

  mutating func take(_ line: Bytes, _ entries: inout WrappedEntries, _ grouping: inout Grouping) {
    number += 1
    if binary != nil, !Self.begins(line) {
      for byte in line { takeBinary(byte) }
      return takeBinary(0x0A)
    }
    binary = nil
    if line.isEmpty || line.starts(with: "__CURSOR=") { finish(&entries, &grouping) }
    if start == 0 { start = number }
    guard let equals = Scan.place(of: UInt8(ascii: "="), in: line) else {
      if !line.isEmpty { binary = Binary(isMessage: line.elementsEqual("MESSAGE".utf8)) }
      return
    }
    let value = line.part(equals + 1..<line.count)
    switch LogField(Array(line.part(0..<equals))) {
    case .text: message = Array(value)
    case .time: time = FrontReader.number(value)
    case .stream: stream &+= Scan.hash(value, seed: 2)
    case .piece: goesOn = LogField.goesOn(value)
    default: break
    }
  }

  private mutating func takeBinary(_ byte: UInt8) {
    guard let value = binary else { return }
    if value.head.count < 8 {
      binary?.head.append(byte)
      guard value.head.count == 7 else { return }
      // Longer than that is not: the next entry's first field is waited for.
      binary?.rest = (value.head.prefix(6) + [0, 0]).reversed().reduce(0) { $0 << 8 | Int($1) }
      if value.isMessage { message = [] }
    } else if value.rest > 0 {
      binary?.rest -= 1
      if value.isMessage, message?.count ?? 0 < LogRecord.limit { message?.append(byte) }
    } else {
      // The line break behind it.
      binary = nil
    }
  }

  mutating func finish(_ entries: inout WrappedEntries, _ grouping: inout Grouping) {
    let wrapping = Wrapping(time: time, stream: stream, goesOn: goesOn)
    message?.withUnsafeBytes { entries.take($0, wrapping, line: start, &grouping) }
    (message, time, stream, goesOn, start) = (nil, nil, 0, false, 0)
  }
}
