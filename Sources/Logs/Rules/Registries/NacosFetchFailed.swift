import APISIX
import Findings
import SourceText

enum NacosFetchFailed {
  static let rule: Rule = """
    log/nacos-fetch-failed (error, since 2.13.0): Nacos refuses to give a service, or gives what is no list of instances
    Checks: `get_url:… err:status = N`, or `err:` with the complaint of a JSON reader, and the lines that say that all \
    services, or all hosts, failed.
    Why: The server answered, and not with instances. Up to 3.14 the service then has no nodes until a fetch works; \
    from 3.15 on it keeps those of before, and has none after a start.
    Example: get_url:ns/instance/list?healthyOnly=true&serviceName=web&namespaceId=public&groupName=DEFAULT_GROUP \
    err:status = 403
    Fix: 403: give the user of `host` the right to read that namespace. 404 and 410: set `prefix`, or turn on the old \
    API of Nacos 3 (`nacos.core.api.compatibility.client.enabled=true`); Nacos 3.2 has none. 5xx: see Nacos' log.
    zh: Nacos 拒绝提供某个服务，或者返回的不是实例列表
    Checks: `get_url:… err:status = N`，或者 `err:` 后面是 JSON 解析错误；以及表示所有服务或所有 host 都失败的日志。
    Why: 服务器有响应，但给的不是实例。3.14 及以前，在下一次拉取成功之前，该服务没有节点；从 3.15 起会保留之前的节点，\
    但刚启动时没有。
    Fix: 403：给 `host` 中的用户授予读取该命名空间的权限。404 和 410：设置 `prefix`，或者开启 Nacos 3 的旧 API（\
    `nacos.core.api.compatibility.client.enabled=true`）；Nacos 3.2 已经没有旧 API。5xx：查看 Nacos 的日志。
    """

  static let check = LogCheck(
    rule, .nacosUnfetched, .nacosUnlisted, .nacosHostFailed, .nacosHostsFailed, .nacosNothingFetched
  ) {
    if let (words, query, server) = fetch(in: $0) {
      guard Unreached(words.reason) == nil else { return nil }
      return explanation(words.reason, query, server)
    }
    if let words = $0.said(.nacosHostFailed) {
      let server = server(words[.host] ?? "")
      return Explanation(
        rule, "Nacos at \(server) gave no service at all",
        help: "see the lines before it, which say why of each service",
        .effect(.nacos), values: [(.registry, RegistryKind.nacos.key), (.server, server)], settings: ["host"])
    }
    return Explanation(
      rule, "no Nacos server of discovery.nacos.host gave anything",
      help: "see the lines before it, which say why of each server", .effect(.nacos),
      values: [(.registry, RegistryKind.nacos.key)],
      settings: ["host"])
  }

  /// The fetch of one service that failed.
  static func fetch(in record: LogRecord) -> (words: Words, query: NacosQuery, server: String?)? {
    if let words = record.said(.nacosUnfetched) { return (words, NacosQuery(words[.path] ?? ""), nil) }
    return record.said(.nacosUnlisted).map {
      ($0, NacosQuery("serviceName=" + ($0[.name] ?? "")), server($0[.path] ?? ""))
    }
  }

  private static func explanation(_ reason: String, _ query: NacosQuery, _ server: String?) -> Explanation {
    let status = reason.hasPrefix("status = ") ? String(reason.dropFirst("status = ".count)) : nil
    let place = "Nacos" + (server.map { " at " + $0 } ?? "")
    let message =
      if let status { "\(place) refuses the service \(query.told): status \(status)" } else {
        "\(place) answers for the service \(query.told) with what is no list of instances: \(reason)"
      }
    let help: String =
      switch status {
      case "401" where query.isSigned, "403" where query.isSigned:
        "write the access_key and secret_key into discovery.nacos of a user that may read namespace "
          + (query.namespace ?? "public")
      case "401", "403":
        "give the user of discovery.nacos.host the right to read namespace \(query.namespace ?? "public"); without a "
          + "user "
          + "there, write http://USER:PASSWORD@host:8848"
      case "404":
        "set discovery.nacos.prefix to where this Nacos has version 1 of its API, by default /nacos/v1/; Nacos 3.2 and "
          + "newer have none"
      case "410":
        "this Nacos has version 1 of its API turned off: set nacos.core.api.compatibility.client.enabled=true in its "
          + "application.properties; Nacos 3.2 and newer have none"
      case "400":
        "see whether the service name, or a value of discovery_args, has blanks or signs that a URL cannot hold"
      case .some: "look into Nacos' own log: it is starting, or not well; APISIX asks again by itself"
      case nil where reason.has("invalid characters"):
        "the service name \(query.service) has a blank, or another sign that a URL cannot hold: write %20 in its place"
      case nil:
        "see whether discovery.nacos.host and prefix lead to the API: a console page or a proxy answers otherwise; "
          + "prefix is /nacos/v1/ by default"
      }
    let answer: (name: Explanation.Value, text: String) = status.map { (.status, $0) } ?? (.reason, reason)
    return Explanation(
      rule, message, help: help, .cause(.nacos),
      values: [(.registry, RegistryKind.nacos.key)] + (server.map { [(.server, $0)] } ?? []) + [
        (.service, query.service), answer,
      ],
      settings: ["401", "403"].contains(status) ? ["host"] : ["prefix", "host"])
  }
}
