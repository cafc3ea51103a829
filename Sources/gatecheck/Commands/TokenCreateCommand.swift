import ArgumentParser
import Findings
import Glibc
import HTTP
import Inputs
import JSON
import Kubernetes
import Lint
import Probes

struct TokenCreateCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "create",
    abstract: "Gets a token for APISIX's ServiceAccount into a file or a config.yaml; never prints it.",
    discussion: """
      From the account's Secret, or with --duration or --audience one that expires. Where that changes the cluster it \
      first says what it would do, and does it with --confirm.
      """)

  @Option(help: ArgumentHelp("The ServiceAccount.", valueName: "name"))
  var name = "apisix"

  @Option(name: .shortAndLong, help: ArgumentHelp("Its namespace.", valueName: "name"))
  var namespace = "default"

  @Option(help: ArgumentHelp("The token Secret's name; NAME-token without it.", valueName: "name"))
  var secretName: String?

  @Flag(help: "Make the Secret where it is missing.")
  var createSecret = false

  @Option(help: ArgumentHelp("Ask for a token that ends after this time: 3600, 90m, 24h, 30d.", valueName: "time"))
  var duration: String?

  @Option(help: ArgumentHelp("Ask for a token for this audience. Repeatable.", valueName: "audience"))
  var audience: [String] = []

  @Option(help: ArgumentHelp("Write it to this file, readable by you only.", valueName: "file"), completion: .file())
  var outputFile: String?

  @Option(
    help: ArgumentHelp(
      "Put it into client.token of this config.yaml; with --output-file put that file's path into client.token_file.",
      valueName: "file"), completion: .file())
  var into: String?

  @Option(help: ArgumentHelp("One cluster of a config.yaml with several.", valueName: "id"))
  var cluster: String?

  @Flag(help: "Change the cluster: make the Secret, or have the token issued.")
  var confirm = false

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var selection: SelectionOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    try connection.check()
    guard outputFile != nil || into != nil else {
      throw ValidationError("Say where the token goes: --output-file FILE or --into config.yaml. It is never printed.")
    }
    if let duration {
      guard let seconds = Self.seconds(duration) else {
        throw ValidationError("--duration wants a time such as 3600, 90m, 24h or 30d, not '\(duration)'.")
      }
      guard seconds >= 600, seconds <= 1 << 32 else {
        throw ValidationError("--duration wants at least 10 minutes: Kubernetes gives no shorter token.")
      }
    }
    if createSecret, duration != nil || !audience.isEmpty {
      throw ValidationError("--create-secret and --duration or --audience exclude each other.")
    }
  }

  private static func seconds(_ text: String) -> Int? {
    let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86400]
    guard let last = text.last else { return nil }
    let number = units[last] == nil ? Int(text) : Int(text.dropLast())
    guard let number, number > 0 else { return nil }
    let (result, overflow) = number.multipliedReportingOverflow(by: units[last] ?? 1)
    return overflow ? nil : result
  }

  func perform(in session: Session) -> ExitStatus {
    var options = RBACOptions(name: name, namespace: namespace, secretName: secretName)
    options.includeSecret = true
    if let problem = options.problems().first {
      return session.refuse(ValidationError(problem.message), "token create", output.plan)
    }
    var access = AccessOptions()
    access.take(connection.flags)
    do { try selection.selection(nil).check(against: rules) } catch {
      return session.refuse(error, "token create", output.plan)
    }

    // The place is looked at first, so that no token is issued for nothing.
    if let into {
      do {
        let bytes = try InputFile.contents(into)
        _ = try TokenPlacement(.file("/run/token"), into: bytes, cluster: cluster)
      } catch let failure as TokenPlacement.Failure {
        return finish(session, [notPlaced(into, failure)])
      } catch { return session.refuse(error, "token create", output.plan) }
    }
    var context = session.context(timeout: connection.timeout, verbose: output.terminal.verbose)
    let plan = session.plan(access, &context, output.terminal)
    guard let target = plan.targets.first else { return finish(session, plan.findings, plan: plan) }
    var order = TokenOrder(
      account: ServiceAccount(namespace: namespace, name: name), secretName: options.secretName)
    order.createSecret = createSecret
    order.isRequest = duration != nil || !audience.isEmpty
    order.duration = duration.flatMap(Self.seconds)
    order.audiences = audience
    order.confirmed = confirm
    let delivery = order.place(at: target, in: context)
    var findings = plan.findings + delivery.findings
    if let token = delivery.token { findings += place(token, session) }
    return finish(session, findings, plan: plan, delivery)
  }

  /// Writes the file first: the configuration must not name one that is not there.
  private func place(_ token: TokenSecret, _ session: Session) -> [Finding] {
    do throws(FileError) {
      if let outputFile {
        try SecretFile.write(token.value, to: outputFile)
        session.notice("the token is in \(outputFile)", output.terminal)
      }
      guard let into else { return [] }
      let old = try InputFile.contents(into)
      let placement: TokenPlacement
      do throws(TokenPlacement.Failure) {
        // APISIX starts in a folder of its own, so the path must be whole.
        placement = try TokenPlacement(
          outputFile.map { .file(Self.absolute($0)) } ?? .token(token), into: old, cluster: cluster)
      } catch { return [notPlaced(into, error)] }
      try FileWriter.replace(into, old, with: placement.bytes)
      session.notice("\(placement.path) of \(into) is set", output.terminal)
      return []
    } catch { return [error.finding] }
  }

  private static func absolute(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  private func notPlaced(_ file: String, _ failure: TokenPlacement.Failure) -> Finding {
    Finding(rule: TokenCreateRules.notPlaced, message: "the file \(failure.message)", file: file)
  }

  private func finish(
    _ session: Session, _ findings: [Finding], plan: AccessPlan? = nil, _ delivery: TokenDelivery = TokenDelivery()
  ) -> ExitStatus {
    session.finish(
      "token create", findings, preface: delivery.preface, members: delivery.members,
      secrets: (plan?.secrets ?? []) + (delivery.token.map { [$0.value] } ?? []), selection, output)
  }
}
