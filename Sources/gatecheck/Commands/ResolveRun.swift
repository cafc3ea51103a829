import APISIX
import Doctor
import Findings
import Glibc
import HTTP
import JSON
import Lint

/// One run of `resolve`: from the inputs to what is shown.
struct ResolveRun {
  let command: ResolveCommand
  let session: Session

  struct Stop: Error {
    let finding: Finding
    var status: ExitStatus = .unfinished
  }

  private var selection: Selection { command.selection.selection(nil) }

  func perform() -> ExitStatus {
    let choice: ReleaseChoice
    let access: AccessOptions
    do {
      try selection.check(against: rules)
      choice = try command.config.release.choice()
      access = try AccessOptions(command.config, command.connection)
    } catch {
      return session.refuse(
        error, "resolve", command.documents, members: ResolveResult().members(command.serviceName))
    }
    do throws(Stop) {
      if let note = choice.note { session.notice(note, command.terminal) }
      return command.from.isEmpty ? try live(access) : try offline(choice.release)
    } catch {
      return show(ResolveResult(findings: [error.finding], status: error.status))
    }
  }

  // MARK: from files

  private func offline(_ release: Release) throws(Stop) -> ExitStatus {
    let input = ResolveInput(command: command, session: session)
    let config = try kubernetes(release, .unknown)
    if command.control != nil {
      return show(try compared(with: input.read(config, release, name: nil, interest: .everything)))
    }
    if let inventory = try inventory() {
      let found = try input.read(config, release, name: nil)
      let isRepeatable = !command.from.contains { $0 == "-" || $0.hasSuffix("=-") }
      return show(
        try inventory.resolved(found.services) { name throws(Stop) in
          isRepeatable ? Diagnosis(try input.read(config, release, name: name), name).findings : []
        })
    }
    let found = try input.read(config, release, name: command.serviceName)
    guard let name = command.serviceName else {
      let findings = found.clusters.flatMap(Diagnosis.findings(onAll:))
      return show(ResolveResult(services: found.services.map { ServiceRow($0) }, findings: findings))
    }
    let diagnosis = Diagnosis(found, name)
    return show(
      probed(ResolveResult(nodes: diagnosis.nodes, notReady: diagnosis.notReady, findings: diagnosis.findings)))
  }

  /// `discovery.kubernetes` of --config; nil without one.
  private func kubernetes(_ release: Release, _ environment: APISIX.Environment) throws(Stop) -> JSONValue? {
    guard let path = command.config.config else { return nil }
    let bytes: [UInt8]
    do throws(FileError) { bytes = try InputFile(path: path, origin: .named).read() ?? [] } catch {
      throw Stop(finding: error.finding)
    }
    let verdict = judge(bytes, Conditions(release: release, environment: environment))
    guard let value = verdict.discovery?["kubernetes"], value.table != nil else {
      throw Stop(
        finding: Finding(
          rule: .startFailure, message: "\(terminalSafe(path)) has no discovery.kubernetes", file: path,
          help: "add it, or leave --config out"), status: .failed)
    }
    return JSONValue(value)
  }

  // MARK: from API servers

  private func live(_ options: AccessOptions) throws(Stop) -> ExitStatus {
    let surroundings = Surroundings(environment: session.environment.all)
    let config = try kubernetes(options.release, .known(options.variables ?? surroundings.environment))
    let (verbose, notices) = (command.terminal.verbose, session.notices)
    let resolver = LiveResolver(
      config ?? .object(JSONObject()), options, surroundings,
      deadline: command.watch ? nil : .now + .milliseconds(Int(command.connection.timeout * 1000)),
      isCancelled: { Signals.wasInterrupted },
      trace: { if verbose { notices.write("gatecheck: \(terminalSafe($0))\n") } })
    var answer: LiveResolver.Answer
    var result: ResolveResult
    if let name = command.serviceName, command.watch {
      var watch = ResolveWatch(name, asJSON: command.output == "json", session: session, quiet: command.terminal.quiet)
      answer = resolver.watch(name) { watch.show($0) }
      guard !watch.hasBegun else { return watch.finish() }
      result = ResolveResult(nodes: answer.nodes, findings: answer.findings)
    } else if let name = command.serviceName {
      answer = resolver.resolve(name)
      result = probed(ResolveResult(nodes: answer.nodes, notReady: answer.notReady, findings: answer.findings))
    } else if command.control != nil {
      answer = resolver.all(keeping: .everything)
      result = try answer.discovery.map { discovery throws(Stop) in try compared(with: discovery) } ?? ResolveResult()
      result.findings = answer.findings + result.findings
    } else {
      let inventory = try inventory()
      answer = resolver.all()
      result = ResolveResult(services: answer.services.map { ServiceRow($0) })
      if let inventory, !answer.isUnfinished {
        result = try inventory.resolved(answer.services) { name throws(Stop) in resolver.resolve(name).findings }
      }
      result.findings = answer.findings + result.findings
    }
    for notice in answer.notices { session.notice(notice, command.terminal) }
    if answer.isUnfinished { result.status = .unfinished }
    result.sources = answer.sources
    result.secrets += answer.secrets
    return show(result)
  }

  // MARK: from a running APISIX

  private var http: HTTPClient {
    HTTPClient(deadline: .now + .milliseconds(Int(command.connection.timeout * 1000))) {
      Signals.wasInterrupted
    }
  }

  private func endpoint(_ kind: APISIXEndpoint.Kind, _ url: String, key: Secret? = nil) -> APISIXEndpoint {
    APISIXEndpoint(
      kind, url: url, key: key, timeout: .milliseconds(Int(command.connection.requestTimeout * 1000)),
      allowPlainHTTP: command.connection.allowPlainHttp)
  }

  private func compared(with expected: KubernetesDiscovery) throws(Stop) -> ResolveResult {
    let (document, findings) = endpoint(.control, command.control ?? "").dump(http)
    guard let document else { return ResolveResult(services: [], findings: findings) }
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

  /// What --referenced and --admin have; nil without them.
  private func inventory() throws(Stop) -> ResolveInventory? {
    guard !command.referenced.isEmpty || command.admin != nil else { return nil }
    var inventory = ResolveInventory()
    for path in command.referenced {
      do throws(FileError) { try inventory.take(file: path) } catch { throw Stop(finding: error.finding) }
    }
    if let admin = command.admin {
      var key = session.environment["GATECHECK_ADMIN_KEY"]
      if let file = command.adminKeyFile {
        do throws(FileError) { key = String(decoding: try Surroundings.readFile(file), as: UTF8.self) } catch {
          throw Stop(finding: error.finding)
        }
      }
      let trimmed = key.map { String($0.filter { !$0.isWhitespace }) }
      let answer = endpoint(.admin, admin, key: trimmed.map { Secret($0) }).resources(http)
      for (source, document) in answer.documents { inventory.upstreams.take(document, from: source) }
      inventory.findings += answer.findings
      if let trimmed { inventory.secrets.append(trimmed) }
    }
    return inventory
  }

  private func probed(_ result: ResolveResult) -> ResolveResult {
    guard command.probe, !command.fromPod, let nodes = result.nodes, !nodes.isEmpty else { return result }
    var result = result
    let probes = NodeProbe.run(
      nodes, timeout: .milliseconds(Int(min(command.connection.requestTimeout, 3) * 1000)),
      isCancelled: { Signals.wasInterrupted })
    result.probes = probes
    result.findings = NodeProbe.findings(command.serviceName ?? "", probes) + result.findings
    return result
  }

  // MARK: what is shown

  private func show(_ result: ResolveResult) -> ExitStatus {
    let report = Report(
      command: "resolve", version: Version.current, findings: selection.apply(to: result.findings),
      members: result.members(command.serviceName), sources: result.sources, secrets: result.secrets, order: .asGiven)
    var end = ExitStatus(for: report.findings, selection: selection, exitZero: command.selection.exitZero)
    if command.fromPod, let nodes = result.nodes, !nodes.isEmpty {
      session.output.write(ProbeJob(nodes, namespace: command.namespace).manifest)
      notify(report)
    } else if let format = NodeFormat(rawValue: command.output) {
      if format == .json {
        session.output.write(report.rendered(as: .json))
      } else {
        session.output.write(NodeRenderer.text(result, command.serviceName ?? "", as: format))
        if result.notReady > 0, result.nodes != nil {
          let count = result.notReady
          session.notice("\(count) more address\(count == 1 ? " is" : "es are") not ready", command.terminal)
        }
        if format == .table, !report.findings.isEmpty {
          if result.isShown { session.output.write("\n") }
          session.output.write(text(report, on: session.output))
        } else {
          notify(report)
        }
      }
    } else {
      end = session.finish(
        report, command.documents, color: command.terminal.color, selection: selection,
        exitZero: command.selection.exitZero)
    }
    if let status = result.status { return status }
    let isEmpty = result.services == nil && result.nodes?.isEmpty ?? true
    return end == .passed && isEmpty && !command.selection.exitZero ? .failed : end
  }

  private func text(_ report: Report, on output: Output) -> String {
    let color = session.colors(command.terminal.color, on: output)
    return report.rendered(as: .text, options: RenderOptions(color: color, width: session.terminalWidth))
  }

  private func notify(_ report: Report) {
    if !report.findings.isEmpty { session.notices.write(text(report, on: session.notices)) }
  }
}
