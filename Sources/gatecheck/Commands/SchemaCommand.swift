import APISIX
import Findings
import JSON
import Lint

struct SchemaCommand: Command {
  static let name = "schema"
  static let abstract = "A JSON Schema of config.yaml's discovery section, for editors."

  var apisixVersion: String?

  static var flags: [Parameter<Self>] {
    [
      Parameter(
        "apisix-version", \.apisixVersion, "version",
        "As this release of APISIX has it, \(ReleaseFlags.known).", completion: .releases)
    ]
  }

  func perform(in session: Session) -> ExitStatus {
    do {
      let choice = try ReleaseFlags(apisixVersion: apisixVersion).choice()
      session.output.writeAsIs(Schema.config(choice.release).text(pretty: true) + "\n")
      return .passed
    } catch { return session.refuse(error) }
  }
}
