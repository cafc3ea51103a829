import ArgumentParser
import Findings
import Glibc
import HTTP
import Parallel
import Synchronization

/// A command of gatecheck: it computes, prints through the session and says how it ended. Only `main` exits.
protocol Command: ParsableCommand {
  func perform(in session: Session) -> ExitStatus
}

@main
enum Main {
  static func main() {
    Signals.install()
    let status = ending(run(Array(CommandLine.arguments.dropFirst())))
    // What ArgumentParser printed. Then at once: OpenSSL would tidy up for a millisecond.
    fflush(nil)
    _exit(status)
  }

  /// Whether the result got out decides before what it says.
  private static func ending(_ status: Int32) -> Int32 {
    if Signals.interrupted.load(ordering: .relaxed) { return ExitStatus.interrupted.rawValue }
    switch Output.failure.load(ordering: .relaxed) {
    case 0: return status
    case EPIPE: return ExitStatus.passed.rawValue
    case let code:
      Output.error.write("gatecheck: cannot write the result: \(String(cString: strerror(code)))\n")
      return ExitStatus.unfinished.rawValue
    }
  }

  /// Whether a server will be asked: to load libcurl takes as long as ArgumentParser takes for the arguments.
  private static func connects(_ arguments: [String]) -> Bool {
    switch (arguments.first, arguments.dropFirst().first) {
    case ("resolve", _): !arguments.contains { $0.hasPrefix("--from") }
    case ("token", "verify"), ("token", "create"), ("rbac", "verify"), ("rbac", "diff"): true
    default: false
    }
  }

  /// Parses, runs, and gives the status; ArgumentParser's own 64 for a wrong call becomes 2.
  private static func run(_ arguments: [String]) -> Int32 {
    if let lint = LintArguments(plain: arguments) { return lint.perform(in: Session()).rawValue }
    // Nothing is left to parse meanwhile, so libcurl need not be loaded ahead.
    if let resolve = ResolveArguments(plain: arguments) { return resolve.perform(in: Session()).rawValue }
    if connects(arguments) { meanwhile { HTTPClient.load() } }
    do {
      var command = try Gatecheck.parseAsRoot(JoinedValues.split(LongLists.set(aside: arguments)))
      guard let ours = command as? any Command else {
        try command.run()
        return 0
      }
      return ours.perform(in: Session()).rawValue
    } catch {
      let message = Gatecheck.fullMessage(for: error)
      guard Gatecheck.exitCode(for: error) != .success else {
        Output.standard.write(message + "\n")
        return 0
      }
      Output.error.write(message + "\n")
      return ExitStatus.usage.rawValue
    }
  }
}
