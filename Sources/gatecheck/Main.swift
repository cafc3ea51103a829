import ArgumentParser
import Findings
import Glibc
import HTTP
import Inputs
import Synchronization

@main
enum Main {
  static func main() {
    Heap.prepare()
    Signals.install()
    let status = ending(run())
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

  private static func run() -> ExitStatus {
    guard let words = ProgramArguments.all else {
      Output.error.write("gatecheck: the arguments cannot be read: mount /proc\n")
      return .unfinished
    }
    guard let (command, arguments) = Commands.called(by: words) else { return explain(words) }
    do throws(Mistake) {
      let call = try command.read(arguments)
      try call.validate()
      return call.perform(in: Session())
    } catch {
      let words = arguments.prefix { $0 != "--" }
      if let flag = words.first(where: { ["--help", "-h"].contains($0) }) {
        return explain(command.name.split(separator: " ").map(String.init) + [flag])
      }
      // Whoever names a version behind it means one of APISIX.
      if let index = words.lastIndex(of: "--version"), words[index...].allSatisfy({ $0.hasPrefix("-") }) {
        return explain(words[index...].filter { ["--version", "-v", "--verbose"].contains($0) })
      }
      return refuse(command.message(error))
    }
  }

  /// Says what is wrong with the call. A token that was pasted into it is not shown again.
  private static func refuse(_ text: String) -> ExitStatus {
    Output.error.write("gatecheck: \(SecretPatterns.shownCall(viewerSafe(text)))\n")
    return .usage
  }

  /// Help, version and completion, and that there is no such command. Help as JSON would bring Foundation in.
  private static func explain(_ words: [String]) -> ExitStatus {
    var words = words.filter { !$0.hasPrefix("--experimental-dump-help") }
    if words == ["version"] { words = ["--version"] }
    if words.contains("--version"), words.contains(where: ["-v", "--verbose"].contains) {
      Output.standard.write("gatecheck \(Version.current)\n\(HTTPClient.library)\n")
      return .passed
    }
    let named = (words.first == "help" ? words.dropFirst() : words[...]).prefix { !$0.hasPrefix("-") }
    if let mistake = Commands.mistake(in: Array(named)) {
      return refuse("\(mistake)\nUsage: gatecheck <command>\n  See 'gatecheck --help' for more information.")
    }
    do {
      var command = try Gatecheck.parseAsRoot(words)
      try command.run()
      return .passed
    } catch {
      let message = Gatecheck.fullMessage(for: error)
      guard Gatecheck.exitCode(for: error) == .success else {
        // ArgumentParser's own status for that is 64.
        return refuse(String(message.dropFirst(message.hasPrefix("Error: ") ? 7 : 0)))
      }
      // Scripts of completion are as they are.
      Output.standard.write((CompletionShell.requesting == nil ? Program.spoken(message) : message) + "\n")
      return .passed
    }
  }
}
