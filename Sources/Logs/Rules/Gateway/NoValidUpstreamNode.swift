import APISIX
import Findings
import SourceText

enum NoValidUpstreamNode {
  static let rule: Rule = """
    log/no-valid-upstream-node (error, since 2.13.0): No node is known for the service of a request
    Checks: `no valid upstream node: nil`, `no valid upstream node`, and at level info `get empty endpoint version \
    from discovery DICT NAME`.
    Why: The registry's code gave nothing, and the request is answered with 503. `nil` is all that APISIX says of an \
    unknown service, an unknown port, a filter, or a first fetch that has not come. Without `nil` the list is empty: \
    nacos knows the service and none of its instances, or the upstream has `nodes: []`.
    Example: failed to set upstream: no valid upstream node: nil
    Fix: Look first at other lines of the same request, and of the registry. With none of them, what remains: \
    nacos up to 3.14, the first answer has not come; consul, default_service is known to one worker only; eureka, the \
    name is in lower case, not registered or not UP; kubernetes, the name, the port's name, readiness, \
    namespace_selector or label_selector. `gatecheck resolve NAME --config config.yaml` tells which for kubernetes.
    zh: 请求要访问的服务没有任何可用节点
    Checks: `no valid upstream node: nil`、`no valid upstream node`，以及 info 级别的 `get empty endpoint version \
    from discovery DICT NAME`。
    Why: 注册中心的代码没有返回节点，请求得到 503。不管是服务不存在、端口不存在、被过滤掉，还是第一次拉取尚未完成\
    ，APISIX 都只写一个 `nil`。没有 `nil` 说明列表是空的：nacos 里有这个服务但没有实例，或者上游写了 `nodes: []`。
    Fix: 先看同一个请求以及该注册中心的其他日志。如果都没有，剩下的可能是：nacos（3.14 及以前）第一次响应还没回来\
    ；consul 的 default_service 只有一个 worker 知道；eureka 的名称写成了小写、未注册或状态不是 UP；kubernetes 的服\
    务名、端口名、就绪状态、namespace_selector 或 label_selector 有问题。kubernetes 可以用 `gatecheck resolve NAME \
    --config config.yaml` 查出是哪一种。
    """

  static let check = LogCheck(rule, .nodesNil, .nodesRefused, .nodesEmpty, .keyUnknown) {
    if let words = $0.said(.keyUnknown) {
      let name = shown(words[.name] ?? "")
      // It goes into a command.
      let isPlain = name.utf8.allSatisfy { $0.isAlphanumeric || "-./".utf8.contains($0) }
      return Explanation(
        rule, "APISIX has no service \(name) from Kubernetes: the name is unknown, or filtered out",
        help:
          "gatecheck resolve \(isPlain ? name : "NAMESPACE/NAME"):PORT --config config.yaml, with the port's name, "
          + "says which; were only the port unknown, this line would be missing", .request(.kubernetes),
        values: [(.registry, RegistryKind.kubernetes.key), (.service, name), (.reason, "unknown service")],
        settings: ["namespace_selector", "label_selector"])
    }
    if let words = $0.said(.nodesRefused) {
      return Explanation(
        rule, "no node is known for the service of a request: \(words.reason)", .effect(nil),
        values: [(.reason, words.reason)])
    }
    guard $0.said(.nodesNil) != nil else {
      return Explanation(
        rule, "the list of nodes for a request is empty",
        help:
          "nacos: no instance is healthy, curl -s http://127.0.0.1:9090/v1/discovery/nacos/dump shows what APISIX has; "
          + "dns: no record had a usable address; without discovery: the upstream has nodes: []", .effect(nil),
        values: [(.reason, "empty list")])
    }
    return Explanation(
      rule, "no node is known for the service of a request", help: remaining(),
      .effect(nil),
      values: [(.reason, "nil")])
  }

  /// What remains where nothing else is said, by registry, the one with the fewest first; each with the command that
  /// tells.
  /// - Parameters:
  ///   - kinds: those that there are; all where none of them is silent.
  ///   - releases: those that may have said it.
  static func remaining(_ kinds: [RegistryKind] = [], _ releases: [Release] = Release.known) -> String {
    func dump(_ kind: RegistryKind) -> String {
      "curl -s http://127.0.0.1:9090/v1/discovery/\(kind.key)/dump shows what APISIX holds"
    }
    func before(_ feature: Feature, _ cause: String, _ next: String) -> String {
      if releases.allSatisfy({ $0.has(feature) }) { return "" }
      return cause + (releases.contains { $0.has(feature) } ? " (before \(feature.since.line))" : "") + next
    }
    let all: [(RegistryKind, String)] = [
      (
        .consul,
        "consul: " + before(.consulSharedSize, "default_service answers in one worker only", "; ") + dump(.consul)
      ),
      (
        .nacos,
        "nacos: " + before(.triesOtherHosts, "the first answer has not come", ", or ")
          + "the name, group or namespace is another; " + dump(.nacos)
      ),
      (.eureka, "eureka: the name is in lower case, is not registered, or has no instance UP; " + dump(.eureka)),
      (
        .kubernetes,
        "kubernetes: the service or its port's name is unknown, no address is ready, or a selector leaves it out; "
          + "gatecheck resolve NAME --config config.yaml says which"
      ),
    ]
    let known = all.filter { kinds.contains($0.0) }
    return (known.isEmpty ? all : known).map(\.1).joined(separator: ". ")
  }
}
