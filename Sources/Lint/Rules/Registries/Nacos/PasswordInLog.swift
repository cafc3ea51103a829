import APISIX
import Findings
import Inputs

enum PasswordInLog {
  static let rule: Rule = """
    nacos/password-in-log (note, since 2.13.0): A refused login is logged with its password
    Checks: Before 3.17: whether an item of `host` of nacos has a user and password.
    Why: When Nacos refuses the login, these releases write the request with user and password into error.log, once \
    for each fetch.
    Example: host: ["http://${{NACOS_USER}}:${{NACOS_PASSWORD}}@192.168.33.1:8848"]
    Fix: Use 3.17 or newer, or let nobody read error.log who must not see the password.
    """

  static func check(_ context: ConfigContext) -> Finding? {
    guard !context.release.has(.hidesNacosPassword),
      let server = context.servers(of: .nacos).first(where: hasUser)
    else { return nil }
    return server.finding(
      rule, "APISIX \(context.release) writes user and password into error.log when Nacos refuses them",
      help: "use 3.17 or newer, or let nobody read error.log who must not see them")
  }

  /// Whatever the variables in it are.
  private static func hasUser(_ server: Setting) -> Bool {
    switch server.kind {
    case .string(let text), .open(let text): URLText(text).userInfo != nil
    default: false
    }
  }
}
