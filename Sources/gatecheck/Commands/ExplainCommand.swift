import Findings
import JSON
import Probes

struct ExplainCommand: Command {
  static let name = "explain"
  static let abstract = "The page of one rule: what it checks, why it matters, the fix."

  var rule = ""
  var terminal = TerminalFlags()

  static var argument: Parameter<Self>? {
    Parameter(required: "rule", \.rule, "A rule, such as kubernetes/port-not-string.")
  }

  static var flags: [Parameter<Self>] { TerminalFlags.flags(at: \.terminal) }

  func perform(in session: Session) -> ExitStatus {
    guard
      let found = rules[rule] ?? rules.nearest(rule).flatMap({ near in near.hasSuffix("/" + rule) ? rules[near] : nil })
    else {
      let near = rules.nearest(rule).map { "; did you mean \($0)?" } ?? ""
      return session.refuse(Mistake("no rule is named \(terminalSafe(rule))\(near)\nAll rules: gatecheck rules"))
    }
    session.output.write(
      found.page(color: session.colors(terminal.color, on: session.output), width: min(session.terminalWidth, 100)))
    return .passed
  }
}

struct RulesCommand: Command {
  static let name = "rules"
  static let abstract = "All rules, one a line; --markdown-to writes their pages."

  var select: String?
  var output = RulesFormat.text
  var markdownTo: String?
  var terminal = TerminalFlags()

  static var flags: [Parameter<Self>] {
    [
      Parameter("select", \.select, "prefix", "Only rules of this area or with this id."),
      Parameter("output", short: "o", \.output, "format", "How they are shown."),
      Parameter("markdown-to", \.markdownTo, "dir", "Write every page as Markdown below this folder."),
    ] + TerminalFlags.flags(at: \.terminal)
  }

  func perform(in session: Session) -> ExitStatus {
    if let markdownTo { return RulePages.write(rules, below: markdownTo, session) }
    let chosen = select.map { rules.rules(matching: $0) } ?? rules.rules
    do throws(Selection.UnknownRule) { try Selection(select: select.map { [$0] } ?? []).check(against: rules) } catch {
      return session.refuse(error)
    }
    switch output {
    case .text:
      let width = chosen.map(\.id.count).max() ?? 0
      session.output.write(
        chosen.map { rule in
          let id = rule.id + String(repeating: " ", count: width - rule.id.count)
          let severity = rule.severity.rawValue
          return "\(id)  \(severity)\(String(repeating: " ", count: 7 - severity.count))  \(rule.summary)\n"
        }.joined())
    case .json: session.output.write(rules.json(of: chosen).text(pretty: true) + "\n")
    }
    return .passed
  }
}

enum RulesFormat: String, FlagValue, CaseIterable { case text, json }
