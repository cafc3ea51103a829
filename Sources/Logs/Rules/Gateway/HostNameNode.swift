import APISIX
import Findings
import SourceText

enum HostNameNode {
  static let rule: Rule = """
    log/host-name-node (error, since 2.13.0): A registry gave a host name, or nothing, where APISIX needs an IP address
    Checks: `failed to set server peer [HOST:PORT] err: no host allowed` and `no host`.
    Why: nginx connects to addresses only, and APISIX resolves no names that come from a registry (but Eureka's, from \
    3.16 on). The request is answered with 502 or 503.
    Example: failed to set server peer [web.internal:8080] err: no host allowed while connecting to upstream
    Fix: Let the instance register its IP address: `prefer-ip-address: true` in Spring, `Address` in Consul.
    """

  static let check = LogCheck(rule, .peerRefused) {
    guard let words = $0.said(.peerRefused), let host = words[.host], let port = words[.port],
      words.reason.hasPrefix("no host")
    else { return nil }
    if host.isEmpty {
      return Explanation(
        rule, "a registry gave a node without a host, only the port \(shown(port))",
        help: "register the instance with its address: Address in Consul, which takes the agent's for none",
        .request(nil),
        values: [(.address, ":" + shown(port)), (.reason, "no host")])
    }
    let address = shown(host + ":" + port)
    return Explanation(
      rule, "a registry gave the host name \(shown(host)) for a node, and APISIX needs its IP address",
      help:
        "let the instance register its IP address: prefer-ip-address: true in Spring; Eureka's names are resolved by "
        + "APISIX 3.16 and newer", .request(nil), values: [(.address, address), (.reason, "host name")])
  }
}
