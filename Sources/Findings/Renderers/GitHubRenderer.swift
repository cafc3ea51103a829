import SourceText

/// Workflow commands, which GitHub Actions turns into annotations on the lines of a pull request.
public func renderGitHub(_ report: Report) -> String {
  report.findings.map { annotation($0) + "\n" }.joined()
}

private func annotation(_ finding: Finding) -> String {
  let command =
    switch finding.severity {
    case .error: "error"
    case .warning: "warning"
    case .note: "notice"
    }
  var properties: [(String, String)] = []
  if let file = finding.file {
    let start = finding.range?.start
    properties += [
      ("file", viewerSafe(tidyPath(file))), ("line", "\(start?.line ?? 1)"), ("col", "\(start?.column ?? 1)"),
    ]
    if let range = finding.range {
      // GitHub takes columns only for a range within one line.
      properties.append(
        range.end.line == range.start.line
          ? ("endColumn", "\(range.end.column)") : ("endLine", "\(range.end.line)"))
    }
  }
  properties.append(("title", viewerSafe(finding.rule.id)))
  let list = properties.map { "\($0.0)=\(escapeProperty($0.1))" }.joined(separator: ",")
  let text = ([finding.message] + (finding.help.map { [$0] } ?? [])).map(viewerSafe).joined(separator: "\n")
  return "::\(command) \(list)::\(escapeData(text))"
}

private func escapeData(_ text: String) -> String { text.escaped(["%": "%25", "\r": "%0D", "\n": "%0A"]) }

private func escapeProperty(_ text: String) -> String { escapeData(text).escaped([":": "%3A", ",": "%2C"]) }
