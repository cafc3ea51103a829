import Findings

/// A command of gatecheck as a plain value: what its arguments set. It computes, prints through the session and says
/// how it ended; only `main` exits.
protocol Command: Flags, SendableMetatype {
  /// The words that call it, such as `rbac verify`.
  static var name: String { get }
  static var abstract: String { get }
  /// More for its help.
  static var discussion: String { get }
  /// What stands without a flag.
  static var argument: Parameter<Self>? { get }

  func perform(in session: Session) -> ExitStatus
}

extension Command {
  static var discussion: String { "" }
  static var argument: Parameter<Self>? { nil }
  static var parameters: [Parameter<Self>] { (argument.map { [$0] } ?? []) + flags }

  /// What is told of a wrong call.
  static func message(_ mistake: Mistake) -> String {
    let words = argument.map { "<\($0.name)>" + ($0.isRepeatable ? " ..." : "") }
    let isRequired = argument?.kind == .argument(isRequired: true)
    let end = words.map { isRequired ? " \($0)" : " [\($0)]" } ?? ""
    return "\(mistake)\nUsage: gatecheck \(name) [<flags>]\(end)\n"
      + "  See 'gatecheck \(name) --help' for more information."
  }
}

enum Commands {
  static let all: [any Command.Type] = [
    LintCommand.self, RBACGenerateCommand.self, RBACVerifyCommand.self, RBACDiffCommand.self, TokenVerifyCommand.self,
    TokenInspectCommand.self, TokenCreateCommand.self, ResolveCommand.self, ExplainCommand.self, RulesCommand.self,
    SchemaCommand.self, CompletionCommand.self, ConfigInitCommand.self, LogsExplainCommand.self,
    RegistryVerifyCommand.self, DoctorCommand.self,
  ]

  /// - Returns: the command that is called, and its arguments; nil where none is.
  static func called(by words: [String]) -> (any Command.Type, ArraySlice<String>)? {
    guard let first = words.first else { return nil }
    let two = words.count > 1 ? "\(first) \(words[1])" : first
    return all.first { $0.name == first || $0.name == two }.map { ($0, words.dropFirst($0.name == first ? 1 : 2)) }
  }

  /// What is told where words, without flags, call nothing; nil where they call a command, or name a group alone.
  static func mistake(in words: [String]) -> String? {
    called(by: words) == nil ? CommandNames(all.map { $0.name }).mistake(in: words) : nil
  }
}
