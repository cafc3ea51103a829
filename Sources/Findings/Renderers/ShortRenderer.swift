import SourceText

/// One line a finding: `FILE:LINE:COLUMN: severity: message [rule]`, for pasting and for editors.
public func renderShort(_ report: Report, color: Bool = false) -> String {
  var text = TextBuffer(color: color)
  for finding in report.findings {
    addHeadline(finding, to: &text)
    text.add("\n")
  }
  return text.text
}

/// The first line of a finding.
package func headline(_ finding: Finding, color: Bool = false) -> String {
  var text = TextBuffer(color: color)
  addHeadline(finding, to: &text)
  return text.text
}

/// Adds the first line of a finding. A file's finding without a place is put at its start, so that every line that
/// names a file reads the same way.
func addHeadline(_ finding: Finding, to text: inout TextBuffer) {
  if let file = finding.file {
    let start = finding.range?.start
    text.add(.bold) {
      // A name such as `::error::` at the start of a line would be a command to GitHub's runner.
      if file.hasPrefix("::") { $0.add("./") }
      $0.add(terminalSafe(file))
      $0.add(":")
      $0.add(String(start?.line ?? 1))
      $0.add(":")
      $0.add(String(start?.column ?? 1))
      $0.add(":")
    }
    text.add(" ")
  }
  text.add(finding.severity.ink) {
    $0.add(finding.severity.rawValue)
    $0.add(":")
  }
  text.add(" ")
  if !finding.message.isEmpty { text.add(.bold) { $0.add(terminalSafe(finding.message)) } }
  text.add(" ")
  text.add(.dim) {
    $0.add("[")
    $0.add(terminalSafe(finding.rule.id))
    $0.add("]")
  }
}
