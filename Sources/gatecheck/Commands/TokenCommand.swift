import Findings
import Inputs
import Kubernetes
import Probes

struct TokenVerifyCommand: Command {
  static let name = "token verify"
  static let abstract =
    "Asks the API server as APISIX does, list and watch, and names the cause of each 401 and 403."

  var config = ConfigFlags()
  var connection = AccessOptions()
  var selection = SelectionFlags()
  var output = OutputFlags()

  static var flags: [Parameter<Self>] {
    ConfigFlags.flags(at: \.config) + AccessOptions.flags(at: \.connection)
      + SelectionFlags.flags(at: \.selection) + OutputFlags.flags(at: \.output)
  }

  func validate() throws(Mistake) { try connection.validate() }

  func perform(in session: Session) -> ExitStatus {
    var access: AccessOptions
    do {
      try selection.selection(nil).check(against: rules)
      access = try connection.with(config)
    } catch { return session.refuse(error, "token verify", output.plan, members: TokenAnswer.empty) }
    access.looksForConfig = true
    var context = session.context(timeout: connection.timeout, verbose: output.terminal.verbose)
    let plan = session.plan(access, &context, output.terminal)
    let answer = TokenQuestion(plan).ask(in: context)
    return session.finish(
      "token verify", plan.findings + answer.findings, preface: answer.preface, members: answer.members,
      sources: plan.sources, secrets: plan.secrets, selection, output)
  }
}

struct TokenInspectCommand: Command {
  static let name = "token inspect"
  static let abstract = "Decodes a token offline and reports everything wrong with it."

  var file: String?
  var unwrap: String?
  var config = ConfigFlags()
  var connection = AccessOptions()
  var selection = SelectionFlags()
  var output = OutputFlags()

  static var argument: Parameter<Self>? {
    Parameter(
      argument: "file", \.file,
      "A file with a token, a Secret, a config.yaml or a kubeconfig; - for standard input.", files: [])
  }

  static var flags: [Parameter<Self>] {
    [
      Parameter(
        "unwrap", \.unwrap, "file", "Write the token as it was meant to this file, readable by you only.",
        files: [])
    ] + ConfigFlags.flags(at: \.config) + AccessOptions.flags(at: \.connection)
      + SelectionFlags.flags(at: \.selection) + OutputFlags.flags(at: \.output)
  }

  func validate() throws(Mistake) { try connection.validate() }

  func perform(in session: Session) -> ExitStatus {
    let access: AccessOptions
    do {
      try selection.selection(nil).check(against: rules)
      access = try connection.with(config)
    } catch { return session.refuse(error, "token inspect", output.plan, members: TokenAnswer.empty) }
    let answer = InspectQuestion(file: file, access)
      .ask(in: session.context(timeout: connection.timeout, verbose: output.terminal.verbose))
    var findings = answer.findings
    if let unwrap {
      if let token = answer.mended {
        do throws(FileError) {
          try SecretFile.write(token.value, to: unwrap)
          session.notice("the token is in \(unwrap)", output.terminal)
        } catch { findings.append(error.finding) }
      } else {
        session.notice("nothing was written: what the token was meant to be cannot be told", output.terminal)
      }
    }
    return session.finish(
      "token inspect", findings, preface: answer.preface, members: answer.members, sources: answer.sources,
      secrets: answer.secrets, selection, output)
  }
}
