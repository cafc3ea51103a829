import Doctor
import Findings
import Lint
import Probes

struct DoctorCommand: Command {
  static let name = "doctor"
  static let abstract =
    "Looks at one installation from its config.yaml to its log, in the order in which a fault is found."

  var admin: String?
  var adminKeyFile: String?
  var control: String?
  var apisixFile: [String] = []
  var log: [String] = []
  var probe: ProbeKind?
  var plan: [FormatFlag<DoctorFormat>] = []
  var config = ConfigFlags()
  var connection = AccessOptions()
  var selection = SelectionFlags()
  var terminal = TerminalFlags()

  static var flags: [Parameter<Self>] {
    [
      Parameter("admin", \.admin, "url", "The Admin API, for the routes and upstreams."),
      Parameter(
        "admin-key-file", \.adminKeyFile, "file", "A file with the Admin API's key. Or set GATECHECK_ADMIN_KEY.",
        completion: .files()),
      Parameter("control", \.control, "url", "The control API, for what the running APISIX holds."),
      Parameter(
        "apisix-file", \.apisixFile, "file", "apisix.yaml, or another file with routes and upstreams. Repeatable.",
        completion: .files()),
      Parameter("log", \.log, "file", "The error.log. Repeatable.", completion: .files()),
      Parameter(
        "probe", \.probe, "tls", "Try a TCP connection to each node from here; =tls for a TLS handshake too.",
        alone: .tcp),
      Parameter(
        "output", short: "o", \.plan, "format",
        "\(FormatFlag<DoctorFormat>.formats); FORMAT=FILE writes to a file. Repeatable."),
    ] + ConfigFlags.flags(at: \.config) + AccessOptions.flags(at: \.connection)
      + SelectionFlags.flags(at: \.selection) + TerminalFlags.flags(at: \.terminal)
  }

  func validate() throws(Mistake) {
    try connection.validate()
    if adminKeyFile != nil, admin == nil { throw Mistake("--admin-key-file goes with --admin.") }
  }

  func perform(in session: Session) -> ExitStatus {
    let selection = selection.selection(nil)
    var installation = Installation { rules }
    do {
      try probe?.check()
      try selection.check(against: rules)
      installation.access = try connection.with(config)
      if let note = try config.release.choice().note { session.notice(note, terminal) }
    } catch { return session.refuse(error, Self.name, plan.documents, members: DoctorAnswer().members) }
    installation.sources.admin = admin
    installation.sources.adminKeyFile = adminKeyFile
    installation.sources.referenced = apisixFile
    installation.control = control
    installation.logs = log
    installation.probe = probe.map { $0 == .tls ? .tls : .tcp }
    let context = session.context(timeout: connection.timeout, verbose: terminal.verbose)
    installation.access.looksForConfig = true
    if let found = installation.access.usualConfig(in: context), config.config == nil {
      session.notice("using \(found)", terminal)
      installation.access.config = found
    }
    let question = DoctorQuestion(installation)
    let answer = session.waiting(context, terminal) { question.ask(in: $0) }
    return finish(answer.selected(selection), selection, session)
  }

  private func finish(_ answer: DoctorAnswer, _ selection: Selection, _ session: Session) -> ExitStatus {
    let report = answer.report(version: Version.current)
    for notice in answer.notices { session.notice(report.shown(notice), terminal) }
    let isShown = session.show(
      plan.isEmpty ? [FormatFlag(format: .text)] : plan, color: terminal.color, failOn: selection.failOn,
      isDocument: \.isDocument
    ) { answer.rendered(report, as: $0, $1) }
    guard isShown else { return .unfinished }
    return answer.status(report, selection, exitZero: self.selection.exitZero)
  }
}

extension [FormatFlag<DoctorFormat>] {
  /// Those in which a wrong call can be told.
  fileprivate var documents: [OutputPlan] {
    compactMap { flag in
      OutputFormat(rawValue: flag.format.rawValue).map { OutputPlan(format: $0, file: flag.file) }
    }
  }
}
