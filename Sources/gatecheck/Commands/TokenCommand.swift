import APISIX
import ArgumentParser
import Findings
import Glibc
import HTTP
import Inputs
import JSON
import Kubernetes
import Lint
import Probes

struct TokenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "token", abstract: "Whether the token works, and why not.",
    subcommands: [TokenVerifyCommand.self, TokenInspectCommand.self, TokenCreateCommand.self])
}

struct TokenVerifyCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Asks the API server as APISIX does, list and watch, and names the cause of each 401 and 403.")

  @OptionGroup var config: ConfigOptions
  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var selection: SelectionOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    try connection.checkTimes()
    if connection.insecureSkipTlsVerify, connection.certificateAuthority != nil {
      throw ValidationError("--certificate-authority and --insecure-skip-tls-verify exclude each other.")
    }
  }

  func perform(in session: Session) -> ExitStatus {
    var access: AccessOptions
    let selection = selection.selection(nil)
    do {
      try selection.check(against: rules)
      access = try AccessOptions(config.flags, connection.flags)
    } catch { return session.refuse(error, "token verify", output.plan, members: TokenDocument.empty) }
    access.looksForConfig = true
    let plan = AccessPlan(access, Surroundings(environment: session.environment.all))
    let trace = session.follow(plan, output.terminal)
    let http = HTTPClient(deadline: .now + .milliseconds(Int64(connection.timeout * 1000))) {
      Signals.wasInterrupted
    }
    let result = TokenVerify(plan, http: http, now: session.now, trace: trace)
    let report = Report(
      command: "token verify", version: Version.current, preface: result.preface,
      findings: selection.apply(to: plan.findings + result.checks.flatMap(\.findings)), members: result.members,
      sources: plan.sources, secrets: plan.secrets, order: .asGiven)
    return session.finish(report, output, selection: selection, exitZero: self.selection.exitZero)
  }
}

struct TokenInspectCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: "Decodes a token offline and reports everything wrong with it.")

  @Argument(
    help: ArgumentHelp(
      "A file with a token, a Secret, a config.yaml or a kubeconfig; - for standard input.", valueName: "file"),
    completion: .file())
  var file: String?

  @Option(
    help: ArgumentHelp("Write the token as it was meant to this file, readable by you only.", valueName: "file"),
    completion: .file())
  var unwrap: String?

  @OptionGroup var config: ConfigOptions
  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var selection: SelectionOptions
  @OptionGroup var output: OutputOptions

  func perform(in session: Session) -> ExitStatus {
    let access: AccessOptions
    let selection = selection.selection(nil)
    do {
      try selection.check(against: rules)
      access = try AccessOptions(config.flags, connection.flags)
    } catch { return session.refuse(error, "token inspect", output.plan, members: TokenDocument.empty) }
    let result = TokenInspect(
      file: file, access, Surroundings(environment: session.environment.all), now: session.now)
    var findings = result.findings
    if let unwrap {
      if let token = result.mended {
        do throws(FileError) {
          try SecretFile.write(token.value, to: unwrap)
          session.notice("the token is in \(unwrap)", output.terminal)
        } catch { findings.append(error.finding) }
      } else {
        session.notice("nothing was written: what the token was meant to be cannot be told", output.terminal)
      }
    }
    let report = Report(
      command: "token inspect", version: Version.current, preface: result.preface,
      findings: selection.apply(to: findings), members: result.members, sources: result.sources,
      secrets: result.secrets, order: .asGiven)
    return session.finish(report, output, selection: selection, exitZero: self.selection.exitZero)
  }
}

/// What the document has where there is nothing to tell.
private enum TokenDocument {
  static let empty: [JSONObject.Member] = [
    .init(key: "token", value: .null), .init(key: "identity", value: .null), .init(key: "probes", value: .null),
  ]
}
