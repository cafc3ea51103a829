import APISIX
import Findings
import JSON

struct SchemaCommand: Command {
  static let name = "schema"
  static let abstract = "A JSON Schema of config.yaml's discovery section, for editors."

  var apisixVersion: String?

  static var flags: [Parameter<Self>] {
    [
      Parameter(
        "apisix-version", \.apisixVersion, "version", "As this release of APISIX has it, 2.13.0 to 3.18.0.")
    ]
  }

  func perform(in session: Session) -> ExitStatus {
    do {
      let choice = try ReleaseFlags(apisixVersion: apisixVersion).choice()
      session.output.write(Schema.config(choice.release).text(pretty: true) + "\n")
      return .passed
    } catch {
      session.notices.write("gatecheck: \(error)\n")
      return .usage
    }
  }
}
