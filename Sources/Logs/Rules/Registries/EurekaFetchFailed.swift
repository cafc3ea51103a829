import APISIX
import Findings
import SourceText

enum EurekaFetchFailed {
  static let rule: Rule = """
    log/eureka-fetch-failed (error, since 2.13.0): Eureka gave APISIX no list of instances
    Checks: `failed to fetch registry` with a status or the socket's complaint, `invalid response body`, `failed to \
    fetch nodes for : NAME`.
    Why: APISIX keeps what it has, and has nothing after a start: each request is then answered with 503. It asks \
    `PREFIX/apps` with `Accept: application/json`: 404 is a wrong prefix, 401 a missing user, XML or a page no Eureka.
    Example: failed to fetch registry from http://127.0.0.1:8761/eureka/v2/: status=404
    Fix: Set `prefix` to what stands before `/apps`: `/eureka/` for Spring's Eureka, `/eureka/v2/` for Netflix's. A \
    user stands in the address: `http://USER:PASSWORD@host:8761`.
    zh: APISIX 没有从 Eureka 得到实例列表
    Checks: `failed to fetch registry` 加上状态码或 socket 的报错、`invalid response body`、`failed to fetch nodes \
    for : NAME`。
    Why: APISIX 会保留已有的节点，但刚启动时没有，所有请求都返回 503。它用 `Accept: application/json` 查询 \
    `PREFIX/apps`：404 是前缀不对，401 是没有写用户；返回 XML 或网页，说明那不是 Eureka。
    Fix: 把 `prefix` 设为 `/apps` 前面的部分：Spring 的 Eureka 是 `/eureka/`，Netflix 的是 `/eureka/v2/`。用户写在地\
    址里：`http://USER:PASSWORD@host:8761`。
    """

  static let check = LogCheck(
    rule, .eurekaHostFailed, .eurekaHostsFailed, .eurekaStatus, .eurekaFailed, .eurekaUnparsed, .eurekaHostless,
    .eurekaUnfetched
  ) {
    if let words = $0.said(.eurekaHostFailed) { return explanation(words.reason, server(words[.host] ?? "")) }
    if let words = $0.said(.eurekaStatus) { return explanation("status=" + shown(words[.number] ?? ""), nil) }
    if let words = $0.said(.eurekaUnfetched) {
      let name = shown(words[.name] ?? "")
      return Explanation(
        rule, "nothing is fetched from Eureka yet, so \(name) has no nodes",
        help: "see the lines before it, which say what Eureka answers", .request(.eureka),
        values: [(.registry, RegistryKind.eureka.key), (.service, name)])
    }
    if $0.said(.eurekaHostsFailed) != nil {
      return Explanation(
        rule, "no server of discovery.eureka.host gave a list",
        help: "see the lines before it, which say why of each server", .effect(.eureka),
        values: [(.registry, RegistryKind.eureka.key)],
        settings: ["host"])
    }
    if $0.said(.eurekaHostless) != nil {
      return Explanation(
        rule, "discovery.eureka has no host", help: "write host: [\"http://host:8761\"]", .cause(.eureka),
        values: [(.registry, RegistryKind.eureka.key)], settings: ["host"])
    }
    if let words = $0.said(.eurekaUnparsed) {
      // In a request it is a plugin's word, of a server of its own.
      guard $0.tail.client == nil else { return nil }
      return Explanation(
        rule, "Eureka answers with what is no JSON\((words[.object] ?? "").has("<") ? ": XML, or a page" : "")",
        help: "see whether discovery.eureka.host and prefix lead to Eureka's API: what stands before /apps",
        .cause(.eureka),
        values: [(.registry, RegistryKind.eureka.key), (.reason, "no JSON")], settings: ["prefix", "host"])
    }
    return $0.said(.eurekaFailed).map { explanation($0.reason, nil) }
  }

  private static func explanation(_ reason: String, _ server: String?) -> Explanation {
    let status = reason.hasPrefix("status=") ? String(reason.dropFirst("status=".count)) : nil
    let place = "Eureka" + (server.map { " at " + $0 } ?? "")
    let problem = Unreached(reason)
    let message =
      if let status { "\(place) answers \(status)" } else if let problem {
        "\(place) \(problem.told)\(problem.detail(reason))"
      } else {
        "\(place) gave no list of instances: \(reason)"
      }
    let help: String? =
      switch status {
      case "404":
        "set discovery.eureka.prefix to what stands before /apps: /eureka/ for Spring's Eureka, /eureka/v2/ for "
          + "Netflix's"
      case "401", "403": "write the user into discovery.eureka.host: http://USER:PASSWORD@host:8761"
      case .some: "look into Eureka's own log; APISIX asks again by itself"
      case nil: problem?.help("Eureka", "discovery.eureka.host")
      }
    let answer: (name: Explanation.Value, text: String) = status.map { (.status, $0) } ?? (.reason, reason)
    return Explanation(
      rule, message, help: help, .cause(.eureka),
      values: [(.registry, RegistryKind.eureka.key)] + (server.map { [(.server, $0)] } ?? []) + [answer],
      settings: status == "404" ? ["prefix", "host"] : ["host"])
  }
}
