import JSON
import SourceText

/// The part of Code Climate's format that GitLab's code quality report reads: a JSON array.
public func renderCodeClimate(_ report: Report) -> String {
  var fingerprints = Fingerprints()
  let issues = report.findings.map { issue($0, fingerprint: fingerprints.next(for: $0, in: report)) }
  return JSONValue.array(issues).text(pretty: true) + "\n"
}

private func issue(_ finding: Finding, fingerprint: String) -> JSONValue {
  let start = finding.range?.start
  let end = finding.range?.end
  let line = start?.line ?? 1
  let description = [finding.message, finding.help].compactMap { $0 }.joined(separator: "\n")
  return object(
    ("type", "issue"),
    ("check_name", .string(finding.rule.id)),
    ("description", .string(description)),
    ("categories", ["Bug Risk"]),
    ("severity", .string(level(finding.severity))),
    ("fingerprint", .string(fingerprint)),
    (
      "location",
      object(
        // GitLab drops an issue without a path; the root stands for what is about no file.
        ("path", .string(finding.file.map(tidyPath) ?? ".")),
        ("lines", object(("begin", number(line)), ("end", number(end?.line ?? line)))),
        (
          "positions",
          object(
            ("begin", object(("line", number(line)), ("column", number(start?.column ?? 1)))),
            ("end", object(("line", number(end?.line ?? line)), ("column", number(end?.column ?? 1)))))
        ))
    ))
}

private func level(_ severity: Severity) -> String {
  switch severity {
  case .error: "major"
  case .warning: "minor"
  case .note: "info"
  }
}

func number(_ value: Int) -> JSONValue { .number(Double(value)) }
