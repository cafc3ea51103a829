import Findings
import Inputs
import Kubernetes
import Probes

struct TokenCreateCommand: Command {
  static let name = "token create"
  static let abstract = "Gets a token for APISIX's ServiceAccount into a file or a config.yaml."
  static let discussion = """
    From the Secret NAME-token, or the one that the ServiceAccount names; with --duration or --audience one that \
    expires. Where that changes the cluster it first says what it would do, and does it with --confirm.
    """

  var name = RBACOptions().name
  var namespace = RBACOptions().namespace
  var secretName: String?
  var createSecret = false
  var duration: TokenLife?
  var audience: [String] = []
  var outputFile: String?
  var into: String?
  var cluster: String?
  var confirm = false
  var connection = AccessOptions()
  var selection = SelectionFlags()
  var output = OutputFlags()

  static var flags: [Parameter<Self>] {
    [
      Parameter("name", \.name, "name", "The ServiceAccount."),
      Parameter("namespace", short: "n", \.namespace, "name", "Its namespace."),
      Parameter("secret-name", \.secretName, "name", "The token Secret's name; NAME-token without it."),
      Parameter("create-secret", \.createSecret, "Make the Secret where it is missing."),
      Parameter(
        "duration", \.duration, "time", "Ask for a token that ends after this time: 3600, 90m, 24h, 30d."),
      Parameter("audience", \.audience, "audience", "Ask for a token for this audience. Repeatable."),
      Parameter(
        "output-file", \.outputFile, "file", "Write it to this file, readable by you only; - for standard output.",
        completion: .files()),
      Parameter(
        "into", \.into, "file",
        "Put it into client.token of this config.yaml; with --output-file put that file's path into client.token_file.",
        completion: .files()),
      Parameter("cluster", \.cluster, "id", "One cluster of a config.yaml with several."),
      Parameter("confirm", \.confirm, "Change the cluster: make the Secret, or have the token issued."),
    ] + AccessOptions.flags(at: \.connection) + SelectionFlags.flags(at: \.selection)
      + OutputFlags.flags(at: \.output)
  }

  func validate() throws(Mistake) {
    try connection.validate()
    guard outputFile != nil || into != nil else {
      throw Mistake("Say where the token goes: --output-file FILE or --into config.yaml.")
    }
    if cluster != nil, into == nil { throw Mistake("--cluster goes with --into.") }
    if into != nil, outputFile == "-" { throw Mistake("--into and --output-file - exclude each other.") }
    if createSecret, duration != nil || !audience.isEmpty {
      throw Mistake("--create-secret and --duration or --audience exclude each other.")
    }
  }

  func perform(in session: Session) -> ExitStatus {
    let session = outputFile == "-" ? session.aside : session
    var options = RBACOptions(name: name, namespace: namespace, secretName: secretName)
    options.includeSecret = true
    if let problem = options.problems().first {
      return session.refuse(
        Mistake(problem.message), "token create", output.plan, members: TokenDelivery().members)
    }
    let destination = TokenDestination(file: outputFile, config: into, cluster: cluster)
    do {
      try selection.selection(nil).check(against: rules)
      try OutputFile.check(output.files)
      try destination.check()
      if let problem = try destination.problem() { return finish(session, [problem]) }
    } catch { return session.refuse(error, "token create", output.plan, members: TokenDelivery().members) }
    let context = session.context(timeout: connection.timeout, verbose: output.terminal.verbose)
    let plan = session.plan(connection, context, output.terminal)
    guard let target = plan.targets.first else { return finish(session, plan.findings, plan: plan) }
    var order = TokenOrder(
      account: ServiceAccount(namespace: namespace, name: name), secretName: options.secretName)
    order.takesNamed = secretName == nil
    order.createSecret = createSecret
    order.isRequest = duration != nil || !audience.isEmpty
    order.duration = duration?.span.seconds
    order.audiences = audience
    order.confirmed = confirm
    var delivery = order.place(at: target, in: context)
    var findings = plan.findings + delivery.findings
    if let token = delivery.token { findings += session.put(token, destination) { delivery.preface.append($0) } }
    return finish(session, findings, plan: plan, delivery)
  }

  private func finish(
    _ session: Session, _ findings: [Finding], plan: AccessPlan? = nil, _ delivery: TokenDelivery = TokenDelivery()
  ) -> ExitStatus {
    session.finish(
      "token create", connection, findings, preface: delivery.preface, members: delivery.members,
      secrets: (plan?.secrets ?? []) + (delivery.token.map { [$0.value] } ?? []), selection, output)
  }
}

/// How long a token is to be good.
struct TokenLife: FlagValue {
  let span: Span
  var text: String { span.text }

  init?(flag text: String) {
    // Kubernetes gives no shorter one.
    guard let span = Span(flag: text), span.seconds >= 600 else { return nil }
    self.span = span
  }

  static var wanted: String { "a time of at least 10 minutes, such as 3600, 90m, 24h or 30d" }
}
