import Findings
import Glibc
import Lint

struct ConfigInitCommand: Command {
  static let name = "config init"
  static let abstract = "Writes a .gatecheck.yaml with every setting explained; never over one that is there."
  static var parameters: [Parameter<Self>] { [] }

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
