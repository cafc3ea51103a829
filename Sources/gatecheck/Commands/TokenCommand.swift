import APISIX
import Findings
import Glibc
import HTTP
import Inputs
import JSON
import Kubernetes
import Lint
import Probes

struct TokenVerifyCommand: Command {
  static let name = "token verify"
  static let abstract =
    "Asks the API server as APISIX does, list and watch, and names the cause of each 401 and 403."

  var config = ConfigFlags()
  var connection = ConnectionFlags()
  var selection = SelectionFlags()
  var output = OutputFlags()

  static var parameters: [Parameter<Self>] {
    ConfigFlags.parameters(at: \.config) + ConnectionFlags.parameters(at: \.connection)
      + SelectionFlags.parameters(at: \.selection) + OutputFlags.parameters(at: \.output)
  }

  func validate() throws(Mistake) { try connection.validate() }

  func perform(in session: Session) -> ExitStatus {
    var access: AccessOptions
    let selection = selection.selection(nil)
    do {
      try selection.check(against: rules)
      access = try AccessOptions(config, connection)
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
  static let name = "token inspect"
  static let abstract = "Decodes a token offline and reports everything wrong with it."

  var file: String?
  var unwrap: String?
  var config = ConfigFlags()
  var connection = ConnectionFlags()
  var selection = SelectionFlags()
  var output = OutputFlags()

  static var parameters: [Parameter<Self>] {
    [
      Parameter(
        argument: "file", \.file,
        "A file with a token, a Secret, a config.yaml or a kubeconfig; - for standard input.", files: []),
      Parameter(
        "unwrap", \.unwrap, "file", "Write the token as it was meant to this file, readable by you only.",
        files: []),
    ] + ConfigFlags.parameters(at: \.config) + ConnectionFlags.parameters(at: \.connection)
      + SelectionFlags.parameters(at: \.selection) + OutputFlags.parameters(at: \.output)
  }

  func validate() throws(Mistake) { try connection.validate() }

  func perform(in session: Session) -> ExitStatus {
    let access: AccessOptions
    let selection = selection.selection(nil)
    do {
      try selection.check(against: rules)
      access = try AccessOptions(config, connection)
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
