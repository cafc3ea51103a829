import Findings

/// JUnit's XML: a test suite a category, a test case a check. What was skipped or is unknown is a skipped test.
struct DoctorJUnit {
  let answer: DoctorAnswer
  private let report: Report
  private let options: RenderOptions

  init(answer: DoctorAnswer, _ report: Report, _ options: RenderOptions) {
    (self.answer, self.report, self.options) = (answer, report, options)
  }

  var text: String {
    var suites: [String] = []
    for part in answer.installations {
      for category in Category.allCases {
        let checks = part.checks.filter { $0.category == category }
        if checks.isEmpty { continue }
        let name = (part.name.map { "\($0): " } ?? "") + category.rawValue
        suites.append(
          "  <testsuite\(counts(checks, named: name))>\n"
            + checks.map { testCase($0, in: name) }.joined(separator: "\n") + "\n  </testsuite>")
      }
    }
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <testsuites\(counts(answer.checks, named: "gatecheck doctor"))>
      \(suites.joined(separator: "\n"))
      </testsuites>

      """
  }

  private func counts(_ checks: [CheckResult], named name: String) -> String {
    markup([
      ("name", report.shown(name)), ("tests", "\(checks.count)"), ("failures", "\(checks.count(where: isFailed))"),
      ("errors", "0"), ("skipped", "\(checks.count { $0.reason != nil })"),
    ])
  }

  private func isFailed(_ check: CheckResult) -> Bool { check.findings.contains { $0.severity >= options.failOn } }

  private func testCase(_ check: CheckResult, in suite: String) -> String {
    let start = "    <testcase" + markup([("name", report.shown(check.name)), ("classname", report.shown(suite))])
    let text = check.findings.map { finding in
      let finding = report.shown(finding)
      return ([headline(finding)] + [finding.help].compactMap { $0 }).joined(separator: "\n")
    }.joined(separator: "\n")
    if let reason = check.reason {
      return
        "\(start)>\n      <skipped\(markup([("message", report.shown("\(check.status.rawValue): \(reason)"))]))/>\n"
        + "    </testcase>"
    }
    if text.isEmpty { return start + "/>" }
    let first = check.findings.max { $0.severity < $1.severity }
    let body =
      isFailed(check)
      ? "<failure\(markup([("type", check.status.rawValue), ("message", report.shown(first?.message ?? ""))]))>"
        + "\(markup(text))</failure>" : "<system-out>\(markup(text))</system-out>"
    return "\(start)>\n      \(body)\n    </testcase>"
  }
}
