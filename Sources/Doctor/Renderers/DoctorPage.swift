import Findings

/// One page of HTML for a ticket or a wall, which needs nothing else: no script, no font, no image.
struct DoctorPage {
  let answer: DoctorAnswer
  private let report: Report

  init(answer: DoctorAnswer, _ report: Report) { (self.answer, self.report) = (answer, report) }

  var text: String {
    let verdict = answer.verdict
    let parts = answer.installations
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
      \(parts.count > 1 ? table(parts) : "")\(parts.map(section).joined())
      <footer>gatecheck \(shown(report.version))</footer>
      </body>
      </html>

      """
  }

  /// Every installation of a fleet as a row.
  private func table(_ parts: [(name: String?, checks: [CheckResult])]) -> String {
    let rows = parts.map { part in
      let verdict = Verdict(part.checks)
      return "<tr><td>\(shown(part.name ?? ""))</td><td class=\"\(verdict.word.name)\">\(verdict.word.rawValue)</td>"
        + "<td>\(shown(verdict.text))</td></tr>\n"
    }
    return "<table>\n\(rows.joined())</table>\n"
  }

  private func section(_ part: (name: String?, checks: [CheckResult])) -> String {
    let head = part.name.map { "<h2>\(shown($0))</h2>\n" } ?? ""
    let all = Category.allCases.map { category -> String in
      let checks = part.checks.filter { $0.category == category }
      if checks.isEmpty { return "" }
      return "<h3>\(category.rawValue)</h3>\n<ul>\n\(checks.map(item).joined())</ul>\n"
    }
    return head + all.joined()
  }

  private func item(_ check: CheckResult) -> String {
    let status = check.status.rawValue
    let reason = check.remark.map { "<span class=\"reason\">: \(shown($0))</span>" } ?? ""
    return "<li><b class=\"\(status)\">\(check.status.sign) \(status)</b> \(shown(check.name))\(reason)"
      + chain(check.chain) + check.findings.filter { $0.severity > .note }.map(block).joined() + "</li>\n"
  }

  private func chain(_ links: [Link]) -> String {
    if links.isEmpty { return "" }
    let items = links.map { link in
      "<li><b class=\"\(link.status.rawValue)\">\(link.status.sign) \(shown(link.name))</b> \(shown(link.text))</li>\n"
    }
    return "\n<ol>\n\(items.joined())</ol>\n"
  }

  private func block(_ finding: Finding) -> String {
    let finding = report.shown(finding)
    let help = finding.help.map { "\n<pre>\(markup($0))</pre>" } ?? ""
    return "\n<p class=\"\(finding.severity.rawValue)\">\(markup(headline(finding)))</p>\(help)"
  }

  private func shown(_ text: String) -> String { markup(report.shown(text)) }

  private static let style = """
    :root { color-scheme: light dark; --red: #b3001b; --amber: #7a4b00; --green: #006b2d; --grey: #595959; }
    @media (prefers-color-scheme: dark) {
      :root { --red: #ff8a8a; --amber: #ffc766; --green: #6fdc8c; --grey: #b0b0b0; }
    }
    body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; }
    h1 { margin: 0; } h2 { margin: 2rem 0 0; } h3 { margin: 1rem 0 0; text-transform: uppercase; font-size: .8rem; }
    ul { list-style: none; margin: 0; padding: 0; } li { padding: .25rem 0; overflow-wrap: anywhere; }
    p { margin: .25rem 0; overflow-wrap: anywhere; } pre { margin: .25rem 0; overflow-x: auto; padding: .5rem;
      border: 1px solid var(--grey); border-radius: .25rem; white-space: pre-wrap; overflow-wrap: anywhere; }
    table { border-collapse: collapse; width: 100%; } td { border-top: 1px solid var(--grey); padding: .25rem .5rem;
      vertical-align: top; overflow-wrap: anywhere; }
    .error, .nothealthy { color: var(--red); } .warning, .notknown, .unknown { color: var(--amber); }
    .ok, .healthy { color: var(--green); } .skipped, .reason, footer { color: var(--grey); }
    footer { margin-top: 2rem; font-size: .8rem; }
    """
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
