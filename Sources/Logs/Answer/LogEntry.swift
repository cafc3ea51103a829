import APISIX
import Findings
import Inputs
import JSON
import SourceText

/// A group of entries as it is told: without secrets, at its place.
struct LogEntry: Sendable {
  let group: LogGroup
  /// As it is named in findings.
  let file: String
  let sample: String
  /// The first few, `GET /path`.
  private let requests: [String]
  let values: [(name: String, text: String)]
  let finding: Finding

  /// - Parameter names: for the secrets of all entries, so that equal ones stay recognisable.
  init(_ group: LogGroup, of reading: LogRead, _ config: LogConfig?, _ names: inout SecretNames) {
    let aside =
      group.healing(reading.groups, end: reading.end)?.text ?? group.silence(until: reading.isOne ? reading.end : nil)
    var explanation = config.map { $0.judged(group.explanation) } ?? group.explanation
    if explanation.rule == NoValidUpstreamNode.rule, explanation[.reason] == "nil" {
      explanation.help = NoValidUpstreamNode.remaining(
        config?.kinds ?? reading.groups.compactMap(\.registry), reading.releases)
    }
    self.group = group
    file = group.place.shownFile
    sample = names.hidden(group.sample)
    requests = group.requests.map { names.hidden($0) }
    let tail = group.record.tail
    let ofRequest = [
      ("client", tail.client), ("request", group.requests.first), ("host", tail.host), ("request_id", tail.requestID),
    ]
    values =
      (explanation.values.map { ($0.name.rawValue, $0.text) }
      + ofRequest.compactMap { name, text in
        text.map { (name, shown($0)) }
      }).map { ($0.0, names.hidden($0.1)) }
    let start = Position(line: group.place.line, column: 1, offset: 0)
    let help = config.map { $0.help(of: explanation) } ?? explanation.help
    let finding = Finding(
      rule: explanation.rule, severity: explanation.severity,
      message: names.hidden(explanation.message) + (aside.map { "; \($0)" } ?? ""), file: file,
      range: SourceRange(start: start, end: start), help: help)
    let place = config?.place(of: explanation, server: group.server(in: reading.groups))
    self.finding = place.map { finding.moved(to: $0.file, $0.range, path: $0.path) } ?? finding
  }

  /// Whether it is told at its line of the log.
  var isInLog: Bool { finding.file == file }

  /// As in `groups` of the document.
  /// - Parameter parts: what explains some of its entries, with how many.
  func json(causedBy cause: LogEntry?, _ parts: [(entry: LogEntry, count: Int?)] = []) -> JSONValue {
    [
      "id": .string(group.id), "rule": .string(finding.rule.id), "severity": .string(finding.severity.rawValue),
      "message": .string(finding.message), "count": JSONValue(group.count),
      "requests": group.requestCount == 0 ? nil : JSONValue(group.requestCount),
      "paths": requests.isEmpty ? nil : .array(requests.map { .string($0) }),
      "first": JSONValue(group.first.flatMap(LogTimes.iso)), "last": JSONValue(group.last.flatMap(LogTimes.iso)),
      "file": .string(file), "line": JSONValue(group.place.line), "sample": .string(sample),
      "values": .object(JSONObject(values.map { .init(key: $0.name, value: .string($0.text)) })),
      "causedBy": JSONValue(cause?.group.id),
      "causes": parts.isEmpty
        ? nil : .array(parts.map { ["id": .string($0.entry.group.id), "count": JSONValue($0.count)] }),
      "help": finding.help.map { .string($0) },
    ]
  }

  /// How often, and when.
  var seen: String { seen(0) }

  /// - Parameter part: how many of its entries are meant; 0 for all.
  func seen(_ part: Int) -> String {
    let all = group.count == 1 ? "once" : "\(grouped(group.count)) times"
    let times = part == 0 ? all : "\(grouped(part)) of \(all)"
    let more = group.requestCount < LogGroup.requestLimit ? "" : " or more"
    // Whose paths they are is not known of a part.
    let many = part == 0 ? "\(grouped(group.requestCount))\(more) paths" : nil
    let paths = group.requestCount > 1 ? many : requests.first
    let shown = paths.map { $0.count > 120 ? $0.prefix(119) + "…" : $0 }
    let span = group.first.flatMap { first in group.last.map { LogTimes.text(first, to: $0) } }
    return [times, shown, span].compactMap { $0 }.joined(separator: ", ")
  }
}

extension LogGroup {
  /// The one server that is named by what follows from it at once, as Nacos' is.
  fileprivate func server(in groups: [LogGroup]) -> String? {
    let named = Set(groups.compactMap { $0.explained[number] == nil ? nil : $0.explanation[.server] })
    return named.count == 1 ? named.first : nil
  }
}

extension LogGroup.Place {
  /// As it is named in findings.
  var shownFile: String { file == "-" ? InputFile.standardInputName : file }
}
