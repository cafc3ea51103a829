public import Findings

/// Entries of a log that say one and the same thing.
public struct LogGroup: Sendable {
  public struct Place: Sendable, Hashable {
    /// As the user named it.
    public let file: String
    /// From 1: the first of the entry's lines.
    public let line: Int
  }

  /// Which one it is of `LogReading.groups`, from 0: in the order in which they came.
  public let number: Int
  /// The same from run to run, in whatever order the files come: what is explained by the same rule with equal values.
  public let id: String
  public let explanation: Explanation
  /// The first entry, taken apart; at most `LogGroup.sampleLimit` bytes of its text.
  public let record: LogRecord
  /// The first entry as it stands in the log, at most `LogGroup.sampleLimit` bytes of it, secrets and all.
  public let sample: String
  /// Where the earliest entry stands.
  public internal(set) var place: Place
  /// How many entries.
  public internal(set) var count = 0
  /// Of the earliest and the latest, seconds since 1970, as nginx' clock showed it: in UTC where what wrapped the lines
  /// tells its zone. nil where no entry has a time.
  public internal(set) var first, last: Int?
  /// How many of its entries came in the same request, or the same run of a timer, after one of another group: by that
  /// group's number.
  public internal(set) var explained: [Int: Int] = [:]
  /// The first few of its requests, `GET /path` without the query, none twice.
  public internal(set) var requests: [String] = []
  /// How many different ones there are; `LogGroup.requestLimit` stands for that many or more.
  public internal(set) var requestCount = 0
  /// The processes that wrote it, the first 64 of them.
  public internal(set) var processes: [Int] = []
  public internal(set) var histogram = Histogram()

  public static let sampleLimit = 2 << 10
  public static let requestLimit = 256
  static let requestTexts = 8
  static let processLimit = 64
}

/// What was read, in lines; those outside the range of time that was asked for are not counted.
public struct LogCounts: Sendable, Hashable {
  public internal(set) var read = 0
  /// Those of entries that a rule explains.
  public internal(set) var explained = 0
  /// Those that have nothing to do with discovery.
  public var other: Int { read - explained }
}

/// Entries that a rule explains, but with so many different values that they are no groups of their own.
public struct FoldedEntries: Sendable {
  public let rule: Rule
  /// Where the first of them stands.
  public let place: LogGroup.Place
  public internal(set) var count = 0
  public internal(set) var first, last: Int?
}
