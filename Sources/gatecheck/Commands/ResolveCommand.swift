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
      "Offline: Endpoints or EndpointSlices in JSON or YAML; - for standard input, ID=FILE for one cluster. Repeatable.",
      valueName: "file"),
    completion: .file())
  var from: [String] = []

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
    guard (serviceName != nil) != all else {
      throw ValidationError(all ? "--all takes no service name." : "Name a service, or give --all.")
    }
    guard !fromPod || probe else { throw ValidationError("--from-pod goes with --probe.") }
    guard !all || !probe else { throw ValidationError("--probe wants one service name.") }
    try connection.checkTimes()
    guard NodeFormat(rawValue: output) == nil, OutputFormat(rawValue: output) == nil else { return }
    let known = NodeFormat.allCases.map(\.rawValue) + OutputFormat.allCases.map(\.rawValue)
    throw ValidationError("There is no output format '\(output)'. Formats: \(known.joined(separator: ", ")).")
  }

  func perform(in session: Session) -> ExitStatus { ResolveRun(command: self, session: session).perform() }
}

enum NodeFormat: String, CaseIterable { case table, json, yaml, apisix, hosts }
