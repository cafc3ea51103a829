import Findings
import Glibc
import Inputs
import JSON
import Probes
import Synchronization

/// What every command does around a question to servers.
extension Session {
  /// With its report on standard error, where standard output is for a token or a manifest.
  var aside: Session {
    var session = self
    session.output = notices
    return session
  }

  /// - Parameter timeout: for the whole command; nil for one that the user ends.
  func context(timeout: Duration?, verbose: Bool) -> Context {
    let notices = notices
    // It ends too when nobody reads it any more.
    let isCancelled = { @Sendable in Signals.wasInterrupted || Output.failure.load(ordering: .relaxed) != 0 }
    var context = Context(environment: environment.all, now: Self.now) { path, patience throws(FileError) in
      if path == "-", isatty(STDIN_FILENO) == 1 {
        _ = notices.write("gatecheck: type or paste it, then Ctrl-D\n")
        return try InputFile.contents(path, patience: Patience(isCancelled: isCancelled))
      }
      return try InputFile.contents(path, patience: patience)
    }
    context.deadline = timeout.map { .now + $0 }
    context.isCancelled = isCancelled
    if verbose { context.trace = { notices.write("gatecheck: \(terminalSafe($0))\n") } }
    return context
  }

  /// Asks, and tells on a terminal what it waits for.
  func waiting<Answer>(_ context: Context, _ terminal: TerminalFlags, _ ask: (Context) -> Answer) -> Answer {
    let notices = notices
    let isShown =
      notices.isTerminal && !terminal.quiet && !terminal.verbose && environment["TERM"] != "dumb"
    let show: (@Sendable (String) -> Void)? = isShown ? { @Sendable in _ = notices.write($0) } : nil
    return Progress.during(
      { tell in
        var context = context
        context.progress = tell
        return ask(context)
      }, write: show)
  }

  /// The way to the servers, with what there is to tell people of it.
  func plan(_ access: AccessOptions, _ context: Context, _ terminal: TerminalFlags) -> AccessPlan {
    let plan = access.plan(in: context)
    for text in plan.notices { notice(context.secrets.hidden(in: text), terminal) }
    return plan
  }

  /// Shows what was found, the cause before what follows from it.
  func finish(
    _ command: String, _ access: AccessOptions, _ findings: [Finding], preface: [String] = [],
    members: JSONObject = [:], sources: [String: SourceFile] = [:], secrets: [String] = [],
    _ selected: SelectionFlags, _ output: OutputFlags
  ) -> ExitStatus {
    let selection = selected.selection(nil)
    let told = access.told(selection.apply(to: findings))
    let report = Report(
      command: command, version: Version.current, preface: preface, findings: told, members: members, sources: sources,
      secrets: secrets, order: .asGiven)
    return finish(report, output, selection: selection, exitZero: selected.exitZero)
  }
}
