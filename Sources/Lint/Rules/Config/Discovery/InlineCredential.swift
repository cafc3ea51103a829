import APISIX
import Findings
import Inputs
import SourceText

enum InlineCredential {
  static let rule: Rule = """
    discovery/inline-credential (note): A password or token is written in the file itself
    Checks: Whether the addresses of nacos and eureka have a password in them, and whether `token` of consul and \
    consul_kv, `secret_key` of nacos and `password` of tars are written out.
    Why: Whoever can read the file, or the repository it lies in, can use it.
    Example:
    nacos:
      host: ["http://nacos:s3cret@192.168.33.1:8848"]
    Fix: nacos:
      host: ["http://nacos:${{NACOS_PASSWORD}}@192.168.33.1:8848"]
    """

  static func check(_ context: ConfigContext) -> [Finding] {
    var settings: [Setting] = []
    for kind in RegistryKind.allCases {
      guard let registry = context[kind] else { continue }
      settings += kind.credentials.compactMap { registry[$0] }.filter { isWritten($0.string ?? "", $0) }
    }
    for kind in [RegistryKind.nacos, .eureka] {
      settings += context.servers(of: kind).filter { host in
        let user = URLText(host.written ?? "").userInfo
        let password = user.flatMap { user in user.firstIndex(of: ":").map { user[user.index(after: $0)...] } }
        return password.map { isWritten(String($0), host) } ?? false
      }
    }
    return settings.map { setting in
      let what = setting.key.allSatisfy(\.isNumber) ? "a password" : setting.key
      return setting.finding(
        rule, "\(what) is written in the file itself", help: "take it from the environment: ${{NAME}}")
    }
  }

  private static func isWritten(_ text: String, _ setting: Setting) -> Bool {
    !text.isEmpty && !text.hasPrefix("$") && !(setting.written ?? "").has("${{") && !text.hasPrefix("<")
      && !text.has("{") && !text.allSatisfy { ".*xX…".contains($0) }
  }
}
