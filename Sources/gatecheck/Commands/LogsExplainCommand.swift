import APISIX
import Common
import Findings
import Glibc
import Inputs
import Lint
import Logs
import Probes
import Synchronization

struct LogsExplainCommand: Command {
  static let name = "logs explain"
  static let abstract = "Turns the lines of APISIX's error.log into causes and fixes."
  static let discussion = """
    Takes error.log as it is, rotated, gzip, as kubectl logs prints it (--prefix, --timestamps), of containerd, \
    docker, journald, or exported as JSON or CSV. Equal lines are one group; what follows from a cause is told with \
    it. A time such as 1h counts back from the last entry of the files, from now for standard input and -f. A time \
    without a zone is that of the log's own clock; UTC where the container's runtime wrote the times before the lines.
    """

  var files: [String] = []
  var since: LogTime?
  var until: LogTime?
  var follow = false
  var output = OutputFlags()
  var selection = SelectionFlags()
  var config = ConfigFlags()

  static var argument: Parameter<Self>? {
    Parameter(
      arguments: "file", \.files, "Logs, of one gateway or several; - for standard input, as without any in a pipe.",
      completion: .files())
  }

  static var flags: [Parameter<Self>] {
    [
      Parameter("since", \.since, "time", "Only entries from this time on: 2026-11-28 11:02, 11:02, RFC 3339, 1h."),
      Parameter("until", \.until, "time", "Only entries up to this time; a minute or a day counts with all of it."),
      Parameter("follow", short: "f", \.follow, "Go on as entries come, through rotation, until Ctrl-C."),
    ] + OutputFlags.flags(at: \.output) + SelectionFlags.flags(at: \.selection) + ConfigFlags.flags(at: \.config)
  }

  func validate() throws(Mistake) {
    if files.isEmpty, isatty(STDIN_FILENO) == 1 {
      throw Mistake("Name a log, or pipe one in: kubectl logs deploy/apisix | gatecheck logs explain -")
    }
    if files.count(where: { $0 == "-" }) > 1 { throw Mistake("- can be given once.") }
    if let since, let until, since.isLater(than: until) { throw Mistake("--since is later than --until.") }
    if config.config == nil, config.cluster != nil { throw Mistake("--cluster goes with --config.") }
    guard follow else { return }
    if output.plan.contains(where: { ![.text, .short, .json].contains($0.format) || $0.file != nil }) {
      throw Mistake("-f prints text, short or json lines.")
    }
  }

}

extension LogTime: FlagValue {
  init?(flag text: String) { self.init(text) }

  var text: String { "" }
  static var wanted: String { "a time such as 2026-11-28 11:02, 2026-11-28T11:02:16Z, 11:02, 1h or 30m" }
}

extension LogsExplainCommand {
  /// Where it is asked to follow a log: how that is shown.
  private var liveFormat: OutputFormat { output.plan.last?.format ?? .text }

  func perform(in session: Session) -> ExitStatus {
    let selection = selection.selection(nil)
    let files = files.isEmpty ? ["-"] : files
    do {
      try selection.check(against: rules)
      let config = try readConfig(session)
      var question = LogQuestion(files)
      (question.since, question.until) = (since, until)
      if self.config.release.apisixVersion != nil { question.release = try self.config.release.choice().release }
      question.isCancelled = { Signals.wasInterrupted || Output.failure.load(ordering: .relaxed) != 0 }
      guard follow else {
        let answer = LogAnswer(try question.ask(now: Session.now()), files: files, config: config)
        return session.finish(
          answer.report(Self.name, version: Version.current, selection, histogram: session.output.isTerminal), output,
          selection: selection, exitZero: self.selection.exitZero)
      }
      question.follows = true
      for file in files where FileSystem.mayAppear(file) {
        session.notice("\(file) is not there yet: waiting for it", output.terminal)
      }
      let options = RenderOptions(
        color: session.colors(output.terminal.color, on: session.output), width: session.terminalWidth)
      var live = LogLive(
        files, config, selection, as: liveFormat, options, version: Version.current, release: question.release)
      let show = { (text: String) in
        _ = liveFormat == .json ? session.output.writeAsIs(text) : session.output.tell(text)
      }
      let read = try question.ask(now: Session.now()) { show(live.text(of: $0)) }
      let answer = LogAnswer(read, files: files, config: config)
      show(live.end(answer))
      let report = answer.report(Self.name, version: Version.current, selection)
      return ExitStatus(for: report.findings, selection: selection, exitZero: self.selection.exitZero)
    } catch {
      return session.refuse(error, Self.name, output.plan, members: LogAnswer().members(selection))
    }
  }

  private func readConfig(_ session: Session) throws -> LogConfig? {
    let choice = try config.release.choice()
    if let note = choice.note { session.notice(note, output.terminal) }
    let environment = try config.release.environment()
    guard let path = config.config else { return nil }
    let read = try DiscoveryConfig(
      at: path, Conditions(release: choice.release, environment: environment, files: config.release.files.lookup))
    if let id = config.cluster { _ = try read.needed(id) }
    return LogConfig(read, cluster: config.cluster)
  }
}
