public import APISIX
public import Inputs

/// What was read of logs.
public struct LogRead: Sendable {
  var groups: [LogGroup] = []
  var counts = LogCounts()
  var folded: [FoldedEntries] = []
  /// Of the entries that were wanted, without one that is hours after all others.
  var end: Int?
  /// Whether an entry has a time.
  var hasTimes = false
  /// Whether all of it is of one gateway: then what one cause does not say at its end no other one hides.
  var isOne = true

  /// The one that wrote it, where that is known.
  var release: Release?

  public init(release: Release? = nil) { self.release = release }

  var releases: [Release] { release.map { [$0] } ?? LogReleases(groups.lazy.map(\.sample)).possible }

  init(_ reading: borrowing LogReading, _ release: Release? = nil) {
    self.release = release
    (groups, counts, folded, end) = (reading.groups, reading.counts, reading.folded, reading.steadyEnd)
    hasTimes = reading.end != nil
    isOne = reading.isOne
  }
}

/// Which logs are to be read, and what of them.
public struct LogQuestion: Sendable {
  public var files: [String]
  /// What is read in place of the files, and what each is called.
  public var texts: [(name: String, bytes: [UInt8])]?
  public var since, until: LogTime?
  /// The one that wrote them, where that is known.
  public var release: Release?
  /// Goes on at the ends of the logs.
  public var follows = false
  /// Once true what was read until then is the answer.
  public var isCancelled: @Sendable () -> Bool = { false }

  public init(_ files: [String]) { self.files = files }

  /// Reads them.
  /// - Parameters:
  ///   - now: seconds since 1970, the end from which a span of time counts where the last entry is not known.
  ///   - whenQuiet: gets what is new or has grown while a log is followed.
  public func ask(now: Int, whenQuiet: @escaping ([LogGroup]) -> Void = { _ in }) throws(FileError) -> LogRead {
    let range = try range(now: now)
    var reading = LogReading(range: range)
    do throws(FileError) {
      if let texts {
        for text in texts { try reading.read(ByteStream(text.bytes, name: text.name), named: text.name) }
      } else if follows {
        // What comes later is later than any span, whatever the log's clock says.
        let later = since?.isSpan == true && until == nil ? Int.min...Int.max : range
        try reading.follow(files, later: later, patience: patience, isCancelled: isCancelled, whenQuiet: whenQuiet)
      } else {
        try reading.read(files, patience: patience)
      }
    } catch {
      if !isCancelled() { throw error }
    }
    return LogRead(reading, release)
  }

  private var patience: Patience { Patience(isCancelled: isCancelled) }

  /// Of files that can be read twice, and do not go on, the last entry is the end.
  private func range(now: Int) throws(FileError) -> ClosedRange<Int> {
    var end = now
    if !follows, [since, until].contains(where: { $0?.isSpan == true }), files.allSatisfy(Self.isFile) {
      var reading = LogReading()
      try reading.read(files, patience: patience)
      end = reading.end ?? now
    }
    let first = since?.first(before: end) ?? .min
    let last = until?.last(before: end) ?? .max
    // An empty one is that of a time which no log has.
    return first <= last ? first...last : .max ... .max
  }

  private static func isFile(_ path: String) -> Bool { path != "-" && (try? FileSystem.kind(of: path)) == .file }
}
