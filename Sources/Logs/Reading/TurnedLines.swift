/// Lines of a log that comes newest first, as logcli, Grafana and Kibana give it, in the order of time: as many at a
/// time as have room.
struct TurnedLines {
  private var bytes: [UInt8] = []
  private var lines: [(start: Int, wrapping: Wrapping, number: Int)] = []

  private static let limit = 2 << 20

  var isEmpty: Bool { lines.isEmpty }
  var isFull: Bool { bytes.count > Self.limit || lines.count > Self.limit / 64 }

  mutating func append(_ text: Bytes, _ wrapping: Wrapping, _ number: Int) {
    lines.append((bytes.count, wrapping, number))
    bytes.append(contentsOf: text.prefix(LogRecord.limit))
  }

  /// The last one first.
  consuming func give(_ body: (Bytes, Wrapping, Int) -> Void) {
    var end = bytes.count
    bytes.withUnsafeBytes { bytes in
      for line in lines.reversed() {
        body(bytes.part(line.start..<end), line.wrapping, line.number)
        end = line.start
      }
    }
  }
}
