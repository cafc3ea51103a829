public import Findings

/// How the checks are given: the values of `--output`.
public enum DoctorFormat: String, Sendable, Hashable, CaseIterable {
  case text, short, json, junit, prometheus, html

  /// For programs, or for a viewer: not for a terminal.
  public var isDocument: Bool { ![.text, .short].contains(self) }
}

extension DoctorAnswer {
  /// All findings, with what they quote; it takes secrets out of whatever is shown.
  public func report(version: String) -> Report {
    Report(
      command: "doctor", version: version, findings: findings, members: members, sources: sources, secrets: secrets,
      order: .asGiven)
  }

  /// The whole output, its last line ended.
  public func rendered(_ report: Report, as format: DoctorFormat, _ options: RenderOptions) -> String {
    switch format {
    case .text: DoctorText(answer: self, report, options).text
    case .short: report.shown(verdict.line) + "\n"
    case .json: report.rendered(as: .json, options: options)
    case .junit: DoctorJUnit(answer: self, report, options).text
    case .prometheus: DoctorMetrics(answer: self, report).text
    case .html: DoctorPage(answer: self, report).text
    }
  }

  /// What could not be asked comes before what was found.
  public func status(_ report: Report, _ selection: Selection, exitZero: Bool) -> ExitStatus {
    let status = ExitStatus(for: findings, selection: selection, exitZero: exitZero)
    let isOpen =
      checks.contains(where: \.isUnanswered) || !checks.isEmpty && checks.allSatisfy { $0.status == .skipped }
    return status != .usage && isOpen ? .unfinished : status
  }
}
