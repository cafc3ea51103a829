import APISIX
import SourceText

/// What the value of a field is, by its name, in exports of logs.
enum LogField: Equatable {
  /// The line; the lower the number, the likelier.
  case text(Int)
  /// The line, below such a field.
  case value
  case time
  /// Whose the line is.
  case stream
  /// Whether the line goes on with the next piece.
  case piece
  case values
  case labels
  case other

  init(_ name: [UInt8]) {
    switch String(decoding: name, as: UTF8.self) {
    case "log": self = .text(0)
    case "line", "Line": self = .text(1)
    case "message", "MESSAGE", "Message": self = .text(2)
    case "msg", "@message", "original", "textPayload", "_raw", "body", "LogEntry", "LogMessage", "Content":
      self = .text(3)
    case "stringValue": self = .value
    case "time", "@timestamp", "timestamp", "ts", "__REALTIME_TIMESTAMP", "timeUnixNano", "_time", "TimeGenerated":
      self = .time
    case "logtag", "_LINE_BREAK", "CONTAINER_PARTIAL_MESSAGE": self = .piece
    case "values": self = .values
    // What Fluent Bit and others say of the pod stands below the last.
    case "stream", "labels", RegistryKind.kubernetes.rawValue: self = .labels
    case "pod", "pod_name", "podName", "container", "container_name", "containerName", "container_id", "host",
      "hostname", "instance", "filename", "file", "name", "logStreamName", "_HOSTNAME", "_PID",
      "CONTAINER_NAME":
      self = .stream
    default: self = .other
    }
  }

  var isText: Bool { if case .text = self { true } else { false } }

  static func isDockers(_ name: [UInt8]) -> Bool {
    ["log", "stream", "time", "attrs"].contains { name.elementsEqual($0.utf8) }
  }

  /// What a `piece` says of one that is not the last of its line.
  static func goesOn(_ value: some Sequence<UInt8>) -> Bool {
    ["P", "true", "line-max"].contains { value.elementsEqual($0.utf8) }
  }
}

/// What was found in a record of an export so far.
struct FoundLine {
  var text: [UInt8]?
  var rank = Int.max
  var time: Int?
  var stream: UInt64 = 0
  /// The line goes on with the next piece.
  var goesOn = false
  /// Of `log`: whether it ends in a line break.
  var hasBreak: Bool?
  /// Whether all of its fields are those of docker's own files.
  var isDockers = true
  var line = 0

  var wrapping: Wrapping { Wrapping(time: time, stream: stream, goesOn: goesOn) }
}

extension FrontReader {
  /// The time of RFC 3339, or a number of seconds or smaller parts, in nanoseconds since 1970.
  mutating func readTime(_ text: [UInt8]) -> Int? {
    text.withUnsafeBytes { readTime($0, at: 0)?.time ?? Self.number($0) }
  }

  /// Of seconds, or of thousandths of them, once or more.
  static func number(_ text: Bytes) -> Int? {
    let digits = text.prefix { $0.isDigit }
    guard (9...19).contains(digits.count), var time = Int(String(decoding: digits, as: UTF8.self)) else { return nil }
    while time < 100_000_000_000_000_000 {
      let (product, isTooLarge) = time.multipliedReportingOverflow(by: 1000)
      guard !isTooLarge, time > 0 else { return nil }
      time = product
    }
    return time
  }
}

/// An object or an array that is read.
struct JSONContainer {
  var isArray: Bool
  /// Of the key that it stands under.
  var part: LogField
  /// An object that is one entry: no part of another object.
  var isRecord: Bool
  /// In an object: the next string is a key.
  var wantsKey: Bool
  /// Behind a key and its colon: a value comes.
  var wantsValue = false
  /// Of the key that was read last.
  var member = LogField.other
}
