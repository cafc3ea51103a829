import Findings
import Inputs
import Kubernetes
import Probes

/// What both commands take that look at tokens.
struct TokenFlags: Flags {
  var file: String?
  var expiresWithin: Span?
  var config = ConfigFlags()
  var connection = AccessOptions()
  var selection = SelectionFlags()
  var output = OutputFlags()

  static var flags: [Parameter<Self>] {
    [
      Parameter(
        "expires-within", \.expiresWithin, "time", "Warn, with status 1, of a token that ends so soon: 14d, 12h.")
    ]
      + ConfigFlags.flags(at: \.config) + AccessOptions.flags(at: \.connection)
      + SelectionFlags.flags(at: \.selection) + OutputFlags.flags(at: \.output)
  }

  func validate() throws(Mistake) {
    try connection.validate()
    if file != nil, config.config != nil { throw Mistake("--config and a file exclude each other.") }
  }
}

struct TokenVerifyCommand: Command {
  static let name = "token verify"
  static let abstract =
    "Asks the API server as APISIX does, list and watch, and names the cause of each 401 and 403."
  static let discussion = "To get a token: gatecheck token create --help."

  var flags = TokenFlags()

  static var argument: Parameter<Self>? {
    Parameter(
      argument: "file", \.flags.file, "A config.yaml, a kubeconfig, or a file with a token; - for standard input.",
      completion: .files())
  }

  static var flags: [Parameter<Self>] { TokenFlags.flags(at: \.flags) }

  func validate() throws(Mistake) { try flags.validate() }

  func perform(in session: Session) -> ExitStatus {
    let (selection, output, connection) = (flags.selection, flags.output, flags.connection)
    let context = session.context(timeout: connection.timeout, verbose: output.terminal.verbose)
    var access: AccessOptions
    do {
      try selection.selection(nil).check(against: rules)
      try OutputFile.check(output.files)
      access = try connection.with(flags.config, reading: context.read).naming(flags.file)
    } catch { return session.refuse(error, "token verify", output.plan, members: TokenAnswer.empty) }
    access.looksForConfig = true
    let plan = session.plan(access, context, output.terminal)
    let answer = session.waiting(context, output.terminal, TokenQuestion(plan).ask)
    return session.finish(
      "token verify", access,
      plan.findings + answer.findings(within: flags.expiresWithin?.seconds, now: context.now()),
      preface: answer.preface, members: answer.members, sources: plan.sources, secrets: plan.secrets, selection, output)
  }
}

struct TokenInspectCommand: Command {
  static let name = "token inspect"
  static let abstract = "Decodes a token offline and reports everything wrong with it."

  var unwrap: String?
  var flags = TokenFlags()

  static var argument: Parameter<Self>? {
    Parameter(
      argument: "file", \.flags.file,
      "A file with a token, a Secret, a config.yaml or a kubeconfig; - for standard input.", completion: .files())
  }

  static var flags: [Parameter<Self>] {
    [
      Parameter(
        "unwrap", \.unwrap, "file",
        "Write the token as it was meant to this file, readable by you only; - for standard output.",
        completion: .files())
    ] + TokenFlags.flags(at: \.flags)
  }

  func validate() throws(Mistake) { try flags.validate() }

  func perform(in session: Session) -> ExitStatus {
    let (selection, output, connection) = (flags.selection, flags.output, flags.connection)
    let session = unwrap == "-" ? session.aside : session
    let context = session.context(timeout: connection.timeout, verbose: output.terminal.verbose)
    let access: AccessOptions
    let destination = TokenDestination(file: unwrap, config: nil, cluster: nil)
    do {
      try selection.selection(nil).check(against: rules)
      try destination.check()
      try OutputFile.check(output.files)
      access = try connection.with(flags.config, reading: context.read)
    } catch { return session.refuse(error, "token inspect", output.plan, members: TokenAnswer.empty) }
    let answer = InspectQuestion(file: flags.file, access).ask(in: context)
    var findings = answer.findings(within: flags.expiresWithin?.seconds, now: context.now())
    if unwrap != nil {
      if let token = answer.mended {
        findings += session.put(token, destination) { session.notice($0, output.terminal) }
      } else {
        session.notice("nothing was written: what the token was meant to be cannot be told", output.terminal)
      }
    }
    return session.finish(
      "token inspect", access, findings, preface: answer.preface, members: answer.members, sources: answer.sources,
      secrets: answer.secrets, selection, output)
  }
}

extension Session {
  /// Puts a token where it belongs; with `-` onto standard output, which then has nothing else.
  func put(_ token: Secret, _ destination: TokenDestination, _ tell: (String) -> Void) -> [Finding] {
    guard destination.isStandardOutput else { return destination.put(token, tell) }
    Output.standard.writeAsIs(token.value + (Output.standard.isTerminal ? "\n" : ""))
    return []
  }
}
