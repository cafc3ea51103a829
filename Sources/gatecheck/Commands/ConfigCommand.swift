import Findings
import Inputs
import Lint
import Templates

struct ConfigInitCommand: Command {
  static let name = "config init"
  static let abstract = "Writes a .gatecheck.yaml with every setting explained; never over one that is there."
  static var flags: [Parameter<Self>] { [] }

  func perform(in session: Session) -> ExitStatus {
    let path = Settings.fileName
    let isThere = FileSystem.exists(path)
    guard session.save(Templates.settings, to: path, isNew: true) else { return isThere ? .usage : .unfinished }
    session.notices.write("gatecheck: wrote \(path)\n")
    return .passed
  }
}
