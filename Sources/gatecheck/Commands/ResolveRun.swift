import Findings
import HTTP
import Inputs
import Lint
import Parallel
import Probes

/// One run of `resolve`: from the arguments to what is shown.
struct ResolveRun {
  let arguments: ResolveCommand
  let session: Session

  private var selection: Selection { arguments.selection.selection(nil) }
  private var format: ResolveFormat { arguments.output.format }

  func perform() -> ExitStatus {
    // Half a resolve of one name is to load libcurl and the 30 libraries that it needs.
    if arguments.from.isEmpty { meanwhile(HTTPClient.load) }
    let connection = arguments.connection
    var context = session.context(
      timeout: arguments.watch ? connection.givenTimeout : connection.timeout, verbose: arguments.terminal.verbose)
    // The usual time is one for servers: kubectl may take longer to write all that there is.
    if connection.givenTimeout == nil { context.patience = Patience(isCancelled: context.isCancelled) }
    let question: ResolveQuestion
    do {
      try arguments.probe?.check()
      try selection.check(against: rules)
      try OutputFile.check([arguments.output.file].compactMap { $0 })
      question = try arguments.question(reading: context.read)
      if let note = try arguments.config.release.choice().note {
        session.notice(note, arguments.terminal)
      }
    } catch {
      return session.refuse(
        error, "resolve", arguments.documents, members: ResolveAnswer().members(arguments.serviceName))
    }
    if arguments.watch {
      let (asJSON, secrets) = (format.nodes == .json, context.secrets)
      var watch = WatchRenderer(
        question.serviceName ?? "", asJSON: asJSON, selection: selection, now: context.now
      ) { line in
        if asJSON {
          session.output.write(secrets.hidden(in: line))
        } else {
          session.output.tell(secrets.hidden(in: line))
        }
      }
      let answer = question.watch(in: context) { watch.show($0) }
      guard watch.hasBegun else { return show(answer, of: question) }
      session.notice(watch.summary, arguments.terminal)
      return arguments.selection.exitZero && watch.status == .failed ? .passed : watch.status
    }
    return show(session.waiting(context, arguments.terminal, question.ask), of: question)
  }

  private func show(_ result: ResolveAnswer, of question: ResolveQuestion) -> ExitStatus {
    let names = arguments.fromPod || format.nodes == .hosts ? (result.nodes ?? []).count { $0.ip == nil } : 0
    if names > 0 { session.notice("\(counted(names, "node")) left out: the host is no IP address", arguments.terminal) }
    let name = arguments.serviceName
    let report = Report(
      command: "resolve", version: Version.current, preface: preface(result),
      findings: question.told(selection.apply(to: result.findings)),
      members: result.members(name), sources: result.sources, secrets: result.secrets, order: .asGiven)
    for notice in result.notices { session.notice(report.shown(notice), arguments.terminal) }
    var end = ExitStatus(for: report.findings, selection: selection, exitZero: arguments.selection.exitZero)
    if arguments.fromPod, let nodes = result.nodes, !nodes.isEmpty {
      session.output.write(report.shown(ProbeJob(nodes, namespace: arguments.namespace).manifest))
      notify(report)
    } else if let format = format.nodes {
      if format == .json {
        if !write(report.rendered(as: .json)) { return .unfinished }
      } else {
        if !write(report.shown(NodeRenderer.text(result, arguments.serviceName ?? "", as: format))) {
          return .unfinished
        }
        if format == .table, arguments.output.file == nil, !report.findings.isEmpty {
          if isShown(result) { session.output.write("\n") }
          session.output.tell(text(report, on: session.output))
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

  /// Where -o says.
  private func write(_ text: String) -> Bool {
    if let file = arguments.output.file { return session.save(text, to: file) }
    session.output.writeAsIs(text)
    return true
  }

  /// What there is, in a line, for a format that shows findings only.
  private func preface(_ result: ResolveAnswer) -> [String] {
    guard format.nodes == nil else { return [] }
    if let services = result.services { return [counted(services.count, "service")] }
    guard let name = arguments.serviceName, let nodes = result.nodes else { return [] }
    return ["\(name): \(counted(nodes.count, "node"))"]
  }

  /// Whether a table has anything to show.
  private func isShown(_ result: ResolveAnswer) -> Bool {
    result.services.map { !$0.isEmpty } ?? !(result.nodes ?? []).isEmpty
  }

  private func text(_ report: Report, on output: Output) -> String {
    let color = session.colors(arguments.terminal.color, on: output)
    return report.rendered(as: .text, options: RenderOptions(color: color, width: session.terminalWidth))
  }

  private func notify(_ report: Report) {
    if !report.findings.isEmpty { session.notices.tell(text(report, on: session.notices)) }
  }
}
