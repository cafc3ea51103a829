import APISIX

/// An entry that may have more lines, as they come out of what wraps them.
struct PendingEntry {
  var bytes: [UInt8] = []
  /// nil for what a command printed.
  var front: Front?
  var time: Int?
  /// Where its first line stands, and how many there are.
  var line = 0
  var lines = 0
  /// Where its last line stands.
  var touched = 0

  mutating func append(_ text: Bytes, breaks: Bool) {
    guard bytes.count < LogRecord.limit else { return }
    if breaks { bytes.append(0x0A) }
    bytes.append(contentsOf: text.prefix(LogRecord.limit - bytes.count))
  }

  /// Whether nginx' end stands in it: no line goes on with it then.
  var isWhole: Bool {
    guard let front else { return false }
    return bytes.withUnsafeBytes { Scan.tail(of: $0, from: front.end) < $0.count }
  }

  func goesOn(with line: Bytes) -> Bool {
    bytes.withUnsafeBytes { Continuation.goesOn($0, front, lines: lines, with: line) }
  }
}

/// Which lines go on with the entry before them.
enum Continuation {
  /// - Parameters:
  ///   - front: of the entry; nil for what a command printed.
  ///   - line: it has no front.
  static func goesOn(_ entry: Bytes, _ front: Front?, lines: Int, with line: Bytes) -> Bool {
    guard lines < 1000 else { return false }
    if isTail(line) { return true }
    // Only what lacks nginx' end may hold a text of several lines.
    guard let front else { return false }
    return Scan.tail(of: entry, from: front.end) == entry.count && !isAccess(line)
      && PrintedLine.start(in: line) != 0
  }

  /// Whether a line can be nothing else.
  static func isTail(_ line: Bytes) -> Bool {
    if let first = line.first, first == UInt8(ascii: "\t") || first == 0x20 || first == UInt8(ascii: ",") {
      return true
    }
    return line.starts(with: "stack traceback:") || line.starts(with: "coroutine ")
  }

  /// `10.0.0.1 - - [28/Nov/2026:11:02:16 +0000] …`, which the access log of the same container has.
  static func isAccess(_ line: Bytes) -> Bool {
    guard let blank = Scan.place(of: 0x20, in: line), blank < 64 else { return false }
    return line.starts(with: "- ", at: blank + 1)
  }
}
