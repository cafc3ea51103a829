import APISIX
import Findings
import Glibc
import HTTP
import Inputs
import JSON
import Lint
import Probes
import Synchronization

/// One run of `resolve`: from the inputs to what is shown.
struct ResolveRun {
  let arguments: ResolveArguments
  let session: Session

  struct Stop: Error {
    let finding: Finding
    var status: ExitStatus = .unfinished
  }

  private var selection: Selection { arguments.selection.selection(nil) }

  func perform() -> ExitStatus {
    let choice: ReleaseChoice
    let access: AccessOptions
    do {
      try arguments.probe?.check()
      try selection.check(against: rules)
      choice = try arguments.config.release.choice()
      access = try AccessOptions(arguments.config, arguments.connection)
    } catch {
      return session.refuse(
        error, "resolve", arguments.documents, members: ResolveResult().members(arguments.serviceName))
    }
    do throws(Stop) {
      if let note = choice.note { session.notice(note, quiet: arguments.terminal.quiet) }
      return arguments.from.isEmpty ? try live(access) : try offline(choice.release)
    } catch {
      return show(ResolveResult(findings: [error.finding], status: error.status))
    }
  }

  // MARK: from files

  private func offline(_ release: Release) throws(Stop) -> ExitStatus {
    let input = ResolveInput(arguments: arguments, session: session)
    let environment: APISIX.Environment
    do throws(FileError) { environment = try arguments.config.release.environment() } catch {
      throw Stop(finding: error.finding)
    }
    let file = try ResolveConfig(arguments.config.config, Conditions(release: release, environment: environment))
    let config = try file?.kubernetes(of: arguments.config.cluster)
    let sources = ResolveSources(arguments: arguments, session: session, config: file)
    let inventory = try sources.inventory(nil)
    let found = try input.read(
      config, release, name: arguments.serviceName, interest: arguments.control == nil ? .counts : .everything)
    guard let name = arguments.serviceName else {
      let services = found.services
      var result = ResolveResult(services: services.map { ServiceRow($0) }, findings: Diagnosis.refused(services))
      if let control = arguments.control {
        result = try compared(sources.dump(of: control), with: found)
      } else if let inventory {
        result = try inventory.resolved(services) { name throws(Stop) in
          input.isRepeatable ? Diagnosis(try input.read(config, release, name: name), name).findings : []
        }
      }
      result.findings = passedOver(found) + found.clusters.flatMap(Diagnosis.findings(onAll:)) + result.findings
      return show(result)
    }
    var diagnosis = Diagnosis(found, name)
    if input.isRepeatable, let meant = diagnosis.meant {
      diagnosis = Diagnosis(try input.read(config, release, name: meant), name)
    }
    return show(
      probed(
        ResolveResult(
          nodes: diagnosis.nodes, notReady: diagnosis.notReady, findings: passedOver(found) + diagnosis.findings)))
  }

  /// What was read by all clusters is told once.
  private func passedOver(_ found: KubernetesDiscovery) -> [Finding] {
    found.clusters.lazy.compactMap(Diagnosis.passedOver).prefix(1).map { $0 }
  }

  // MARK: from API servers

  private func live(_ options: AccessOptions) throws(Stop) -> ExitStatus {
    let surroundings = Surroundings(environment: session.environment.all)
    let variables = options.variables ?? surroundings.environment
    let config = try ResolveConfig(
      arguments.config.config, Conditions(release: options.release, environment: .known(variables)))
    let sources = ResolveSources(arguments: arguments, session: session, config: config)
    let (verbose, notices) = (arguments.terminal.verbose, session.notices)
    let progress = self.progress(arguments.watch ? nil : "asking the API server")
    defer { progress?.end() }
    let count = Counter()
    let resolver = LiveResolver(
      config?.kubernetes ?? .object(JSONObject()), options, surroundings,
      deadline: arguments.watch ? nil : .now + .milliseconds(Int(arguments.connection.timeout * 1000)),
      // A watch ends too when nobody reads it any more.
      isCancelled: { Signals.wasInterrupted || Output.failure.load(ordering: .relaxed) != 0 },
      trace: { if verbose { notices.write("gatecheck: \(terminalSafe($0))\n") } },
      progress: { progress?.tell("\(count.add($0)) objects read") })
    var answer: LiveResolver.Answer
    var result: ResolveResult
    if let name = arguments.serviceName, arguments.watch {
      var watch = ResolveWatch(
        name, asJSON: arguments.output == "json", session: session, quiet: arguments.terminal.quiet)
      answer = resolver.watch(name) { watch.show($0) }
      guard !watch.hasBegun else { return watch.finish() }
      result = ResolveResult(nodes: answer.nodes, findings: answer.findings)
    } else if let name = arguments.serviceName {
      answer = resolver.resolve(name)
      result = probed(ResolveResult(nodes: answer.nodes, notReady: answer.notReady, findings: answer.findings))
    } else if let control = arguments.control {
      answer = resolver.all(keeping: .everything)
      result =
        try answer.discovery.map { discovery throws(Stop) in try compared(sources.dump(of: control), with: discovery) }
        ?? ResolveResult()
      result.findings = answer.findings + result.findings
    } else {
      let inventory = try sources.inventory(resolver)
      answer = resolver.all()
      result = ResolveResult(
        services: answer.services.map { ServiceRow($0) }, findings: Diagnosis.refused(answer.services))
      if let inventory, answer.missing != [nil], !answer.services.isEmpty || !answer.isUnfinished {
        // A cluster that does not answer costs its own names only.
        result = try inventory.resolved(answer.services, unknown: answer.missing.compactMap { $0 }) {
          name throws(Stop) in
          resolver.resolve(name).findings
        }
      }
      result.findings = answer.findings + result.findings
    }
    progress?.end()
    for notice in answer.notices { session.notice(notice, quiet: arguments.terminal.quiet) }
    if answer.isUnfinished { result.status = .unfinished }
    result.sources.merge(answer.sources) { file, _ in file }
    result.secrets += answer.secrets
    return show(result)
  }

  // MARK: from a running APISIX

  private func compared(
    _ answer: (dump: JSONValue?, findings: [Finding]), with expected: KubernetesDiscovery
  ) throws(Stop) -> ResolveResult {
    guard let document = answer.dump else { return ResolveResult(services: [], findings: answer.findings) }
    guard let dump = DiscoveryDump(document) else {
      throw Stop(
        finding: Finding(
          rule: .apisixRefused, message: "the control API answers with something else than a dump of kubernetes",
          help: "the control API listens on 127.0.0.1:9090 of the APISIX host, mostly"), status: .failed)
    }
    let differences = dump.compared(with: expected)
    let objects = expected.clusters.map(\.store.services.count).max() ?? 0
    return ResolveResult(
      services: differences.map { ServiceRow($0) }, findings: Comparison.findings(differences, total: objects))
  }

  /// nil where none is to be shown.
  private func progress(_ text: String?) -> Progress? {
    text.flatMap {
      Progress.begin(
        $0, on: session.notices, in: session.environment,
        wanted: !arguments.terminal.quiet && !arguments.terminal.verbose)
    }
  }

  private func probed(_ result: ResolveResult) -> ResolveResult {
    guard let kind = arguments.probe, !arguments.fromPod, let nodes = result.nodes, !nodes.isEmpty else {
      return result
    }
    var result = result
    let name = arguments.serviceName ?? ""
    let timeout = Duration.milliseconds(Int(min(arguments.connection.requestTimeout, 3) * 1000))
    let isCancelled: @Sendable () -> Bool = { Signals.wasInterrupted }
    let progress = self.progress("probing \(nodes.count) node\(nodes.count == 1 ? "" : "s")")
    defer { progress?.end() }
    var probes = NodeProbe.run(nodes, timeout: timeout, isCancelled: isCancelled)
    if kind == .tls {
      probes = NodeProbe.shakeHands(probes, settings(for: name), timeout: timeout, isCancelled: isCancelled)
    }
    result.probes = probes
    result.findings = NodeProbe.findings(name, probes) + NodeProbe.tlsFindings(name, probes) + result.findings
    return result
  }

  /// As a client of the Service in the cluster would verify its pods.
  private func settings(for name: String) -> TLSSettings {
    let parts = name.prefix { $0 != ":" }.split(separator: "/").suffix(2)
    return TLSSettings(
      authorities: arguments.connection.certificateAuthority.map { .file($0) } ?? .system,
      serverName: parts.reversed().joined(separator: ".") + ".svc")
  }

  // MARK: what is shown

  private func show(_ result: ResolveResult) -> ExitStatus {
    let report = Report(
      command: "resolve", version: Version.current, preface: preface(result),
      findings: selection.apply(to: result.findings),
      members: result.members(arguments.serviceName), sources: result.sources, secrets: result.secrets, order: .asGiven)
    var end = ExitStatus(for: report.findings, selection: selection, exitZero: arguments.selection.exitZero)
    if arguments.fromPod, let nodes = result.nodes, !nodes.isEmpty {
      session.output.write(ProbeJob(nodes, namespace: arguments.namespace).manifest)
      notify(report)
    } else if let format = NodeFormat(rawValue: arguments.output) {
      if format == .json {
        session.output.write(report.rendered(as: .json))
      } else {
        session.output.write(NodeRenderer.text(result, arguments.serviceName ?? "", as: format))
        if format == .table, !report.findings.isEmpty {
          if result.isShown { session.output.write("\n") }
          session.output.write(text(report, on: session.output))
        } else {
          notify(report)
        }
      }
    } else {
      end = session.finish(
        report, arguments.documents, color: arguments.terminal.color, selection: selection,
        exitZero: arguments.selection.exitZero)
    }
    if let status = result.status { return status }
    let isEmpty = result.services == nil && result.nodes?.isEmpty ?? true
    return end == .passed && isEmpty && !arguments.selection.exitZero ? .failed : end
  }

  /// What there is, in a line, for a format that shows findings only.
  private func preface(_ result: ResolveResult) -> [String] {
    guard NodeFormat(rawValue: arguments.output) == nil else { return [] }
    if let services = result.services { return ["\(services.count) service\(services.count == 1 ? "" : "s")"] }
    guard let name = arguments.serviceName, let nodes = result.nodes else { return [] }
    return ["\(name): \(nodes.count) node\(nodes.count == 1 ? "" : "s")"]
  }

  private func text(_ report: Report, on output: Output) -> String {
    let color = session.colors(arguments.terminal.color, on: output)
    return report.rendered(as: .text, options: RenderOptions(color: color, width: session.terminalWidth))
  }

  private func notify(_ report: Report) {
    if !report.findings.isEmpty { session.notices.write(text(report, on: session.notices)) }
  }
}
