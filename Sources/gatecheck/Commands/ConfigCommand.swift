import ArgumentParser
import Findings
import Glibc
import Lint

struct ConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config", abstract: "gatecheck's own settings, .gatecheck.yaml.", subcommands: [ConfigInit.self])
}

struct ConfigInit: Command {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Writes a .gatecheck.yaml with every setting explained; never over one that is there.")

  func perform(in session: Session) -> ExitStatus {
    let path = Settings.fileName
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      let reason = errno == EEXIST ? "it is there already" : String(cString: strerror(errno))
      session.notices.write("gatecheck: cannot write \(path): \(reason)\n")
      return errno == EEXIST ? .usage : .unfinished
    }
    Output(descriptor: descriptor).write(Settings.template)
    close(descriptor)
    session.notices.write("gatecheck: wrote \(path)\n")
    return .passed
  }
}
