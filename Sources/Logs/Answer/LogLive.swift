public import APISIX
public import Findings
import Inputs
import JSON

/// What is shown while a log is followed: each group when it comes, and when it has grown.
public struct LogLive {
  private let files: [String]
  private let config: LogConfig?
  private let selection: Selection
  private let form: OutputFormat
  private let options: RenderOptions
  private let version: String
  /// Hides what config.yaml has of secrets.
  private let hiding: Report
  private var read: LogRead
  /// Of each group what is told of it, so that only what has changed is made anew.
  private var told: [LogEntry] = []
  private var names = SecretNames()
  /// Of each group what was shown last.
  private var shown: [Int: (count: Int, last: Int)] = [:]

  /// - Parameter form: json, text or short; others are none for a log that goes on.
  public init(
    _ files: [String], _ config: LogConfig?, _ selection: Selection, as form: OutputFormat, _ options: RenderOptions,
    version: String, release: Release? = nil
  ) {
    read = LogRead(release: release)
    self.files = files
    self.config = config
    self.selection = selection
    self.form = form
    self.options = options
    self.version = version
    hiding = LogAnswer(config: config).report("logs explain", version: version, selection)
  }

  /// Lines for groups that are new or have grown.
  public mutating func text(of changed: [LogGroup]) -> String {
    for group in changed {
      if group.number < read.groups.count { read.groups[group.number] = group } else { read.groups.append(group) }
      if let last = group.last { (read.end, read.hasTimes) = (max(read.end ?? last, last), true) }
    }
    for group in changed {
      let entry = LogEntry(group, of: read, config, &names)
      if group.number < told.count { told[group.number] = entry } else { told.append(entry) }
    }
    let answer = LogAnswer(read, files: files, config: config, told: told)
    let text = LogText(answer: answer, hiding, options, histogram: false)
    let numbers = Set(changed.map(\.number))
    return answer.entries.indices.map { index in
      let entry = answer.entries[index]
      guard numbers.contains(entry.group.number), selection.includes(entry.finding) else { return "" }
      if form == .json { return hiding.shown(answer.json(of: index)).text() + "\n" }
      guard isWorthwhile(entry.group) else { return "" }
      let isNew = shown.updateValue((entry.group.count, entry.group.last ?? 0), forKey: entry.group.number) == nil
      return isNew ? text.live(index, short: form == .short) : form == .short ? "" : text.again(entry)
    }.joined()
  }

  /// Behind all that was shown: what there was in all.
  /// - Parameter answer: of all that was read.
  public func end(_ answer: LogAnswer) -> String {
    guard form == .text else { return "" }
    let report = answer.report("logs explain", version: version, selection)
    return LogText(answer: answer, report, options, histogram: false).end(selection)
  }

  /// A group that grows without end is told of at each doubling, or after half a minute.
  private func isWorthwhile(_ group: LogGroup) -> Bool {
    guard let before = shown[group.number] else { return true }
    return group.count >= 2 * before.count || (group.last ?? 0) >= before.last + 30
  }
}
