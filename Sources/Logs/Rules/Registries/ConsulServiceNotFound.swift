import APISIX
import Findings
import SourceText

enum ConsulServiceNotFound {
  static let rule: Rule = """
    log/consul-service-not-found (error, since 2.13.0): APISIX knows no instance of a service in Consul
    Checks: `fetch nodes failed by NAME, error: consul service not found: default/NAME`, `return default service`, and \
    `failed to fetch nodes for : NAME`; of consul and of consul_kv.
    Why: The name is not in Consul, no instance of it passes its checks, or nothing was fetched yet. With \
    `default_service` the request goes there (before 3.16, and with consul_kv, from one worker only); else it is \
    answered with 503.
    Example: fetch nodes failed by web, error: consul service not found: default/web
    Fix: Write `service_name` as Consul has it. consul_kv wants the whole address: `http://SERVER/v1/kv/PREFIX/NAME/`.
    zh: APISIX 不知道该服务在 Consul 中有任何实例
    Checks: consul 和 consul_kv 的 `fetch nodes failed by NAME, error: consul service not found: \
    default/NAME`、`return default service` 以及 `failed to fetch nodes for : NAME`。
    Why: Consul 里没有这个名称、没有实例通过健康检查，或者还没有拉取过。配置了 `default_service` 时，请求会转到那里\
    （3.16 以前，以及使用 consul_kv 时，只有一个 worker 会这样做）；否则返回 503。
    Fix: `service_name` 要与 Consul 中的名称一致。consul_kv 要写完整地址：`http://SERVER/v1/kv/PREFIX/NAME/`。
    """

  static let check = LogCheck(
    rule, .nodesUnfetched, .defaultTaken, .consulUnknown, .consulUnfetched, .consulKeysUnfetched
  ) {
    if let words = $0.said(anyOf: [.consulUnfetched, .consulKeysUnfetched]) {
      let kind: RegistryKind = words.sentence == .consulUnfetched ? .consul : .consulKV
      let name = server(words[.name] ?? "")
      return Explanation(
        rule, "nothing is fetched from \(kind.title) yet, so \(name) has no nodes",
        help: "see the lines before it; at a start, \(kind.path).dump keeps the nodes of before", .request(kind),
        values: [(.registry, kind.key), (.service, name)])
    }
    let words = $0.said(anyOf: [.nodesUnfetched, .defaultTaken, .consulUnknown])
    guard let words, $0.said(.nacosUnknown) == nil, $0.said(.consulDictMissing) == nil else { return nil }
    let name = server(words[.name] ?? "")
    if let problem = $0.said(.consulUndecoded)?[.problem] {
      return Explanation(
        rule, "APISIX cannot read what its memory holds of \(name): \(shown(problem))",
        help: "restart APISIX, which fetches it anew", .request(.consul),
        values: [(.registry, RegistryKind.consul.key), (.service, name)])
    }
    // Both registries write it, and consul_kv alone from 3.17 on; their names differ.
    let isKey = name.has("/v1/kv/") || $0.file.has("consul_kv")
    let isEither = !isKey && $0.said(.defaultTaken) != nil
    let kind: RegistryKind = isKey ? .consulKV : .consul
    let ofKey =
      "the whole http://SERVER/v1/kv/PREFIX/NAME/, with the slash at its end, and the server as "
      + "discovery.consul_kv.servers has it"
    let ofConsul =
      "ask Consul: curl -s 'http://127.0.0.1:8500/v1/health/service/\(name.percentEncoded())?passing=true'; "
      + "[] is none that passes its checks"
    return Explanation(
      rule, "\(kind.title) gave APISIX no instance of \(name)",
      help: isKey ? "write for service_name \(ofKey)" : ofConsul + (isEither ? "; of consul_kv, write \(ofKey)" : ""),
      .request(kind), values: (isEither ? [] : [(.registry, kind.key)]) + [(.service, name)],
      settings: ["default_service"])
  }
}
