import Findings

/// One page of HTML for a ticket or a wall, which needs nothing else: no script, no font, no image.
struct DoctorPage {
  let answer: DoctorAnswer
  private let report: Report

  init(answer: DoctorAnswer, _ report: Report) { (self.answer, self.report) = (answer, report) }

  var text: String {
    let verdict = answer.verdict
    let parts = answer.installations
    let sections = parts.map { parts.count > 1 ? folded($0) : section($0.checks) }
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>gatecheck doctor: \(verdict.word.rawValue)</title>
      <style>
      \(Self.style)
      </style>
      </head>
      <body>
      <h1 class="\(verdict.word.name)">\(verdict.word.rawValue)</h1>
      <p>\(shown(verdict.text))</p>
      \(parts.count > 1 ? table : "")\(sections.joined())
      <footer>gatecheck \(shown(report.version))</footer>
      </body>
      </html>

      """
  }

  /// Every cluster of a fleet as a row, and in it how far what it has is well; of one cluster every installation.
  private var table: String {
    var rows: [(name: String, checks: [CheckResult])] = []
    for check in answer.checks {
      guard let name = check.place.cluster ?? check.place.workload else { continue }
      if let last = rows.indices.last, rows[last].name == name {
        rows[last].checks.append(check)
      } else {
        rows.append((name, [check]))
      }
    }
    // What is wrong comes first.
    let judged = rows.map { (row: $0, verdict: Verdict($0.checks)) }
    let sorted = [Verdict.Word.notHealthy, .notKnown, .healthy].flatMap { word in
      judged.filter { $0.verdict.word == word }
    }
    let lines = sorted.map { row, verdict in
      let signs = way(row.checks).map { "<b class=\"\($0.status.rawValue)\">\($0.status.sign)</b>" }
      return "<tr><th>\(shown(row.name))</th><td class=\"\(verdict.word.name)\">\(verdict.word.rawValue)</td>"
        + "<td class=\"signs\">\(signs.joined())</td><td>\(shown(verdict.text))</td></tr>\n"
    }
    return "<table>\n\(lines.joined())</table>\n"
  }

  /// One of several: open where there is something to read.
  private func folded(_ part: (name: String?, checks: [CheckResult])) -> String {
    let verdict = Verdict(part.checks)
    let word = "<span class=\"\(verdict.word.name)\">\(verdict.word.rawValue)</span>"
    return "<details\(verdict.word == .healthy ? "" : " open")><summary>\(shown(part.name ?? "The cluster")): \(word)"
      + "</summary>\n\(section(part.checks))</details>\n"
  }

  private func section(_ checks: [CheckResult]) -> String {
    let way = way(checks)
    let drawn = way.map { "<li class=\"\($0.status.rawValue)\">\($0.status.sign) \($0.category.rawValue)</li>\n" }
    let all = way.map { step in
      "<h3>\(step.category.rawValue)</h3>\n<ul>\n"
        + checks.filter { $0.category == step.category }.map(item).joined() + "</ul>\n"
    }
    return (way.count > 1 ? "<ol class=\"way\">\n\(drawn.joined())</ol>\n" : "") + all.joined()
  }

  /// From the file to the log: how far all is well, and where it breaks.
  private func way(_ checks: [CheckResult]) -> [(category: Category, status: CheckResult.Status)] {
    let worstFirst: [CheckResult.Status] = [.error, .unknown, .warning, .ok, .skipped]
    return Category.allCases.compactMap { category in
      let found = Set(checks.filter { $0.category == category }.map(\.status))
      return worstFirst.first(where: found.contains).map { (category, $0) }
    }
  }

  private func item(_ check: CheckResult) -> String {
    let status = check.status.rawValue
    let reason = check.reason.map { "<span class=\"reason\">: \(shown($0))</span>" } ?? ""
    return "<li><b class=\"\(status)\">\(check.status.sign) \(status)</b> \(shown(check.name))\(reason)"
      + chain(check.chain) + check.findings.filter { $0.severity > .note }.map(block).joined() + "</li>\n"
  }

  private func chain(_ links: [Link]) -> String {
    if links.isEmpty { return "" }
    let items = links.map { link in
      "<li class=\"\(link.status.rawValue)\">\(link.status.sign) \(shown(link.name)): \(shown(link.text))</li>\n"
    }
    return "\n<ol class=\"way\">\n\(items.joined())</ol>\n"
  }

  private func block(_ finding: Finding) -> String {
    let finding = report.shown(finding)
    let help = finding.help.map { "\n<pre>\(markup($0))</pre>" } ?? ""
    return "\n<p class=\"\(finding.severity.rawValue)\">\(markup(headline(finding)))</p>\(help)"
  }

  private func shown(_ text: String) -> String { markup(report.shown(text)) }
}

extension Verdict.Word {
  /// Of its colour.
  fileprivate var name: String {
    switch self {
    case .healthy: "healthy"
    case .notHealthy: "nothealthy"
    case .notKnown: "notknown"
    }
  }
}
