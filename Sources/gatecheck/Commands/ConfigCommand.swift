import ArgumentParser
import Findings
import Inputs
import Lint

struct ConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config", abstract: "gatecheck's own settings, .gatecheck.yaml.", subcommands: [ConfigInit.self])
}

struct ConfigInit: Command {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Writes a .gatecheck.yaml with every setting explained; never over one that is there.")

  func perform(in session: Session) -> ExitStatus {
    let path = Settings.fileName
    let isThere = FileSystem.exists(path)
    guard session.save(Settings.template, to: path, isNew: true) else { return isThere ? .usage : .unfinished }
    session.notices.write("gatecheck: wrote \(path)\n")
    return .passed
  }
}
