import Findings
import SourceText

/// The text format of Prometheus, for a text-file collector or a Pushgateway.
struct DoctorMetrics {
  let answer: DoctorAnswer
  private let report: Report

  init(answer: DoctorAnswer, _ report: Report) { (self.answer, self.report) = (answer, report) }

  private typealias Sample = (labels: [(String, String)], value: Int)

  var text: String {
    let parts = answer.installations.map(\.checks)
    return metric(
      "gatecheck_healthy", "Whether no error was found and everything could be asked.",
      parts.map { (labels($0[0]), Verdict($0).word == .healthy ? 1 : 0) })
      + metric(
        "gatecheck_checks", "Checks by their status.",
        parts.flatMap { checks in
          CheckResult.Status.allCases.map { status in
            (labels(checks[0]) + [("status", status.rawValue)], checks.count { $0.status == status })
          }
        })
      + metric(
        "gatecheck_check_ok", "Whether a check found no error; absent where it was skipped or is unknown.",
        answer.checks.filter { $0.reason == nil }.map {
          (labels($0) + [("category", $0.category.rawValue), ("name", $0.name)], $0.status == .error ? 0 : 1)
        })
      + metric("gatecheck_findings", "Findings by their rule; without one 0 where there are none.", findings)
      + metric("gatecheck_run_timestamp_seconds", "When all this was looked at.", [([], answer.time)])
  }

  /// A Pushgateway forgets the samples of a metric only where it is given others: hence the 0.
  private var findings: [Sample] {
    answer.installations.flatMap { part -> [Sample] in
      let place = labels(part.checks[0])
      let all = Dictionary(grouping: part.checks.flatMap(\.findings)) { "\($0.rule.id) \($0.severity.rawValue)" }
      if all.isEmpty { return [(place, 0)] }
      return all.sorted { $0.key < $1.key }.map { _, same in
        (place + [("rule", same[0].rule.id), ("severity", same[0].severity.rawValue)], same.count)
      }
    }
  }

  private func labels(_ check: CheckResult) -> [(String, String)] {
    [("cluster", check.place.cluster ?? ""), ("installation", check.place.workload ?? "")]
  }

  /// One with its help and samples; of two with the same labels the first.
  private func metric(_ name: String, _ help: String, _ samples: [Sample]) -> String {
    var seen: Set<String> = []
    let lines = samples.compactMap { sample -> String? in
      let labels = sample.labels.filter { !$0.1.isEmpty }.map { "\($0.0)=\"\(escaped($0.1))\"" }
      let series = name + (labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}")
      return seen.insert(series).inserted ? "\(series) \(sample.value)\n" : nil
    }
    return "# HELP \(name) \(help)\n# TYPE \(name) gauge\n" + lines.joined()
  }

  private func escaped(_ text: String) -> String {
    report.shown(text).escaped(["\\": "\\\\", "\"": "\\\"", "\n": "\\n"])
  }
}
