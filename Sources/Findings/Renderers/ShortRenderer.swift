import SourceText

/// One line a finding: `FILE:LINE:COLUMN: severity: message [rule]`, for pasting and for editors.
public func renderShort(_ report: Report, color: Bool = false) -> String {
  report.findings.map { headline($0, style: Style(isOn: color)) + "\n" }.joined()
}

/// The first line of a finding. A file's finding without a place is put at its start, so that every line that names a
/// file reads the same way.
func headline(_ finding: Finding, style: Style) -> String {
  var line = ""
  if let file = finding.file {
    let start = finding.range?.start
    // A name such as `::error::` at the start of a line would be a command to GitHub's runner.
    let name = terminalSafe(file.hasPrefix("::") ? "./" + file : file)
    line += style(.bold, name + ":" + String(start?.line ?? 1) + ":" + String(start?.column ?? 1) + ":") + " "
  }
  line += style(finding.severity.ink, finding.severity.rawValue + ":") + " "
  line += style(.bold, terminalSafe(finding.message)) + " "
  return line + style(.dim, "[" + terminalSafe(finding.rule) + "]")
}
