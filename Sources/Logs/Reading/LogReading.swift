import APISIX
public import Inputs

/// What the entries of logs say, put together. Memory and the number of groups have limits, whatever comes.
public struct LogReading: ~Copyable {
  private var grouping: Grouping

  /// - Parameter range: seconds since 1970 on the log's clock; entries at other times are left out, those without a
  ///   time are not.
  public init(range: ClosedRange<Int> = Int.min...Int.max) { grouping = Grouping(range: range) }

  /// In the order in which they came.
  public var groups: [LogGroup] { grouping.groups }
  public var counts: LogCounts { grouping.counts }
  /// The time of the latest entry in the range; nil where none has one.
  public var end: Int? { grouping.end }
  /// The time of the latest wanted entry that is no more than an hour after another one.
  public var steadyEnd: Int? { grouping.steadyEnd }
  /// Whether one file alone was read, and no pod's name stood before its lines.
  public var isOne: Bool { grouping.isOne && files < 2 }
  private var files = 0
  /// What has too many different values to be groups.
  public var folded: [FoldedEntries] { grouping.folded }

  /// Reads logs to their ends, the one that begins first first, whatever the order in which they are named.
  /// - Parameter arguments: paths, or `-` for standard input.
  public mutating func read(_ arguments: [String], patience: Patience = .endless) throws(FileError) {
    defer { grouping.settle() }
    let logs = try Self.byTime(arguments)
    var passed = 0
    for (index, log) in logs.enumerated() {
      grouping.file = log
      files += 1
      var reader = LogFileReader(try ByteStream(log, patience: patience), passed: passed)
      passed = try reader.run(into: &grouping) { cut throws(FileError) in
        index + 1 < logs.count ? try RotatedLog.rest(of: cut, from: log, in: logs[index + 1]) : []
      }
    }
  }

  /// Reads a log that comes from elsewhere.
  /// - Parameter name: what its places say.
  public mutating func read(_ stream: consuming ByteStream, named name: String) throws(FileError) {
    defer { grouping.settle() }
    grouping.file = name
    files += 1
    var reader = LogFileReader(stream)
    try reader.run(into: &grouping)
  }

  /// Reads logs, and what is written to them later on.
  /// - Parameters:
  ///   - later: the range for what is written from now on.
  ///   - isCancelled: asked several times a second; once true what is there has been read.
  ///   - whenQuiet: gets the groups that are new or have grown, each time when there is nothing more to read for now.
  public mutating func follow(
    _ arguments: [String], later: ClosedRange<Int> = Int.min...Int.max, patience: Patience = .endless,
    isCancelled: () -> Bool, whenQuiet: ([LogGroup]) -> Void
  ) throws(FileError) {
    defer { grouping.settle() }
    let watch = FileWatch()
    var logs: [FollowedLog] = []
    for argument in try Self.byTime(arguments) {
      logs.append(FollowedLog(argument, try ByteStream(argument, watch: watch, patience: patience)))
    }
    grouping.tellsChanges = true
    files = logs.count
    while !logs.isEmpty {
      let isOver = isCancelled()
      var isSettled = true
      for log in logs {
        grouping.file = log.name
        if try log.readOn(&grouping, isOver: isOver) { isSettled = false }
      }
      logs.removeAll(where: \.isOver)
      grouping.settle()
      if !grouping.changed.isEmpty { whenQuiet(grouping.changed.sorted().map { grouping.groups[$0] }) }
      grouping.changed = []
      if isSettled { grouping.range = later }
      // The rest of an entry comes at once, if at all.
      if !logs.isEmpty { watch.wait(atMost: .milliseconds(isSettled ? 250 : 3)) }
    }
  }

  /// Whether a file is a log, or what `apisix start` printed, by its first line; packed or JSON, by its start.
  public static func isLog(_ bytes: [UInt8]) -> Bool {
    guard bytes.first != UInt8(ascii: "#") else { return false }
    var head = bytes.starts(with: [0x1F, 0x8B]) ? bytes[...] : bytes.prefix(LogFileReader.longestLine)
    if head.withUnsafeBytes({ LogLayout($0) == .lines }), head.first != 0x1F {
      head = head.prefix { $0 != 0x0A }
      if head.withUnsafeBytes({ PrintedLine.start(in: $0) }) == 0 { return true }
    }
    var reader = LogFileReader(ByteStream(Array(head), name: ""))
    return (try? reader.look().hasTime) ?? false
  }

  private static func byTime(_ arguments: [String]) throws(FileError) -> [String] {
    var order: [(time: Int, argument: String)] = []
    for argument in arguments {
      // What is no file cannot be read twice.
      guard arguments.count > 1, argument != "-", FileSystem.exists(argument),
        try FileSystem.kind(of: argument) == .file
      else {
        order.append((.max, argument))
        continue
      }
      var reader = LogFileReader(try ByteStream(argument))
      order.append((try reader.look().start ?? .max, argument))
    }
    return order.sorted { $0 < $1 }.map(\.argument)
  }
}

/// One of several logs that are read by turns.
private final class FollowedLog {
  let name: String
  var reader: LogFileReader
  private(set) var isOver = false

  init(_ name: String, _ stream: consuming ByteStream) {
    self.name = name
    reader = LogFileReader(stream)
  }

  /// Reads what is there for now.
  /// - Parameter isOver: nothing is waited for any more.
  /// - Returns: whether there was anything.
  func readOn(_ grouping: inout Grouping, isOver: Bool) throws(FileError) -> Bool {
    var isNew = false
    while true {
      switch try reader.step(into: &grouping) {
      case .bytes where !isOver: isNew = true
      case .none where !isOver: return isNew
      case .bytes, .none, .end:
        reader.finish(&grouping)
        self.isOver = true
        return isNew
      }
    }
  }
}
