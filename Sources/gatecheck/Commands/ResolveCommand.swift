import APISIX
import ArgumentParser
import Doctor
import Findings
import Glibc
import JSON
import Lint

struct ResolveCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "resolve",
    abstract: "The nodes that APISIX would compute for a service name, or why there are none.")

  @Argument(
    help: ArgumentHelp("The upstream's service_name, such as default/plat-dev:port.", valueName: "service-name"))
  var serviceName: String

  @Option(
    help: ArgumentHelp(
      "Offline: Endpoints or EndpointSlices in JSON or YAML; - for standard input, ID=FILE for one cluster. Repeatable.",
      valueName: "file"),
    completion: .file())
  var from: [String] = []

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("table, json, yaml, apisix, hosts, or a format of lint.", valueName: "format"))
  var output: String = "table"

  @OptionGroup var config: ConfigOptions
  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var selection: SelectionOptions
  @OptionGroup var terminal: TerminalOptions

  func validate() throws {
    guard NodeFormat(rawValue: output) == nil, OutputFormat(rawValue: output) == nil else { return }
    let known = NodeFormat.allCases.map(\.rawValue) + OutputFormat.allCases.map(\.rawValue)
    throw ValidationError("There is no output format '\(output)'. Formats: \(known.joined(separator: ", ")).")
  }

  func perform(in session: Session) -> ExitStatus {
    let run = ResolveRun(command: self, session: session)
    return run.perform()
  }
}

enum NodeFormat: String, CaseIterable { case table, json, yaml, apisix, hosts }

private struct ResolveRun {
  let command: ResolveCommand
  let session: Session

  private struct Stop: Error {
    let finding: Finding
    var status: ExitStatus = .unfinished
  }

  func perform() -> ExitStatus {
    do throws(Stop) {
      let choice: ReleaseChoice
      do { choice = try command.config.release.choice() } catch {
        session.notices.write("gatecheck: \(error)\n")
        return .usage
      }
      let config = try kubernetes(choice.release)
      let found = try offline(config, choice.release)
      let diagnosis = Diagnosis(found, command.serviceName)
      return show(diagnosis.nodes, diagnosis.findings)
    } catch {
      return show(nil, [error.finding], status: error.status)
    }
  }

  /// `discovery.kubernetes` of --config; nil without one.
  private func kubernetes(_ release: Release) throws(Stop) -> JSONValue? {
    guard let path = command.config.config else { return nil }
    let bytes: [UInt8]
    do throws(FileError) { bytes = try InputFile(path: path, origin: .named).read() ?? [] } catch {
      throw Stop(finding: error.finding)
    }
    let verdict = judge(bytes, Conditions(release: release))
    guard let value = verdict.discovery?["kubernetes"], value.table != nil else {
      throw Stop(
        finding: Finding(
          rule: .startFailure, message: "\(terminalSafe(path)) has no discovery.kubernetes", file: path,
          help: "add it, or leave --config out"), status: .failed)
    }
    return JSONValue(value)
  }

  private func offline(_ config: JSONValue?, _ release: Release) throws(Stop) -> KubernetesDiscovery {
    let ids = command.from.compactMap(Self.cluster(of:))
    var endpoints = KubernetesDiscovery(
      config ?? (ids.isEmpty ? .object(JSONObject()) : .array(ids.map { ["id": .string($0.id)] })), release: release,
      serviceName: command.serviceName)
    // Without a config nobody says what APISIX watches: slices are read where there is nothing else.
    var slices: KubernetesDiscovery?
    if config == nil, ids.isEmpty {
      slices = KubernetesDiscovery(["watch_endpoint_slices": true], release: .newest, serviceName: command.serviceName)
    }
    for argument in command.from {
      let named = Self.cluster(of: argument)
      let path = named?.path ?? argument
      let index = named.flatMap { endpoints.index(of: $0.id) }
      if let named, index == nil, endpoints.mode == .multi {
        throw Stop(
          finding: Finding(
            rule: .unknownCluster,
            message: "--from \(terminalSafe(argument)): no cluster has the id \(terminalSafe(named.id))"),
          status: .usage)
      }
      try feed(path, cluster: index, &endpoints, &slices)
    }
    if let slices, let first = endpoints.clusters.first, first.observation.names.isEmpty,
      let other = slices.clusters.first, !other.observation.names.isEmpty
    {
      session.notice("only EndpointSlices here; resolved as with watch_endpoint_slices: true", command.terminal)
      return slices
    }
    return endpoints
  }

  private func feed(
    _ path: String, cluster: Int?, _ endpoints: inout KubernetesDiscovery, _ slices: inout KubernetesDiscovery?
  ) throws(Stop) {
    let descriptor = path == "-" ? 0 : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      let error = FileError(
        errno == ENOENT ? .notFound : .unreadable, path: path, reason: String(cString: strerror(errno)))
      throw Stop(finding: error.finding)
    }
    defer { if path != "-" { close(descriptor) } }
    var first = ObjectInput(cluster: cluster)
    var second = ObjectInput(cluster: cluster)
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    do throws(ObjectInput.Problem) {
      while true {
        let count = read(descriptor, &buffer, buffer.count)
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else {
          throw ObjectInput.Problem(message: String(cString: strerror(errno)))
        }
        guard count > 0 else { break }
        let chunk = Array(buffer[..<count])
        try first.feed(chunk, to: &endpoints)
        if var other = slices {
          slices = nil
          try second.feed(chunk, to: &other)
          slices = other
        }
      }
      try first.finish(&endpoints)
      if var other = slices {
        slices = nil
        try second.finish(&other)
        slices = other
      }
    } catch {
      throw Stop(
        finding: FileError(.unreadable, path: path == "-" ? "<stdin>" : path, reason: error.message).finding)
    }
  }

  private static func cluster(of argument: String) -> (id: String, path: String)? {
    let parts = argument.split(separator: "=", maxSplits: 1)
    guard parts.count == 2, !parts[0].contains("/"), !parts[0].contains("."), parts[0] != "-" else { return nil }
    return (String(parts[0]), String(parts[1]))
  }

  private func show(_ nodes: [UpstreamNode]?, _ findings: [Finding], status: ExitStatus? = nil) -> ExitStatus {
    let selection = command.selection.selection(nil)
    let report = Report(
      command: "resolve", version: Version.current, findings: selection.apply(to: findings),
      members: [
        .init(key: "serviceName", value: .string(command.serviceName)),
        .init(key: "registry", value: "kubernetes"),
        .init(key: "nodes", value: nodes.map { .array($0.map(\.json)) } ?? .null),
      ], order: .asGiven)
    let end: ExitStatus
    if let format = NodeFormat(rawValue: command.output) {
      if format == .json {
        session.output.write(report.rendered(as: .json))
      } else {
        if let nodes, !nodes.isEmpty { session.output.write(NodeRenderer.text(nodes, command.serviceName, as: format)) }
        let color = session.colors(command.terminal.color, on: session.notices)
        if !report.findings.isEmpty {
          let text = report.rendered(as: .text, options: RenderOptions(color: color, width: session.terminalWidth))
          if format == .table { session.output.write(text) } else { session.notices.write(text) }
        }
      }
      end = ExitStatus(for: report.findings, selection: selection, exitZero: command.selection.exitZero)
    } else {
      var options = OutputOptions()
      options.output = [command.output]
      options.terminal = command.terminal
      end = session.finish(report, options, selection: selection, exitZero: command.selection.exitZero)
    }
    if let status { return status }
    if end == .passed, nodes?.isEmpty ?? true, !command.selection.exitZero { return .failed }
    return end
  }
}
