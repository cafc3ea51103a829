import APISIX
import Doctor
import Findings
import Glibc
import JSON
import Lint
import Synchronization

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
    } catch { return session.refuse(error) }
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
    let found = try input.read(try kubernetes(release, .unknown), release)
    guard let name = command.serviceName else {
      let findings = found.clusters.flatMap(Diagnosis.findings(onAll:))
      return show(ResolveResult(services: found.services, findings: findings))
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
      deadline: .now + .milliseconds(Int(command.connection.timeout * 1000)),
      isCancelled: { Signals.interrupted.load(ordering: .relaxed) },
      trace: { if verbose { notices.write("gatecheck: \(terminalSafe($0))\n") } })
    let answer = command.serviceName.map { resolver.resolve($0) } ?? resolver.all()
    for notice in answer.notices { session.notice(notice, command.terminal) }
    var result = ResolveResult(
      nodes: answer.nodes, notReady: answer.notReady, services: command.all ? answer.services : nil,
      findings: answer.findings,
      status: answer.isUnfinished ? .unfinished : nil)
    result.sources = answer.sources
    result.secrets = answer.secrets
    return show(probed(result))
  }

  private func probed(_ result: ResolveResult) -> ResolveResult {
    guard command.probe, !command.fromPod, let nodes = result.nodes, !nodes.isEmpty else { return result }
    var result = result
    let probes = NodeProbe.run(
      nodes, timeout: .milliseconds(Int(min(command.connection.requestTimeout, 3) * 1000)),
      isCancelled: { Signals.interrupted.load(ordering: .relaxed) })
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
        if format == .table, !report.findings.isEmpty {
          if result.isShown { session.output.write("\n") }
          session.output.write(text(report, on: session.output))
        } else {
          notify(report)
        }
      }
    } else {
      var options = OutputOptions()
      options.output = [command.output]
      options.terminal = command.terminal
      end = session.finish(report, options, selection: selection, exitZero: command.selection.exitZero)
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
