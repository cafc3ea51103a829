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
  let lastLine = end?.line ?? line
  return [
    "type": "issue", "check_name": .string(finding.rule.id), "description": .string(viewerSafe(description)),
    "categories": ["Bug Risk"], "severity": .string(level(finding.severity)), "fingerprint": .string(fingerprint),
    "location": [
      // GitLab drops an issue without a path; the root stands for what is about no file.
      "path": .string(finding.file.map(tidyPath) ?? "."),
      "lines": ["begin": JSONValue(line), "end": JSONValue(lastLine)],
      "positions": [
        "begin": ["line": JSONValue(line), "column": JSONValue(start?.column ?? 1)],
        "end": ["line": JSONValue(lastLine), "column": JSONValue(end?.column ?? 1)],
      ],
    ],
  ]
}

private func level(_ severity: Severity) -> String {
  switch severity {
  case .error: "major"
  case .warning: "minor"
  case .note: "info"
  }
}
