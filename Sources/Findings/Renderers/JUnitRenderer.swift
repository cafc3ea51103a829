import SourceText

/// JUnit's XML: a test suite for each file, and one for what is about no file; a test case for each finding. A file
/// without findings is one test that passed.
///
/// - Parameter failOn: findings below it are tests that passed and say something, so that the report agrees with the
///   exit status.
public func renderJUnit(_ report: Report, failOn: Severity = .error) -> String {
  var names = report.files.map(\.path)
  var known = Set(names)
  for finding in report.findings {
    if let file = finding.file, known.insert(file).inserted { names.append(file) }
  }
  let byFile = Dictionary(grouping: report.findings) { $0.file }
  var suites = names.map { suite($0, byFile[$0] ?? [], file: $0, failOn: failOn) }
  let others = byFile[nil] ?? []
  if !others.isEmpty || names.isEmpty {
    suites.append(suite("gatecheck \(report.command)", others, file: nil, failOn: failOn))
  }
  let tests = suites.reduce(0) { $0 + $1.tests }
  let failures = suites.reduce(0) { $0 + $1.failures }
  let attributes = [
    ("name", "gatecheck \(report.command)"), ("tests", "\(tests)"), ("failures", "\(failures)"), ("errors", "0"),
  ]
  return """
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites\(markup(attributes))>
    \(suites.map(\.xml).joined(separator: "\n"))
    </testsuites>

    """
}

private func suite(
  _ name: String, _ findings: [Finding], file: String?, failOn: Severity
) -> (xml: String, tests: Int, failures: Int) {
  let failures = findings.count { $0.severity >= failOn }
  let tests = max(findings.count, 1)
  let attributes = [
    ("name", name), ("tests", "\(tests)"), ("failures", "\(failures)"), ("errors", "0"), ("skipped", "0"),
  ]
  var lines = ["  <testsuite\(markup(attributes))>"]
  if findings.isEmpty {
    lines.append("    <testcase\(markup([("name", "no problems"), ("classname", name)]))/>")
  }
  lines += findings.flatMap { testCase($0, suite: name, failOn: failOn) }
  lines.append("  </testsuite>")
  return (lines.joined(separator: "\n"), tests, failures)
}

private func testCase(_ finding: Finding, suite: String, failOn: Severity) -> [String] {
  var name = finding.rule.id
  var attributes: [(String, String)] = [("classname", suite)]
  if let file = finding.file {
    let start = finding.range?.start
    // Two findings of a rule in one file are two tests, so the place is part of the name.
    name += " (\(start?.line ?? 1):\(start?.column ?? 1))"
    attributes += [("file", file), ("line", "\(start?.line ?? 1)")]
  }
  attributes.insert(("name", name), at: 0)
  let text = ([headline(finding)] + (finding.help.map { [$0] } ?? []))
    .map { markup($0) }.joined(separator: "\n")
  let body =
    finding.severity >= failOn
    ? "      <failure\(markup([("type", finding.severity.rawValue), ("message", finding.message)]))>\(text)</failure>"
    : "      <system-out>\(text)</system-out>"
  return ["    <testcase\(markup(attributes))>", body, "    </testcase>"]
}
