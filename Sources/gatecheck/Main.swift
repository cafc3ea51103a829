import ArgumentParser
import Findings
import Glibc
import Synchronization

/// A command of gatecheck: it computes, prints through the session and says how it ended. Only `main` exits.
protocol Command: ParsableCommand {
  func perform(in session: Session) -> ExitStatus
}

@main
enum Main {
  static func main() {
    Signals.install()
    exit(run(Array(CommandLine.arguments.dropFirst())))
  }

  /// Parses, runs, and gives the status; ArgumentParser's own 64 for a wrong call becomes 2.
  private static func run(_ arguments: [String]) -> Int32 {
    if let lint = LintArguments(plain: arguments) { return status(lint.perform(in: Session())) }
    do {
      var command = try Gatecheck.parseAsRoot(LongLists.set(aside: arguments))
      guard let ours = command as? any Command else {
        try command.run()
        return 0
      }
      return status(ours.perform(in: Session()))
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

  private static func status(_ status: ExitStatus) -> Int32 {
    Signals.interrupted.load(ordering: .relaxed) ? ExitStatus.interrupted.rawValue : status.rawValue
  }
}
