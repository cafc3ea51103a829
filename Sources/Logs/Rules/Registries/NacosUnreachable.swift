import APISIX
import Findings
import SourceText

enum NacosUnreachable {
  static let rule: Rule = """
    log/nacos-unreachable (error, since 2.13.0): A Nacos server is not reached
    Checks: `get_url:… err:` with `connection refused`, `timeout`, `closed`, a name that does not resolve, or a \
    certificate that is not trusted; and `nacos host at index … is invalid`.
    Why: APISIX got no answer. Of several hosts, 3.15 and newer ask the next; older releases draw one for each fetch, \
    and the services of a failed one are gone until the next. Where all fail, no service has nodes after a start.
    Example: get_url:ns/instance/list?healthyOnly=true&serviceName=web&namespaceId=public&groupName=DEFAULT_GROUP \
    err:connection refused
    Fix: Start Nacos, or mend the address in `host`; in a container, 127.0.0.1 is the container itself.
    zh: Nacos 服务器连不上
    Checks: `get_url:… err:` 后面是 `connection refused`、`timeout`、`closed`、域名无法解析或证书不受信任；以及 \
    `nacos host at index … is invalid`。
    Why: APISIX 没有得到响应。配置了多个 host 时，3.15 及更新的版本会换下一个；更旧的版本每次拉取只随机选一个，失败\
    后，这次要拉取的服务在下一次拉取之前都没有节点。如果全部连不上，启动之后所有服务都没有节点。
    Fix: 启动 Nacos，或者改正 `host` 里的地址；容器里的 127.0.0.1 是容器自己。
    """

  static let check = LogCheck(rule, .nacosUnfetched, .nacosUnlisted, .nacosHostFailed, .nacosHostInvalid) {
    if let words = $0.said(.nacosHostInvalid) {
      let number = shown(words[.number] ?? "")
      return Explanation(
        rule, "item \(number) of discovery.nacos.host is no address, and is left out",
        help: "write it http://HOST:8848, or http://USER:PASSWORD@HOST:8848", .cause(.nacos),
        values: [(.registry, RegistryKind.nacos.key), (.object, "host \(number)")], settings: ["host"])
    }
    if let (words, _, server) = NacosFetchFailed.fetch(in: $0) {
      guard let problem = Unreached(words.reason) else { return nil }
      return Explanation(
        rule, "Nacos\(server.map { " at " + $0 } ?? "") \(problem.told)\(problem.detail(words.reason))",
        help: problem.help("Nacos", "discovery.nacos.host"), .cause(.nacos),
        values: [(.registry, RegistryKind.nacos.key)] + (server.map { [(.server, $0)] } ?? []) + [
          (.reason, words.reason)
        ],
        settings: ["host"])
    }
    // What is wrong is told by the line of the login before it.
    guard let words = $0.said(.nacosHostFailed), let problem = Unreached(words.reason) else { return nil }
    let server = server(words[.host] ?? "")
    return Explanation(
      rule, "Nacos at \(server) \(problem.told)", help: problem.help("Nacos", "discovery.nacos.host"), .effect(.nacos),
      values: [(.registry, RegistryKind.nacos.key), (.server, server), (.reason, words.reason)], settings: ["host"])
  }
}
