import APISIX
import Findings
import SourceText

enum ConsulRefused {
  static let rule: Rule = """
    log/consul-refused (error, since 2.13.0): Consul answers APISIX with a refusal
    Checks: `connect consul: … with error:` with a status, such as 403, 404 or 500; of consul and of consul_kv.
    Why: Consul was there and gave no data: 403 is a token that it does not know or that lacks rights, 500 a cluster \
    without a leader. 404 of consul_kv is a prefix without keys, also where the token may not see them.
    Example: connect consul: http://127.0.0.1:8500/v1 by sub url: /catalog/services, got watch result: , with error: 403
    Fix: 403: set `token` (3.7 and newer) to one that may read nodes and services. 404: set `prefix` to the first part \
    of the keys. 500: `consul operator raft list-peers`, on Consul's side.
    zh: Consul 拒绝了 APISIX 的查询
    Checks: consul 和 consul_kv 的 `connect consul: … with error:`，后面是状态码，例如 403、404 或 500。
    Why: Consul 有响应，但没有给出数据：403 是 Consul 不认识这个 token，或者 token 权限不足；500 是集群没有 leader。\
    consul_kv 的 404 是前缀下没有键，也可能是 token 无权查看。
    Fix: 403：把 `token`（3.7 及更新的版本）设为有权读取 node 和 service 的 token。404：把 `prefix` 设为键的第一段。\
    500：在 Consul 一侧执行 `consul operator raft list-peers`。
    """

  static let check = LogCheck(
    rule, .consulFailed, .consulServiceFailed, .consulServiceUnread, .consulKeysFailed
  ) {
    guard let failure = ConsulFailure($0), let status = failure.status else { return nil }
    let name = failure.kind.title
    let (cause, help, settings): (String, String, [String]) =
      switch (status, failure.kind) {
      case ("403", _):
        (
          "it does not know the token, or lets it read too little",
          "set \(failure.kind.path).token, known from 3.7 on, to a token with node:read and service:read"
            + (failure.kind == .consulKV ? ", and key:read below the prefix" : ""), ["token", "servers"]
        )
      case ("404", .consulKV):
        (
          "it has no keys below \(failure.path), or the token may not read them",
          "set discovery.consul_kv.prefix to the part before the service's name in the keys: "
            + "PREFIX/NAME/HOST:PORT; consul kv get -keys lists them", ["prefix", "token"]
        )
      case ("404", _):
        ("there is no \(failure.path)", "see whether that is Consul's port of HTTP, 8500 by default", ["servers"])
      case ("400", _): ("it takes no plain HTTP there", "give the port of plain HTTP, 8500 by default", ["servers"])
      case ("429", _):
        ("it is asked too often", "raise http_max_conns_per_client of Consul's limits", ["servers"])
      default:
        (
          "the cluster has no leader, or is not well",
          "on a Consul server: consul operator raft list-peers; APISIX asks again by itself", ["servers"]
        )
      }
    return Explanation(
      rule, "\(name) at \(failure.server) answers \(status): \(cause)", help: help, .cause(failure.kind),
      values: [(.registry, failure.kind.key), (.server, failure.server), (.status, status)], settings: settings)
  }
}
