import Parallel
import SourceText

/// For people: each finding with its source line, a caret under the place, and the cure; a summary at the end.
///
/// - Parameter width: columns that a source line may take; at least 20.
public func renderText(_ report: Report, color: Bool = false, width: Int = 100) -> String {
  let preface = report.preface.map { terminalSafe($0) + "\n" }.joined()
  guard !report.findings.isEmpty else { return preface }
  var text = TextBuffer(color: color)
  if !preface.isEmpty { text.add(preface + "\n") }
  let crowded = CrowdedLines(report)
  let slices = stride(from: 0, to: report.findings.count, by: 128).map { report.findings[$0...].prefix(128) }
  let parts = concurrentMap(slices, threads: slices.count / 2) { findings in
    var text = TextBuffer(color: color, expecting: findings.count << 9)
    for finding in findings {
      write(finding, in: report, width: max(width, 20), crowded: crowded, to: &text)
      text.add("\n")
    }
    return text
  }
  for part in parts { text.add(part) }
  text.add(.bold) { $0.add(report.summary.text) }
  text.add(fixes(report) + "\n")
  if report.command == "lint" { text.add("more: gatecheck explain RULE\n") }
  return text.text
}

/// A line below a finding, behind a label.
package struct LabelledLine: Sendable {
  let label: String
  let text: String

  package init(_ label: String, _ text: String) {
    self.label = label
    self.text = text
  }
}

extension Report {
  /// One finding as `text` shows it, with more to tell before its help and behind it; the last line ended.
  package func text(
    of finding: Finding, before: [LabelledLine] = [], after: [LabelledLine] = [], _ options: RenderOptions
  ) -> String {
    var text = TextBuffer(color: options.color)
    write(finding, in: self, width: max(options.width, 20), before: before, to: &text)
    for line in after { add(line.label, line.text, to: &text) }
    return text.text
  }
}

private func write(
  _ finding: Finding, in report: Report, width: Int, crowded: CrowdedLines? = nil, before: [LabelledLine] = [],
  to text: inout TextBuffer
) {
  addHeadline(finding, to: &text)
  text.add("\n")
  if let file = finding.file, let range = finding.range,
    let snippet = Snippet(range, in: report, of: file, width: width, crowded: crowded)
  {
    let number = String(snippet.line)
    text.add("  ")
    text.add(.blue) {
      $0.add(number)
      $0.add(" |")
    }
    if !snippet.text.isEmpty {
      text.add(" ")
      text.add(snippet.text)
    }
    text.add("\n  ")
    text.add(.blue) {
      $0.add(" ", times: number.utf8.count)
      $0.add(" |")
    }
    text.add(" ", times: snippet.indent + 1)
    text.add(finding.severity.ink) { $0.add("^", times: snippet.carets) }
    text.add("\n")
  }
  for line in before { add(line.label, line.text, to: &text) }
  if let help = finding.help { add("help:", help, to: &text) }
}

private func add(_ label: String, _ lines: String, to text: inout TextBuffer) {
  text.add("  ")
  text.add(label.utf8.last == UInt8(ascii: "|") ? .blue : .cyan) { $0.add(label) }
  text.add(" ")
  let parts = terminalSafeLines(lines)
  text.add(parts.first ?? "")
  text.add("\n")
  for part in parts.dropFirst() {
    if !part.isEmpty { text.add(" ", times: label.utf8.count + 3) }
    text.add(part + "\n")
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
