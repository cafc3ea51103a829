import SourceText

/// For people: each finding with its source line, a caret under the place, and the cure; a summary at the end.
///
/// - Parameter width: columns that a source line may take; at least 20.
public func renderText(_ report: Report, color: Bool = false, width: Int = 100) -> String {
  let preface = report.preface.map { terminalSafe($0) + "\n" }.joined()
  guard !report.findings.isEmpty else { return preface }
  let style = Style(isOn: color)
  var blocks = report.findings.map { finding in
    block(finding, in: report, style: style, width: max(width, 20)).joined(separator: "\n")
  }
  blocks.append(style(.bold, report.summary.text) + fixes(report))
  return preface + (preface.isEmpty ? "" : "\n") + blocks.joined(separator: "\n\n") + "\n"
}

private func block(_ finding: Finding, in report: Report, style: Style, width: Int) -> [String] {
  var lines = [headline(finding, style: style)]
  if let file = finding.file, let range = finding.range, let source = report.sources[file],
    let snippet = Snippet(range, in: source, width: width, scrubber: report.scrubber)
  {
    let number = String(snippet.line)
    let gutter = String(repeating: " ", count: number.utf8.count)
    lines.append("  " + style(.blue, "\(number) |") + (snippet.text.isEmpty ? "" : " " + snippet.text))
    lines.append(
      "  " + style(.blue, "\(gutter) |") + " " + String(repeating: " ", count: snippet.indent)
        + style(finding.severity.ink, String(repeating: "^", count: snippet.carets)))
  }
  if let help = finding.help {
    let parts = terminalSafeLines(help)
    lines.append("  " + style(.cyan, "help:") + " " + (parts.first ?? ""))
    lines += parts.dropFirst().map { $0.isEmpty ? "" : "        " + $0 }
  }
  return lines
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
