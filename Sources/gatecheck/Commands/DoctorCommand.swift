import Doctor
import Findings
import Inputs
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
  var uri: String?
  var host: String?
  var contexts: [String] = []
  var wait: Duration?
  var bundle: String?
  var fromBundle: String?
  var plan: [FormatFlag<DoctorFormat>] = []
  var planned = PreFlags()
  var seed = SeedOptions()
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
      Parameter("uri", \.uri, "uri", "A request, such as /orders: the way it takes, to the first broken link."),
      Parameter("host", \.host, "name", "With --uri: its host, such as shop.example.com."),
      Parameter(
        "context", \.contexts, "name", "A context of the kubeconfig. Repeatable: a cluster each, all at once.",
        completion: .contexts),
      Parameter("wait", \.wait, "seconds", "Look again at what can heal, for so many seconds at most."),
      Parameter(
        "bundle", \.bundle, "file", "Write what was found, and the files without their secrets, into this tar.gz.",
        completion: .files()),
      Parameter(
        "from-bundle", \.fromBundle, "file", "Tell of the installation in this bundle, and ask nobody.",
        completion: .files()),
    ] + PreFlags.flags(at: \.planned) + SeedOptions.flags(at: \.seed) + ConfigFlags.flags(at: \.config)
      + AccessOptions.flags(at: \.connection).filter { $0.name != "context" }
      + SelectionFlags.flags(at: \.selection) + TerminalFlags.flags(at: \.terminal)
  }

  func validate() throws(Mistake) {
    try connection.validate()
    if let fromBundle { return try validate(fromBundle) }
    if bundle == "-" { throw Mistake("--bundle wants a file, not standard output.") }
    if host != nil, uri == nil { throw Mistake("--host goes with --uri.") }
    if uri != nil, admin == nil, control == nil, apisixFile.isEmpty, config.config == nil {
      throw Mistake("--uri wants to know the routes: --admin URL, --apisix-file FILE or --control URL.")
    }
    if planned.pre, control != nil || !log.isEmpty {
      throw Mistake("--pre looks at what does not run yet: not with --control or --log.")
    }
    try planned.validate()
    try seed.validate(hasRegistry: false)
    if adminKeyFile != nil, admin == nil { throw Mistake("--admin-key-file goes with --admin.") }
  }

  /// All that names something else to look at.
  private func validate(_ bundle: String) throws(Mistake) {
    let others: [(String, Bool)] = [
      ("--bundle", self.bundle != nil), ("--pre", planned.pre), ("--config", config.config != nil),
      ("--admin", admin != nil),
      ("--control", control != nil), ("--apisix-file", !apisixFile.isEmpty), ("--log", !log.isEmpty),
      ("--uri", uri != nil), ("--probe", probe != nil), ("--wait", wait != nil), ("--context", !contexts.isEmpty),
      ("--kubeconfig", connection.kubeconfig != nil), ("--zookeeper", seed.isGiven),
      ("--server", connection.server != nil),
    ]
    if let other = others.first(where: \.1) { throw Mistake("--from-bundle and \(other.0) exclude each other.") }
  }

  func perform(in session: Session) -> ExitStatus {
    let selection = selection.selection(nil)
    if let fromBundle { return perform(on: fromBundle, selection, session) }
    // Until the question is asked, which gives each installation its own end, and each look that is repeated.
    let context = session.context(timeout: connection.timeout, verbose: terminal.verbose)
    var installation = Installation { rules }
    do {
      try probe?.check()
      try selection.check(against: rules)
      installation.access = try connection.with(config, reading: context.read)
      if let bundle, FileSystem.exists(bundle) {
        throw Mistake("\(FileError.isThere(bundle).shownPath) is there already.")
      }
      try OutputFile.check((plan.map(\.file) + [bundle]).compactMap { $0 })
      if let note = try config.release.choice().note { session.notice(note, terminal) }
    } catch { return session.refuse(error, Self.name, plan.documents, members: DoctorAnswer().members) }
    installation.sources.admin = admin
    installation.sources.adminKeyFile = adminKeyFile
    installation.sources.referenced = apisixFile
    installation.control = control
    installation.seed = seed
    installation.request = uri.map { ($0, host) }
    installation.logs = log
    installation.plan = planned.plan
    installation.probe = probe.map { $0 == .tls ? .tls : .tcp }
    installation.access.context = contexts.first
    installation.access.looksForConfig = true
    if let found = installation.access.usualConfig(in: context), config.config == nil {
      session.notice("using \(found)", terminal)
      installation.access.config = found
    }
    var question = DoctorQuestion(installation, contexts: contexts)
    (question.timeout, question.wait) = (connection.timeout, wait)
    var answer = session.waiting(context, terminal) { question.ask(in: $0) }
    guard let bundle else { return finish(answer.selected(selection), selection, session) }
    let (archive, findings) = answer.bundle(answer.report(version: Version.current), known: context.secrets)
    answer.add(bundle: bundle, findings)
    let status = finish(answer.selected(selection), selection, session)
    guard let archive else { return status }
    return session.save(archive, to: bundle) ? status : .unfinished
  }

  private func perform(on path: String, _ selection: Selection, _ session: Session) -> ExitStatus {
    let context = session.context(timeout: connection.timeout, verbose: terminal.verbose)
    do {
      try selection.check(against: rules)
      let bundle = try Bundle(try context.read(path), path: path)
      let answer = BundleQuestion(bundle) { rules }.ask(in: context)
      return finish(answer.selected(selection), selection, session)
    } catch { return session.refuse(error, Self.name, plan.documents, members: DoctorAnswer().members) }
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
