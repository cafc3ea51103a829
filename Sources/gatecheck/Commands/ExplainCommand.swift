import ArgumentParser
import Findings
import JSON
import Probes

struct ExplainCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "The page of one rule: what it checks, why it matters, the fix.")

  @Argument(help: ArgumentHelp("A rule, such as kubernetes/port-not-string.", valueName: "rule"))
  var rule: String

  @OptionGroup var terminal: TerminalOptions

  func perform(in session: Session) -> ExitStatus {
    guard
      let found = rules[rule] ?? rules.nearest(rule).flatMap({ near in near.hasSuffix("/" + rule) ? rules[near] : nil })
    else {
      let near = rules.nearest(rule).map { "; did you mean \($0)?" } ?? ""
      session.notices.write("gatecheck: no rule is named \(terminalSafe(rule))\(near)\nAll rules: gatecheck rules\n")
      return .usage
    }
    session.output.write(
      found.page(color: session.colors(terminal.color, on: session.output), width: min(session.terminalWidth, 100)))
    return .passed
  }
}

struct RulesCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "rules", abstract: "All rules, one a line; --markdown-to writes their pages.")

  @Option(
    help: ArgumentHelp("Only rules of this area or with this id.", valueName: "prefix"))
  var select: String?

  @Option(name: .shortAndLong, help: ArgumentHelp("text or json.", valueName: "format"))
  var output: RulesFormat = .text

  @Option(help: ArgumentHelp("Write every page as Markdown below this folder.", valueName: "dir"))
  var markdownTo: String?

  @OptionGroup var terminal: TerminalOptions

  func perform(in session: Session) -> ExitStatus {
    if let markdownTo { return RulePages.write(rules, below: markdownTo, session) }
    let chosen = select.map { rules.rules(matching: $0) } ?? rules.rules
    do throws(Selection.UnknownRule) { try Selection(select: select.map { [$0] } ?? []).check(against: rules) } catch {
      session.notices.write("gatecheck: \(error)\n")
      return .usage
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

enum RulesFormat: String, ExpressibleByArgument, CaseIterable { case text, json }
