import APISIX
import Findings
import SourceText

enum ConnectFailed {
  static let rule: Rule = """
    log/connect-failed (error, since 2.13.0): APISIX does not reach the API server
    Checks: `connect apiserver failed`: refused, timeout, no route, a name that does not resolve, TLS.
    Why: Nothing listens at host and port, something between drops the connection, or TLS fails: an untrusted \
    certificate with ssl_verify, a server that demands a server name (SNI), which APISIX does not send.
    Example: connect apiserver failed, apiserver.host: 127.0.0.1, apiserver.port: 26999, message : connection refused
    Fix: Write the API server's own host and port; in a container 127.0.0.1 is the container itself. Try it: \
    `gatecheck token \
    verify --config config.yaml`.
    zh: APISIX 连不上 API Server
    Checks: `connect apiserver failed`：连接被拒绝、超时、没有路由、域名无法解析、TLS 失败。
    Why: 该 host 和 port 上没有程序在监听，中间有设备丢弃了连接，或者 TLS 失败：开启 ssl_verify 时证书不受信任，或者\
    服务器要求客户端发送域名（SNI），而 APISIX 不发送。
    Fix: 填写 API Server 自己的 host 和 port；容器里的 127.0.0.1 是容器自己。可以试一下：`gatecheck token verify \
    --config config.yaml`。
    """

  static let check = LogCheck(rule, .connectFailed) {
    guard let words = $0.said(.connectFailed) else { return nil }
    let (host, port) = (shown(words[.host] ?? ""), shown(words[.port] ?? ""))
    let server = "\(host):\(port)"
    let problem = Unreached(words.reason)
    let setting = "discovery.\(RegistryKind.kubernetes.key).service"
    let help: String? =
      switch problem {
      case .handshake:
        "see whether \(setting) names a port of TLS; an API server behind a router that goes by server name (SNI) "
          + "cannot be used, as APISIX sends none"
      case .refused:
        host == "127.0.0.1" || host == "localhost"
          ? "write the API server's own address into \(setting).host; in a container \(host) is the container itself"
          : "see whether the API server runs; else write its port into \(setting).port: kubectl cluster-info shows it"
      default: problem?.help("the API server", setting)
      }
    return Explanation(
      rule,
      "the API server at \(server) "
        + (problem.map { $0.told + $0.detail(words.reason) } ?? "is not reached: \(words.reason)"),
      help: help ?? "try it: gatecheck token verify --config config.yaml", .cause(.kubernetes),
      values: [(.cluster, server), (.address, host), (.port, port), (.reason, words.reason)],
      settings: problem == .certificate
        ? ["client.cert_file", "service.ssl_verify"] + addressSettings : addressSettings)
  }
}
