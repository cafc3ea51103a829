import Findings

/// For people: a line a check, below it what was found, the verdict at the end.
struct DoctorText {
  private let answer: DoctorAnswer
  private let report: Report
  private let options: RenderOptions
  private let style: Style

  init(answer: DoctorAnswer, _ report: Report, _ options: RenderOptions) {
    self.answer = answer
    self.report = report
    self.options = options
    style = Style(isOn: options.color)
  }

  var text: String {
    var lines: [String] = []
    for part in answer.installations {
      if let name = part.name { lines += (lines.isEmpty ? [] : [""]) + [style(.bold, shown(name))] }
      var category: Category?
      for check in part.checks {
        if check.category != category { lines.append(style(.bold, check.category.rawValue)) }
        category = check.category
        lines.append(line(check))
        lines += check.chain.map(line) + check.findings.filter(isTold).map(block)
      }
      if part.name != nil { lines.append(shown(Verdict(part.checks).line)) }
    }
    return (lines + ["", style(.bold, shown(answer.verdict.line))]).joined(separator: "\n") + "\n"
  }

  /// A note is told where it fails the run: what is fine says nothing more than its line.
  private func isTold(_ finding: Finding) -> Bool { finding.severity >= min(.warning, options.failOn) }

  private func line(_ check: CheckResult) -> String {
    let status = check.status
    let word = status.rawValue + String(repeating: " ", count: 8 - status.rawValue.count)
    return "  \(style(status.ink, "\(status.sign) \(word)")) \(shown(check.name))"
      + (check.remark.map { style(.dim, ": \(shown($0))") } ?? "")
  }

  private func line(_ link: Link) -> String {
    "    \(style(link.status.ink, link.status.sign)) \(link.name): \(shown(link.text))"
  }

  /// Indented below its check.
  private func block(_ finding: Finding) -> String {
    report.text(of: report.shown(finding), options).split(separator: "\n").map { "    \($0)" }.joined(separator: "\n")
  }

  private func shown(_ text: String) -> String { terminalSafe(report.shown(text)) }
}

extension CheckResult.Status {
  /// Beside its word, for the eye.
  var sign: String {
    switch self {
    case .ok: "✓"
    case .warning: "!"
    case .error: "✗"
    case .skipped: "-"
    case .unknown: "?"
    }
  }

  fileprivate var ink: Style.Ink {
    switch self {
    case .ok: .green
    case .warning: .yellow
    case .error: .red
    case .skipped: .dim
    case .unknown: .cyan
    }
  }
}

extension DoctorAnswer {
  /// The checks of each installation.
  var installations: [(name: String?, checks: [CheckResult])] {
    var all: [(name: String?, checks: [CheckResult])] = []
    for check in checks {
      if let last = all.indices.last, all[last].checks[0].place == check.place {
        all[last].checks.append(check)
      } else {
        all.append((check.installation, [check]))
      }
    }
    return all
  }
}
