import Findings
import SourceText

/// The answer for people: a cause with the line that shows it, how often it came and when, what to do, what followed.
struct LogText {
  private let answer: LogAnswer
  private let report: Report
  private let options: RenderOptions
  private let histogram: LogHistogram.Frame?

  init(answer: LogAnswer, _ report: Report, _ options: RenderOptions, histogram: Bool) {
    self.answer = answer
    self.report = report
    self.options = options
    self.histogram = histogram ? LogHistogram.Frame(answer.entries.map(\.group), width: options.width) : nil
  }

  func text(_ selection: Selection) -> String {
    answer.told(selection).map { block($0.entry, $0.followers) + "\n" }.joined() + end(selection)
  }

  /// What is told behind the groups.
  func end(_ selection: Selection) -> String {
    let folded = answer.folded(selection).map { report.shown("and \($0.told) [\($0.rule.id)]\n") }
    return folded.joined() + closing(isEmpty: !answer.entries.contains { selection.includes($0.finding) }) + "\n"
  }

  /// One group on its own.
  private func block(_ entry: LogEntry, _ followers: [LogAnswer.Follower] = [], because cause: LogEntry? = nil)
    -> String
  {
    var before = [LabelledLine(quoteLabel(entry), cut(report.shown(entry.sample), options.width))]
    before.append(LabelledLine("seen:", entry.seen))
    if let row = histogram?.row(entry.group) { before.append(LabelledLine("when:", row)) }
    if let cause { before.append(LabelledLine("because:", told(cause))) }
    let after = followers.filter { $0.entry.finding.severity > .note }.map { follower in
      LabelledLine("then:", told(follower.entry, besides: entry.file, part: follower.part))
    }
    return report.text(of: report.shown(entry.finding), before: before, after: after, options)
  }

  /// A group that has just come, with what explains it.
  func live(_ index: Int, short: Bool) -> String {
    let entry = answer.entries[index]
    if short { return headline(report.shown(entry.finding), color: options.color) + "\n" }
    let cause = answer.causes[index].map { answer.entries[$0] }
    return block(entry, because: cause) + "\n"
  }

  /// One that came before.
  func again(_ entry: LogEntry) -> String { "again: \(told(entry))\n\n" }

  /// The line alone where the finding names the file.
  private func quoteLabel(_ entry: LogEntry) -> String {
    let line = String(entry.group.place.line)
    return entry.isInLog ? "\(line) |" : "\(terminalSafe(entry.file)):\(line) |"
  }

  /// - Parameter file: is not named again.
  private func told(_ entry: LogEntry, besides file: String? = nil, part: Int = 0) -> String {
    let place = "\(entry.file == file ? "line " : entry.file + ":")\(entry.group.place.line)"
    return report.shown("\(terminalSafe(entry.finding.message)) [\(entry.finding.rule.id)]\n")
      + "\(terminalSafe(place)), \(entry.seen(part))"
  }

  private func closing(isEmpty: Bool) -> String {
    let releases = answer.releases.text.map { "; written by \($0)" } ?? ""
    let nothing =
      !answer.entries.isEmpty
      ? "--select and --ignore leave out all that was found"
      : answer.isLog ? "nothing is wrong with service discovery" : "no line is an entry of APISIX's error.log"
    let what = isEmpty ? nothing : report.summary.text
    return "\(what); \(answer.counts.text)\(releases)"
  }

  /// Safe for a terminal, in one line that fits.
  private func cut(_ text: String, _ width: Int) -> String {
    let safe = terminalSafe(text)
    let room = max(width, 20)
    return safe.utf8.count <= room || safe.count <= room ? safe : safe.prefix(room - 1) + "…"
  }
}
