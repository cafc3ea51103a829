import ArgumentParser
import Doctor
import Findings

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
      "Every upstream with discovery in this file: apisix.yaml, ADC, ApisixUpstream, an answer of the Admin API. Repeatable.",
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

  @Flag(help: "Try a TCP connection to each node from here.")
  var probe = false

  @Flag(help: "With --probe: print a Job that probes from inside the cluster, for kubectl apply -f -.")
  var fromPod = false

  @Option(name: .shortAndLong, help: ArgumentHelp("The namespace of the Job of --from-pod.", valueName: "name"))
  var namespace: String = "default"

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("table, json, yaml, apisix, hosts, or a format of lint.", valueName: "format"))
  var output: String = "table"

  @OptionGroup var config: ConfigOptions
  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var selection: SelectionOptions
  @OptionGroup var terminal: TerminalOptions

  func validate() throws {
    let isInventory = !referenced.isEmpty || admin != nil
    switch [serviceName != nil, all, isInventory, control != nil].count(where: { $0 }) {
    case 0: throw ValidationError("Name a service, or give --all, --referenced, --admin or --control.")
    case 1: break
    default:
      throw ValidationError("A service name, --all, --referenced with --admin, and --control exclude each other.")
    }
    if watch {
      guard serviceName != nil, from.isEmpty, !probe else {
        throw ValidationError("--watch wants one service name and an API server; not --from or --probe.")
      }
      guard output == "table" || output == "json" else { throw ValidationError("--watch prints table or json lines.") }
    }
    guard !fromPod || probe else { throw ValidationError("--from-pod goes with --probe.") }
    guard serviceName != nil || !probe else { throw ValidationError("--probe wants one service name.") }
    try connection.checkTimes()
    guard NodeFormat(rawValue: output) == nil, OutputFormat(rawValue: output) == nil else { return }
    let known = NodeFormat.allCases.map(\.rawValue) + OutputFormat.allCases.map(\.rawValue)
    throw ValidationError("There is no output format '\(output)'. Formats: \(known.joined(separator: ", ")).")
  }

  /// The format as those of findings name it; none for those of nodes but JSON.
  var documents: [OutputPlan] { OutputFormat(rawValue: output).map { [OutputPlan(format: $0, file: nil)] } ?? [] }

  func perform(in session: Session) -> ExitStatus { ResolveRun(command: self, session: session).perform() }
}

enum NodeFormat: String, CaseIterable { case table, json, yaml, apisix, hosts }
