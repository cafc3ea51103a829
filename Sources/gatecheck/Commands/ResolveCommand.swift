import APISIX
import Findings
import Inputs
import Kubernetes
import Probes

struct ResolveCommand: Command {
  static let name = "resolve"
  static let abstract = "The nodes that APISIX would compute for a service name, or why there are none."

  /// nil for all, or for what is referenced or held.
  var serviceName: String?
  var registry: RegistryName?
  /// `KEY=VALUE`
  var discoveryArguments: [String] = []
  var all = false
  var referenced: [String] = []
  var admin: String?
  var adminKeyFile: String?
  /// Empty for the one of config.yaml.
  var etcd: String?
  var control: String?
  var from: [String] = []
  var seed = SeedOptions()
  var watch = false
  var probe: ProbeKind?
  var fromPod = false
  var namespace = "default"
  var output = FormatFlag(format: ResolveFormat.table)
  var config = ConfigFlags()
  var connection = AccessOptions()
  var selection = SelectionFlags()
  var terminal = TerminalFlags()

  static var argument: Parameter<Self>? {
    Parameter(
      argument: "service-name", \.serviceName, "The upstream's service_name, such as default/plat-dev:port.")
  }

  static var flags: [Parameter<Self>] {
    [
      Parameter(
        "registry", \.registry, "name",
        "The registry to ask; without it the one that config.yaml enables, Kubernetes where there is none."),
      Parameter(
        "discovery-arg", \.discoveryArguments, "key=value",
        "The upstream's discovery_args, such as namespace_id=public or group_name=DEFAULT_GROUP. Repeatable."),
      Parameter("all", short: "A", \.all, "Every service name there is, with the number of its nodes."),
      Parameter(
        "referenced", \.referenced, "file",
        """
        Every upstream with discovery in this file: apisix.yaml, ADC, ApisixUpstream, an answer of the Admin API; at \
        this URL of a control API; or, for the word cluster, in its ApisixUpstream objects. Repeatable.
        """,
        completion: .files()),
      Parameter("admin", \.admin, "url", "Every upstream with discovery that this Admin API has."),
      Parameter(
        "admin-key-file", \.adminKeyFile, "file", "A file with the Admin API's key. Or set GATECHECK_ADMIN_KEY.",
        completion: .files()),
      Parameter(
        "etcd", \.etcd, "url",
        "Every upstream with discovery in APISIX's etcd: that of config.yaml's deployment.etcd, or this one.",
        alone: ""),
      Parameter(
        "control", \.control, "url",
        "Compare with what the APISIX behind this control API holds: of one service name, or of all."),
      Parameter(
        "from", \.from, "file",
        """
        Offline: Endpoints or EndpointSlices in JSON or YAML, or what --registry answers APISIX; - for standard input, \
        ID=FILE for one cluster. Repeatable.
        """,
        completion: .files()),
      Parameter(
        "watch", short: "w", \.watch,
        "Follow the service as APISIX does, and print each change until Ctrl-C, or for --timeout."),
      Parameter(
        "probe", \.probe, "tls", "Try a TCP connection to each node from here; =tls for a TLS handshake too.",
        alone: .tcp),
      Parameter(
        "from-pod", \.fromPod,
        "With --probe: print a Job that probes from inside the cluster, for kubectl apply -f -."),
      Parameter("namespace", short: "n", \.namespace, "name", "The namespace of the Job of --from-pod."),
      Parameter(
        "output", short: "o", \.output, "format",
        "table, json, yaml, apisix, hosts, or a format of lint; FORMAT=FILE writes to a file."),
    ] + SeedOptions.flags(at: \.seed) + ConfigFlags.flags(at: \.config) + AccessOptions.flags(at: \.connection)
      + SelectionFlags.flags(at: \.selection) + TerminalFlags.flags(at: \.terminal)
  }

  func validate() throws(Mistake) {
    try seed.validate(hasRegistry: registry != nil)
    if seed.isGiven, !isOfOneName || !referenced.isEmpty || admin != nil || control != nil {
      throw Mistake(
        "--zookeeper and --seed-config want one service name; beside them go --etcd, --config, --probe and --watch.")
    }
    if seed.isGiven {
      if watch { try validateWatch() }
      return try connection.validate()
    }
    switch [serviceName != nil, all, wantsInventory, serviceName == nil && control != nil].count(where: { $0 }) {
    case 0: throw Mistake("Name a service, or give --all, --referenced, --admin, --etcd or --control.")
    case 1: break
    default:
      throw Mistake(
        "Give one of these: a service name, --all, --control, or upstreams (--referenced, --admin, --etcd together). "
          + "--control also goes with a service name.")
    }
    _ = try DiscoveryArguments(discoveryArguments)
    try registry?.validate(hasConfig: config.config != nil, hasFiles: !from.isEmpty, watch: watch)
    if adminKeyFile != nil, admin == nil { throw Mistake("--admin-key-file goes with --admin.") }
    if referenced.contains(UpstreamSources.cluster), !from.isEmpty {
      throw Mistake("--referenced cluster asks the API server; not with --from.")
    }
    if watch { try validateWatch() }
    // What else stands there `perform` refuses, in the form that was asked for.
    if case .unknown = probe { return }
    guard !fromPod || probe == .tcp else { throw Mistake("--from-pod goes with --probe, for TCP.") }
    guard serviceName != nil || probe == nil else { throw Mistake("--probe wants one service name.") }
    if serviceName == nil, [.apisix, .hosts].contains(output.format.nodes) {
      throw Mistake("-o \(output.format.rawValue) wants one service name.")
    }
    if fromPod, let objection = NameRule.label.objection(to: namespace) {
      throw Mistake("--namespace \(terminalSafe(namespace)) \(objection).")
    }
    try connection.validate()
  }

  private func validateWatch() throws(Mistake) {
    guard serviceName != nil, from.isEmpty, probe == nil, control == nil else {
      throw Mistake("--watch wants one service name and servers to ask; not --from, --probe or --control.")
    }
    guard output.file == nil, [.table, .json].contains(output.format.nodes) else {
      throw Mistake("--watch prints table or json lines.")
    }
  }

  /// Whether one name is asked for, of servers.
  private var isOfOneName: Bool { serviceName != nil && !all && from.isEmpty && !fromPod }

  /// Whether upstreams are to be collected.
  private var wantsInventory: Bool { !referenced.isEmpty || admin != nil || etcd != nil }

  /// The format as those of findings name it; none for those of nodes but JSON.
  var documents: [OutputPlan] { output.format.findings.map { [OutputPlan(format: $0, file: output.file)] } ?? [] }

  /// What is asked.
  /// - Parameter read: gives the bytes of an --env-file.
  func question(reading read: (String) throws(FileError) -> [UInt8]) throws -> ResolveQuestion {
    var question = ResolveQuestion()
    question.serviceName = serviceName
    question.registry = registry?.kind
    question.ownModule = registry?.own
    question.arguments = try DiscoveryArguments(discoveryArguments).values
    question.sources.referenced = referenced
    question.sources.admin = admin
    question.sources.adminKeyFile = adminKeyFile
    question.sources.etcd = etcd
    question.control = control
    question.from = from
    question.seed = seed
    question.probe = fromPod ? nil : probe.map { $0 == .tls ? .tls : .tcp }
    question.access = try connection.with(config, reading: read)
    return question
  }

  func perform(in session: Session) -> ExitStatus { ResolveRun(arguments: self, session: session).perform() }
}
