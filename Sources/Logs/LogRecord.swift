public import APISIX

/// One entry of a log, of one line or several, taken apart.
public struct LogRecord: Sendable {
  /// nginx' front, `2026/11/28 11:02:16 [error] 41#41: *6 `; nil for what a command prints on a terminal.
  public var head: LogHead?
  /// Between nginx' front and its end, `, client: …` or `, context: ngx.timer`; at most `LogRecord.limit` bytes.
  public var text: String
  public var tail: LogTail
  /// nil where it is none of the sentences that APISIX writes.
  public var words: Words?
  /// Whether the log cut it off: the last values may lack their ends.
  public var isCut: Bool

  /// The most bytes of an entry that are kept.
  public static let limit = 16 << 10

  public init(head: LogHead? = nil, text: String, tail: LogTail = LogTail(), words: Words? = nil, isCut: Bool = false) {
    self.head = head
    self.text = text
    self.tail = tail
    self.words = words
    self.isCut = isCut
  }
}

/// The front that nginx gives each entry.
public struct LogHead: Sendable, Hashable {
  public enum Level: String, Sendable, Comparable, CaseIterable {
    case debug, info, notice, warn, error, crit, alert, emerg

    public static func < (left: Level, right: Level) -> Bool {
      (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
    }
  }

  /// Seconds since 1970 of what the clock showed; the log does not tell its time zone.
  public var time: Int
  public var level: Level
  public var process: Int
  /// The number behind the star; nil where there is none, as at the start.
  public var connection: Int?

  public init(time: Int, level: Level, process: Int, connection: Int? = nil) {
    self.time = time
    self.level = level
    self.process = process
    self.connection = connection
  }
}

/// What nginx writes behind the message of an entry about a request.
public struct LogTail: Sendable, Hashable {
  public var client: String?
  public var server: String?
  /// `GET /path HTTP/1.1`
  public var request: String?
  /// `http://10.1.2.3:8080/path`
  public var upstream: String?
  public var host: String?
  public var requestID: String?

  public init() {}
}
