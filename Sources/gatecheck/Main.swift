import ArgumentParser
import Findings
import Glibc
import Synchronization

@main
enum Main {
  static func main() {
    Signals.install()
    let status = ending(run(Array(CommandLine.arguments.dropFirst())))
    // At once: OpenSSL would tidy up for a millisecond.
    _exit(status.rawValue)
  }

  /// Whether the result got out decides before what it says.
  private static func ending(_ status: ExitStatus) -> ExitStatus {
    if let ended = Signals.ending { return ended }
    switch Output.failure.load(ordering: .relaxed) {
    case 0: return status
    case EPIPE: return .passed
    case let code:
      Output.error.write("gatecheck: cannot write the result: \(String(cString: strerror(code)))\n")
      return .unfinished
    }
  }

  private static func run(_ words: [String]) -> ExitStatus {
    guard let (command, arguments) = Commands.called(by: words) else { return explain(words) }
    do throws(Mistake) {
      guard let call = try command.read(arguments) else { return explain(words) }
      try call.validate()
      return call.perform(in: Session())
    } catch {
      Output.error.write(Gatecheck.message(error, in: command) + "\n")
      return .usage
    }
  }

  private static let fewWords = 64

  /// Without the paths behind the first of a long list: words that neither are a flag nor can be the value of one.
  private static func shortened(_ words: [String]) -> [String] {
    zip(words, [""] + words).enumerated().filter { index, pair in
      index < fewWords || pair.0.hasPrefix("-") || pair.1.hasPrefix("-")
    }.map(\.element.0)
  }

  /// Help, completion, and what is wrong with a call. ArgumentParser's own status for that is 64.
  private static func explain(_ words: [String]) -> ExitStatus {
    do {
      // A wrong call is told by its first words: thousands of paths would take minutes.
      if words.count > Self.fewWords { _ = try Gatecheck.parseAsRoot(shortened(words)) }
      var command = try Gatecheck.parseAsRoot(words)
      if let call = (command as? any DescribedCommand)?.called {
        try call.validate()
        return call.perform(in: Session())
      }
      try command.run()
      return .passed
    } catch {
      let message = Gatecheck.fullMessage(for: error) + "\n"
      guard Gatecheck.exitCode(for: error) == .success else {
        Output.error.write(message)
        return .usage
      }
      Output.standard.write(message)
      return .passed
    }
  }
}
