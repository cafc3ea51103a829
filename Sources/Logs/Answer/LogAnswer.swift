import APISIX
import Common
public import Findings
import Inputs
public import JSON
import SourceText

/// What there is to say of logs that were read.
public struct LogAnswer: Sendable {
  /// Causes, then what requests were told, then what nothing explains, warnings and notes; each by time.
  let entries: [LogEntry]
  /// Of each entry the index of the one that explains it.
  let causes: [Int?]
  /// Of each entry all that explain a part of it, where `causes` does not say all.
  let parts: [[LogChain.Part]]
  let counts: LogCounts
  /// Whether a line was an entry of an error.log, or of what carries one.
  let isLog: Bool
  let folded: [FoldedEntries]
  private let files: [String]
  private let config: LogConfig?

  /// - Parameters:
  ///   - reading: what was read.
  ///   - files: all that were, as the user named them.
  ///   - config: nil where the causes stand at their lines of the log.
  public init(_ reading: LogRead = LogRead(), files: [String] = [], config: LogConfig? = nil) {
    // Named as they came, so that a name stays what it is while a log is followed.
    var names = SecretNames()
    self.init(
      reading, files: files, config: config, told: reading.groups.map { LogEntry($0, of: reading, config, &names) })
  }

  /// - Parameter told: of each group what is told of it.
  init(_ reading: LogRead, files: [String], config: LogConfig?, told: [LogEntry]) {
    let groups = reading.groups
    let chain = LogChain(groups)
    var ranks = groups.indices.map { groups[$0].rank(isTop: chain.causes[$0] == nil) }
    // Nothing stands before what explains it.
    for index in groups.indices {
      var above = index
      while let cause = chain.causes[above] {
        ranks[cause] = min(ranks[cause], ranks[above])
        above = cause
      }
    }
    let depths = groups.indices.map(chain.depth)
    let order = groups.indices.sorted { left, right in
      (ranks[left], depths[left]) == (ranks[right], depths[right])
        ? groups[left].stands(before: groups[right]) : (ranks[left], depths[left]) < (ranks[right], depths[right])
    }
    entries = order.map { told[$0] }
    let places = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
    causes = order.map { chain.causes[$0].flatMap { places[$0] } }
    parts = order.map { chain.parts[$0].compactMap { part in places[part.index].map { ($0, part.count) } } }
    counts = reading.counts
    isLog = reading.hasTimes || counts.read == 0
    folded = reading.folded
    self.files = files.map { $0 == "-" ? InputFile.standardInputName : $0 }
    self.config = config
  }

  var releases: LogReleases { LogReleases(entries.lazy.map(\.group.sample)) }

  /// What followed from an entry, and how many of its entries did; 0 where all did, or nobody knows.
  typealias Follower = (entry: LogEntry, part: Int)

  /// The entries that `selection` lets through, each with those below it, near or far.
  func told(_ selection: Selection) -> [(entry: LogEntry, followers: [Follower])] {
    let isTold = entries.map { selection.includes($0.finding) }
    func top(of index: Int) -> Int {
      var top = index
      while let cause = causes[top], isTold[cause] { top = cause }
      return top
    }
    var followers = [[Follower]](repeating: [], count: entries.count)
    var tops: [Int] = []
    for index in entries.indices where isTold[index] {
      let main = top(of: index)
      if main == index { tops.append(index) }
      // Where only the time tells, how many stays open: 0.
      var shares: [Int: Int] = [:]
      for part in parts[index] where isTold[part.index] { shares[top(of: part.index), default: 0] += part.count ?? 0 }
      if main != index { followers[main].append((entries[index], shares.count > 1 ? shares[main] ?? 0 : 0)) }
      for (top, count) in shares where top != index && top != main { followers[top].append((entries[index], count)) }
    }
    return tops.map { top in
      (entries[top], followers[top].sorted { $0.entry.group.stands(before: $1.entry.group) })
    }
  }

  /// The report: one finding a cause. What follows from a cause is told with it.
  /// - Parameter histogram: whether text shows when each came, a row a cause.
  public func report(
    _ command: String, version: String, _ selection: Selection, histogram: Bool = false
  ) -> Report {
    let findings = findings(selection)
    let config = config?.config
    return Report(
      command: command, version: version, files: files.map { Report.File(path: $0, kind: nil) }, findings: findings,
      members: members(selection), sources: config.map { [$0.path: $0.source] } ?? [:], order: .asGiven,
      words: { report, options in LogText(answer: self, report, options, histogram: histogram).text(selection) })
  }

  /// Of each group one entry as it stands in the log, without secrets, in the order in which they came.
  package var samples: [String] {
    entries.sorted { $0.group.number < $1.group.number }.map(\.sample)
  }

  /// The rules that explain the groups.
  package static func rules(inGroups document: JSONValue) -> Set<String> {
    Set(document["groups"]?.array?.compactMap { $0["rule"]?.string } ?? [])
  }

  /// One a cause. What follows from a cause is told with it.
  public func findings(_ selection: Selection) -> [Finding] {
    told(selection).map(\.entry.finding) + folded(selection).map(\.finding)
  }

  /// What the document has beside findings.
  public func members(_ selection: Selection) -> JSONObject {
    let folded = folded(selection)
    return [
      "apisixVersion": releases.json,
      "groups": .array(entries.indices.filter { selection.includes(entries[$0].finding) }.map(json)),
      "folded": folded.isEmpty ? nil : .array(folded.map(\.json)), "lines": counts.json,
    ]
  }

  /// Those of rules that `selection` lets through.
  func folded(_ selection: Selection) -> [FoldedEntries] { folded.filter { selection.includes($0.finding) } }

  /// One group as a line for programs.
  func json(of index: Int) -> JSONValue {
    let parts = parts[index].map { (entries[$0.index], $0.count) }
    return entries[index].json(causedBy: causes[index].map { entries[$0] }, parts)
  }
}

extension LogGroup {
  /// Where it stands among the others: what is wrong with discovery, then what is wrong with a request, an object or a
  /// node.
  func rank(isTop: Bool) -> Int {
    switch (explanation.severity, explanation.part) {
    case (.error, .cause): isTop ? 0 : 1
    case (.error, .request(let registry)): registry == nil ? 2 : 1
    case (.error, _): 3
    case (_, .cause): 4
    case (.warning, _): 5
    case (.note, _): 6
    }
  }
}

extension LogReleases {
  var json: JSONValue {
    span.map { ["min": .string($0.min.description), "max": .string($0.max.description)] } ?? .null
  }
}

extension FoldedEntries {
  /// `1,204 more entries with other values`
  var told: String { "\(grouped(count)) more \(count == 1 ? "entry" : "entries") with other values" }

  /// So that they are told in each format.
  var finding: Finding {
    let start = Position(line: place.line, column: 1, offset: 0)
    return Finding(
      rule: rule, severity: .note, message: "\(told): there are too many to tell one by one", file: place.shownFile,
      range: SourceRange(start: start, end: start))
  }

  var json: JSONValue {
    [
      "rule": .string(rule.id), "count": JSONValue(count), "first": JSONValue(first.flatMap(LogTimes.iso)),
      "last": JSONValue(last.flatMap(LogTimes.iso)),
    ]
  }
}

extension LogCounts {
  var json: JSONValue { ["read": JSONValue(read), "explained": JSONValue(explained), "other": JSONValue(other)] }

  /// `1,243 lines read: 1,240 explained, 3 others`
  var text: String {
    "\(grouped(read)) \(read == 1 ? "line" : "lines") read: \(grouped(explained)) explained, \(grouped(other)) "
      + (other == 1 ? "other" : "others")
  }
}
