import ArgumentParser
import Findings
import Kubernetes
import Probes

struct ResolveCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "resolve",
    abstract: "The nodes that APISIX would compute for a service name, or why there are none.")

  @Argument(
    help: ArgumentHelp("The upstream's service_name, such as default/plat-dev:port.", valueName: "service-name"))
  var serviceName: String?

  @Flag(help: "Every service name there is, with the number of its nodes.")
  var all = false

  @Option(
    help: ArgumentHelp(
      """
      Every upstream with discovery in this file: apisix.yaml, ADC, ApisixUpstream, an answer of the Admin API; at this \
      URL of a control API; or, for the word cluster, in its ApisixUpstream objects. Repeatable.
      """,
      valueName: "file"),
    completion: .file())
  var referenced: [String] = []

  @Option(help: ArgumentHelp("Every upstream with discovery that this Admin API has.", valueName: "url"))
  var admin: String?

  @Option(
    help: ArgumentHelp("A file with the Admin API's key. Or set GATECHECK_ADMIN_KEY.", valueName: "file"),
    completion: .file())
  var adminKeyFile: String?

  @Option(
    defaultAsFlag: "",
    help: ArgumentHelp(
      "Every upstream with discovery in APISIX's etcd: that of config.yaml's deployment.etcd, or this one.",
      valueName: "url"))
  var etcd: String?

  @Option(
    help: ArgumentHelp("Compare with what the APISIX behind this control API holds.", valueName: "url"))
  var control: String?

  @Option(
    help: ArgumentHelp(
      "Offline: Endpoints or EndpointSlices in JSON or YAML; - for standard input, ID=FILE for one cluster. Repeatable.",
      valueName: "file"),
    completion: .file())
  var from: [String] = []

  @Flag(help: "Follow the service as APISIX does, and print each change until Ctrl-C.")
  var watch = false

  @Option(
    defaultAsFlag: ProbeKind.tcp,
    help: ArgumentHelp("Try a TCP connection to each node from here; =tls for a TLS handshake too.", valueName: "tls"))
  var probe: ProbeKind?

  @Flag(help: "With --probe: print a Job that probes from inside the cluster, for kubectl apply -f -.")
  var fromPod = false

  @Option(name: .shortAndLong, help: ArgumentHelp("The namespace of the Job of --from-pod.", valueName: "name"))
  var namespace = ResolveArguments().namespace

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("table, json, yaml, apisix, hosts, or a format of lint.", valueName: "format"))
  var output = ResolveArguments().output

  @OptionGroup var config: ConfigOptions
  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var selection: SelectionOptions
  @OptionGroup var terminal: TerminalOptions

  func validate() throws {
    switch [serviceName != nil, all, arguments.wantsInventory, control != nil].count(where: { $0 }) {
    case 0: throw ValidationError("Name a service, or give --all, --referenced, --admin, --etcd or --control.")
    case 1: break
    default:
      throw ValidationError(
        "A service name, --all, --referenced with --admin and --etcd, and --control exclude each other.")
    }
    if adminKeyFile != nil, admin == nil { throw ValidationError("--admin-key-file goes with --admin.") }
    if referenced.contains(UpstreamSources.cluster), !from.isEmpty {
      throw ValidationError("--referenced cluster asks the API server; not with --from.")
    }
    if watch {
      guard serviceName != nil, from.isEmpty, probe == nil else {
        throw ValidationError("--watch wants one service name and an API server; not --from or --probe.")
      }
      guard output == "table" || output == "json" else { throw ValidationError("--watch prints table or json lines.") }
    }
    // What else stands there `perform` refuses, in the form that was asked for.
    if case .unknown = probe { return }
    guard !fromPod || probe == .tcp else { throw ValidationError("--from-pod goes with --probe, for TCP.") }
    guard serviceName != nil || probe == nil else { throw ValidationError("--probe wants one service name.") }
    if serviceName == nil, ["apisix", "hosts"].contains(output) {
      throw ValidationError("-o \(output) wants one service name.")
    }
    if fromPod, let objection = NameRule.label.objection(to: namespace) {
      throw ValidationError("--namespace \(terminalSafe(namespace)) \(objection).")
    }
    try connection.check()
    guard NodeFormat(rawValue: output) == nil, OutputFormat(rawValue: output) == nil else { return }
    let known = NodeFormat.allCases.map(\.rawValue) + OutputFormat.allCases.map(\.rawValue)
    throw ValidationError("There is no output format '\(output)'. Formats: \(known.joined(separator: ", ")).")
  }

  func perform(in session: Session) -> ExitStatus { arguments.perform(in: session) }

  private var arguments: ResolveArguments {
    var arguments = ResolveArguments()
    arguments.serviceName = serviceName
    arguments.referenced = referenced
    arguments.admin = admin
    arguments.adminKeyFile = adminKeyFile
    arguments.etcd = etcd
    arguments.control = control
    arguments.from = from
    arguments.watch = watch
    arguments.probe = probe
    arguments.fromPod = fromPod
    arguments.namespace = namespace
    arguments.output = output
    arguments.config = config.flags
    arguments.connection = connection.flags
    arguments.selection = selection.flags
    arguments.terminal = terminal.choice
    return arguments
  }
}

/// How far --probe goes.
enum ProbeKind: ExpressibleByArgument, Hashable {
  case tcp, tls
  /// What --probe= was given in place of a word that it takes.
  case unknown(String)

  static let words = ["tcp", "tls"]
  static let allValueStrings = words

  /// Takes nothing else than JoinedValues gives: the word behind a bare --probe is the service's name.
  init?(argument: String) {
    switch argument {
    case "tcp": self = .tcp
    case "tls": self = .tls
    case _ where argument.hasPrefix("="): self = .unknown(String(argument.dropFirst()))
    default: return nil
    }
  }

  var defaultValueDescription: String { self == .tls ? "tls" : "tcp" }

  /// Whether it is a word that --probe takes.
  func check() throws(BadWord) {
    guard case .unknown(let text) = self else { return }
    let words = Self.words.joined(separator: " or ")
    throw BadWord(description: "--probe takes \(words), not \(text.isEmpty ? "nothing" : terminalSafe(text))")
  }

  struct BadWord: Error, CustomStringConvertible { let description: String }
}
