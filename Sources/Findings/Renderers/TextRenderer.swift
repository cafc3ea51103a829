import SourceText

/// For people: each finding with its source line, a caret under the place, and the cure; a summary at the end.
///
/// - Parameter width: columns that a source line may take; at least 20.
public func renderText(_ report: Report, color: Bool = false, width: Int = 100) -> String {
  let preface = report.preface.map { terminalSafe($0) + "\n" }.joined()
  guard !report.findings.isEmpty else { return preface }
  let style = Style(isOn: color)
  var text = preface.isEmpty ? "" : preface + "\n"
  for finding in report.findings {
    write(finding, in: report, style: style, width: max(width, 20), to: &text)
    text += "\n"
  }
  return text + style(.bold, report.summary.text) + fixes(report) + "\n"
}

private func write(_ finding: Finding, in report: Report, style: Style, width: Int, to text: inout String) {
  text += headline(finding, style: style)
  text += "\n"
  if let file = finding.file, let range = finding.range, let source = report.sources[file],
    let snippet = Snippet(range, in: source, width: width, scrubber: report.scrubber)
  {
    let number = String(snippet.line)
    let gutter = String(repeating: " ", count: number.utf8.count)
    text += "  " + style(.blue, number + " |") + (snippet.text.isEmpty ? "" : " " + snippet.text) + "\n"
    text += "  " + style(.blue, gutter + " |") + " " + String(repeating: " ", count: snippet.indent)
    text += style(finding.severity.ink, String(repeating: "^", count: snippet.carets)) + "\n"
  }
  if let help = finding.help {
    let parts = terminalSafeLines(help)
    text += "  " + style(.cyan, "help:") + " " + (parts.first ?? "") + "\n"
    for part in parts.dropFirst() { text += part.isEmpty ? "\n" : "        " + part + "\n" }
  }
}

/// What `--fix` would do about it; only lint has it.
private func fixes(_ report: Report) -> String {
  guard report.command == "lint" else { return "" }
  let fixes = report.findings.compactMap(\.fix)
  let safe = fixes.count { $0.safe }
  let unsafe = fixes.count - safe
  var parts: [String] = []
  if safe > 0 { parts.append("\(safe) can be fixed with --fix") }
  if unsafe > 0 { parts.append("\(unsafe)\(safe > 0 ? " more" : " can be fixed") with --fix --unsafe-fixes") }
  return parts.isEmpty ? "" : "; " + parts.joined(separator: ", ")
}
