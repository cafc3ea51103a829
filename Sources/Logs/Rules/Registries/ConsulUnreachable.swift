import APISIX
import Findings
import SourceText

enum ConsulUnreachable {
  static let rule: Rule = """
    log/consul-unreachable (error, since 2.13.0): Consul is not reached
    Checks: `connect consul: … with error:` with `connection refused`, `timeout`, `closed`, or a name that does not \
    resolve; of consul and of consul_kv.
    Why: APISIX keeps the nodes it has, and has none after a start. It asks again after 1, 4, 16, 64 and 256 seconds: \
    once Consul is back, it may take that long. consul_kv waits four times as long each time, without end.
    Example: connect consul: http://127.0.0.1:8500/v1 by sub url: /catalog/services, got watch result: null, with \
    error: connection refused
    Fix: Start Consul, or mend the address in `servers`; afterwards `apisix reload` spares the wait.
    zh: Consul 连不上
    Checks: consul 和 consul_kv 的 `connect consul: … with error:`，后面是 `connection refused`、`timeout`、`closed`，\
    或者域名无法解析。
    Why: APISIX 会保留已有的节点，但刚启动时没有。它在 1、4、16、64、256 秒后重试：Consul 恢复之后，可能还要等这么久。\
    consul_kv 每次等待的时间是上一次的四倍，没有上限。
    Fix: 启动 Consul，或者改正 `servers` 里的地址；之后执行 `apisix reload`，就不用再等。
    """

  static let check = LogCheck(
    rule, .consulFailed, .consulCrashed, .consulServiceFailed, .consulServiceUnread, .consulKeysFailed, .consulRetried
  ) {
    if let seconds = $0.said(.consulRetried)?[.number].flatMap({ Int($0) }) {
      // consul goes back to 1 behind 256; consul_kv never does.
      guard seconds > 256 else { return nil }
      return Explanation(
        rule, severity: .warning, "APISIX asks Consul's key-value store again only in hours: it waits longer each time",
        help: "apisix reload, which begins again at once", .effect(.consulKV),
        values: [(.registry, RegistryKind.consulKV.key)],
        settings: ["servers"])
    }
    guard let failure = ConsulFailure($0), failure.status == nil else { return nil }
    let problem = Unreached(failure.reason)
    let help: String? =
      problem == .closed
      ? "APISIX 3.2 to 3.3 cannot read what Consul 1.15 and newer answer: use 3.4 or newer; else see what stands "
        + "between"
      : failure.reason.has(".lua:")
        ? RegistryCrash.unexpected : problem?.help("Consul", failure.kind.serversPath)
    return Explanation(
      rule,
      "\(failure.kind.title) at \(failure.server) "
        + (problem.map { $0.told + $0.detail(failure.reason) } ?? "gave no answer: \(failure.reason)"),
      // Consul itself is asked again within minutes.
      help: failure.kind == .consulKV ? help.map { $0 + "; then apisix reload, as it is asked again in hours" } : help,
      .cause(failure.kind),
      values: [(.registry, failure.kind.key), (.server, failure.server), (.reason, failure.reason)],
      settings: ["servers"])
  }
}

/// A question to Consul that failed.
struct ConsulFailure {
  let kind: RegistryKind
  let server: String
  /// What was asked for: `/catalog/services`
  let path: String
  let status: String?
  let reason: String

  init?(_ record: LogRecord) {
    guard
      let words = record.said(anyOf: [
        .consulFailed, .consulCrashed, .consulServiceFailed, .consulServiceUnread, .consulKeysFailed,
      ])
    else { return nil }
    kind = words.sentence == .consulKeysFailed ? .consulKV : .consul
    // `/v1` and `/v1/kv/` are added by APISIX.
    let url = Logs.server(words[.host] ?? "")
    let end = url.firstBytes(of: "/v1")?.lowerBound ?? url.endIndex
    server = String(url[..<end])
    path = shown(words[.path] ?? "")
    let said = words.sentence == .consulCrashed ? words[.object] ?? "" : words.reason
    let isStatus = said.utf8.count == 3 && said.utf8.allSatisfy(\.isDigit)
    status = isStatus ? said : nil
    reason = shown(said)
  }
}
