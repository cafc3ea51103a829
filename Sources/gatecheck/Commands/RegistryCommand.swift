import APISIX
import Findings
import Inputs
import Probes

struct RegistryVerifyCommand: Command {
  static let name = "registry verify"
  static let abstract = "Asks each server of config.yaml's registries as APISIX does, and says why one gives nothing."
  static let discussion = """
    Nacos, Consul, consul_kv, Eureka and DNS; Kubernetes as token verify does; the etcd of deployment.etcd; and \
    ZooKeeper as apisix-seed reads it.
    """

  var registry: RegistryKind?
  /// `KEY=VALUE`
  var discoveryArguments: [String] = []
  var seed = SeedOptions()
  var config = ConfigFlags()
  var connection = AccessOptions()
  var selection = SelectionFlags()
  var output = OutputFlags()

  static var flags: [Parameter<Self>] {
    [
      Parameter("registry", \.registry, "name", "Only this one of the registries that config.yaml enables."),
      Parameter(
        "discovery-arg", \.discoveryArguments, "key=value",
        "Ask as an upstream with these discovery_args, such as namespace_id=ID of Nacos. Repeatable."),
    ] + SeedOptions.flags(at: \.seed) + ConfigFlags.flags(at: \.config) + AccessOptions.flags(at: \.connection)
      + SelectionFlags.flags(at: \.selection) + OutputFlags.flags(at: \.output)
  }

  func validate() throws(Mistake) {
    try connection.validate()
    try seed.validate(hasRegistry: registry != nil)
    _ = try DiscoveryArguments(discoveryArguments)
    guard config.config != nil || seed.isGiven else {
      throw Mistake("Name the configuration: --config config.yaml.")
    }
  }

  func perform(in session: Session) -> ExitStatus {
    let context = session.context(timeout: connection.timeout, verbose: output.terminal.verbose)
    let access: AccessOptions
    do {
      try selection.selection(nil).check(against: rules)
      try OutputFile.check(output.files)
      access = try connection.with(config, reading: context.read)
    } catch { return session.refuse(error, Self.name, output.plan, members: RegistryCheckAnswer().members) }
    var check = RegistryCheck(registry, access)
    check.arguments = (try? DiscoveryArguments(discoveryArguments).values) ?? [:]
    check.seed = seed
    var answer = session.waiting(context, output.terminal, check.ask)
    if answer.hasKubernetes {
      let plan = session.plan(access, context, output.terminal)
      answer.add(plan)
      answer.add(session.waiting(context, output.terminal, TokenQuestion(plan).ask))
    }
    let end = session.finish(
      Self.name, access, answer.findings, preface: answer.preface, members: answer.members, sources: answer.sources,
      secrets: answer.secrets, selection, output)
    return answer.status ?? end
  }
}
