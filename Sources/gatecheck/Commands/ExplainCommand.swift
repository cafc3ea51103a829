import Findings
import Inputs
import JSON
import Logs
import SourceText

struct ExplainCommand: Command {
  static let name = "explain"
  static let abstract = "The page of one rule, the rules of an area, or those whose pages speak of a text."

  var words: [String] = []
  var language: Language?
  var terminal = TerminalFlags()

  static var argument: Parameter<Self>? {
    Parameter(
      arguments: "rule", isRequired: true, \.words,
      "A rule, such as kubernetes/port-not-string; an area, such as token; or words of a log.", completion: .rules)
  }

  static var flags: [Parameter<Self>] {
    [
      Parameter(
        "lang", \.language, "language", "The language of the page; without it that of LC_ALL, LC_MESSAGES or LANG.")
    ] + TerminalFlags.flags(at: \.terminal)
  }

  func perform(in session: Session) -> ExitStatus {
    let text = words.joined(separator: " ")
    if words.count > 1, rules[words[0]] != nil { return session.refuse(Mistake("explain shows one rule at a time")) }
    let language = session.language(language)
    let meant = LogRules.rule(ofLine: text).map { (rules: [$0], missing: [String]()) } ?? rules.meant(by: text)
    let found = meant.rules.map { $0.translated(to: language) }
    guard let first = found.first else {
      let hint = rules.nearest(text).map { "; did you mean \($0)?" } ?? ""
      return session.refuse(Mistake("no rule is named \(terminalSafe(text))\(hint)\nAll rules: gatecheck rules"))
    }
    if found.count == 1 {
      let colors = session.colors(terminal.color, on: session.output)
      let page = first.page(color: colors, width: min(session.terminalWidth, 100))
      let note = first.language == language ? nil : language.missing.map { $0 + "\n\n" }
      session.output.tell((note ?? "") + page)
    } else {
      session.output.write(Catalogue.lines(of: found, columns: session.columns))
      session.notice("the page of one: gatecheck explain RULE", terminal)
    }
    // Numbers, addresses and ids of a pasted line are on no page.
    let shown = SecretPatterns.shownCall(text).lowercased()
    let missing = meant.missing.filter { shown.has($0) && !$0.contains(where: \.isNumber) }.prefix(5)
    if !missing.isEmpty { session.notice("no page speaks of \(missing.joined(separator: ", "))", terminal) }
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
      Parameter("select", \.select, "prefix", "Only rules of this area or with this id.", completion: .rules),
      Parameter("output", short: "o", \.output, "format", "How they are shown."),
      Parameter(
        "markdown-to", \.markdownTo, "dir", "Write every page as Markdown below this folder.", completion: .folders),
    ] + TerminalFlags.flags(at: \.terminal)
  }

  func perform(in session: Session) -> ExitStatus {
    if let markdownTo {
      let isWritten = (rules.pages + [("logs.md", LogRules.markdown)]).allSatisfy {
        session.save($0.text, to: "\(markdownTo)/\($0.path)", makingFolders: true)
      }
      return isWritten ? .passed : .unfinished
    }
    let select = select.map { rules.selector($0) }
    let chosen = select.map { rules.rules(matching: $0) } ?? rules.rules
    do throws(Selection.UnknownRule) { try Selection(select: select.map { [$0] } ?? []).check(against: rules) } catch {
      return session.refuse(error)
    }
    switch output {
    case .text: session.output.write(Catalogue.lines(of: chosen, columns: session.columns))
    case .json: session.output.writeAsIs(Catalogue.json(of: chosen, version: Version.current).text(pretty: true) + "\n")
    }
    return .passed
  }
}

enum RulesFormat: String, FlagValue, CaseIterable { case text, json }
