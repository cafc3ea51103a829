import APISIX
import Findings
import SourceText

enum NacosLoginFailed {
  static let rule: Rule = """
    log/nacos-login-failed (error, since 2.13.0): Nacos did not let APISIX log in
    Checks: `nacos login fail:USER desc:…`, and `nacos login response missing accessToken`.
    Why: With a user in the address of `host`, APISIX logs in before each fetch. Without the login it fetches nothing: \
    no service has nodes, or, from 3.15 on, all keep those of before. Up to 3.16 the line holds the password.
    Example: nacos login fail:nacos desc:status = 403
    Fix: Write the user and password that Nacos knows into the address: `http://USER:PASSWORD@host:8848`. A `%` or `@` \
    of the password is written as it is; it must have no colon.
    zh: APISIX 登录 Nacos 失败
    Checks: `nacos login fail:USER desc:…` 和 `nacos login response missing accessToken`。
    Why: `host` 的地址里写了用户时，APISIX 每次拉取之前都要登录。登录失败就什么也不拉取：所有服务都没有节点，从 3.15 \
    起则保留之前的节点。3.16 及以前，这行日志里带有密码。
    Fix: 在地址里写 Nacos 中存在的用户和密码：`http://USER:PASSWORD@host:8848`。密码里的 `%` 和 `@` 照原样写；密码里\
    不能有冒号。
    """

  static let check = LogCheck(rule, .nacosLoginFailed, .nacosTokenless, .nacosLoginRefused, .nacosHostFailed) {
    if let words = $0.said(.nacosLoginFailed) {
      // Before 3.17 the password follows, behind a blank.
      let user = shown((words[.name] ?? "").prefix { $0 != " " })
      return explanation(
        words.reason, "as \(user)", [(.registry, RegistryKind.nacos.key), (.user, user), (.reason, words.reason)])
    }
    if let words = $0.said(.nacosHostFailed) {
      guard words.cause?.sentence == .nacosTokenless || words.reason.hasPrefix("status = ") else { return nil }
      let server = server(words[.host] ?? "")
      if words.cause?.sentence == .nacosTokenless {
        return Explanation(
          rule, "Nacos at \(server) answers the login without an accessToken",
          help: tokenless, .cause(.nacos),
          values: [(.registry, RegistryKind.nacos.key), (.server, server), (.reason, "no accessToken")],
          settings: ["host", "prefix"])
      }
      return Explanation(
        rule, "Nacos at \(server) gave nothing, because of the login: \(words.reason)", .effect(.nacos),
        values: [(.registry, RegistryKind.nacos.key), (.server, server)], settings: ["host"])
    }
    guard let words = $0.said(.nacosLoginRefused) else {
      return Explanation(
        rule, "Nacos answers the login without an accessToken", .cause(.nacos),
        values: [(.registry, RegistryKind.nacos.key), (.reason, "no accessToken")], settings: ["host"])
    }
    return Explanation(
      rule, "nothing is fetched from Nacos, because of the login: \(words.reason)", .effect(.nacos),
      values: [(.registry, RegistryKind.nacos.key)], settings: ["host"])
  }

  /// What to do where the answer to a login has no accessToken.
  static let tokenless =
    "see whether that is Nacos itself, with its own login (nacos.core.auth.enabled=true): a proxy or another login "
    + "answers otherwise; without a login, take the user out of discovery.nacos.host"

  private static func explanation(
    _ reason: String, _ who: String, _ values: [(name: Explanation.Value, text: String)]
  ) -> Explanation {
    let status = reason.hasPrefix("status = ") ? String(reason.dropFirst("status = ".count)) : nil
    let problem = Unreached(reason)
    let message =
      if let problem { "Nacos \(problem.told) when APISIX logs in \(who)" } else if let status {
        "Nacos refuses the login \(who): status \(status)"
      } else {
        "the login to Nacos \(who) failed: \(reason)"
      }
    let help: String? =
      switch status {
      case "403", "401": "write the right password into discovery.nacos.host: http://USER:PASSWORD@host:8848"
      case "404", "410": "set discovery.nacos.prefix to where Nacos has version 1 of its API, by default /nacos/v1/"
      case "500", "502", "503", "504": "look into Nacos' own log: it is starting, or not well"
      default: problem?.help("Nacos", "discovery.nacos.host")
      }
    return Explanation(
      rule, message, help: help, .cause(.nacos), values: values + (status.map { [(.status, $0)] } ?? []),
      settings: status == "404" || status == "410" ? ["prefix", "host"] : ["host"])
  }
}
