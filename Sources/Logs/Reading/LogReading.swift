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
  /// The time of the latest entry, also of those out of the range; nil where none has one.
  public var end: Int? { grouping.end }
  /// What has too many different values to be groups.
  public var folded: [FoldedEntries] { grouping.folded }

  /// Reads logs to their ends, the one that begins first first, whatever the order in which they are named.
  /// - Parameter arguments: paths, or `-` for standard input.
  public mutating func read(_ arguments: [String], patience: Patience = .endless) throws(FileError) {
    var order: [(time: Int, argument: String)] = []
    for argument in arguments {
      // What is no file cannot be read twice.
      guard arguments.count > 1, argument != "-", try FileSystem.kind(of: argument) == .file else {
        order.append((.max, argument))
        continue
      }
      var reader = LogFileReader(try ByteStream(argument))
      order.append((try reader.look().start ?? .max, argument))
    }
    for (_, argument) in order.sorted(by: { $0 < $1 }) { try read(argument, patience: patience) }
  }

  /// Reads one log to its end.
  /// - Parameters:
  ///   - argument: a path, or `-` for standard input.
  ///   - following: goes on at its end.
  ///   - whenQuiet: gets the groups that are new or have grown, each time when there is nothing more to read for now.
  public mutating func read(
    _ argument: String, following: ByteStream.Following? = nil, patience: Patience = .endless,
    whenQuiet: (([LogGroup]) -> Void)? = nil
  ) throws(FileError) {
    let stream = try ByteStream(argument, following: following, patience: patience)
    grouping.tellsChanges = whenQuiet != nil
    try read(stream, named: argument) { grouping in
      guard let whenQuiet, !grouping.changed.isEmpty else { return }
      whenQuiet(grouping.changed.sorted().map { grouping.groups[$0] })
      grouping.changed = []
    }
  }

  /// Reads a log that comes from elsewhere.
  /// - Parameter name: what its places say.
  public mutating func read(_ stream: consuming ByteStream, named name: String) throws(FileError) {
    try read(stream, named: name) { _ in }
  }

  private mutating func read(
    _ stream: consuming ByteStream, named name: String, whenQuiet: (inout Grouping) -> Void
  ) throws(FileError) {
    grouping.file = name
    var reader = LogFileReader(stream)
    try reader.run(into: &grouping, whenQuiet: whenQuiet)
  }
}
