import APISIX
import Findings
import Inputs
import SourceText

enum NodeUnreachable {
  static let rule: Rule = """
    log/node-unreachable (warning, since 2.13.0): Discovery gave a node, and the node cannot be reached
    Checks: nginx' `connect() failed`, `upstream timed out` and `SSL_do_handshake() failed` while it connects to an \
    upstream, and a name that does not resolve: of a static node, or of a server that a plugin asks.
    Why: That is the node, or the way to it, and no fault of discovery: nothing listens there, the pod is gone or not \
    ready, the network does not lead there, or the scheme is the wrong one. APISIX tries the next node, then answers \
    502 or 504.
    Example: connect() failed (111: Connection refused) while connecting to upstream, upstream: "http://10.1.2.3:8080/"
    Fix: Try from APISIX's host: `nc -vz 10.1.2.3 8080`. Pod addresses can be reached from inside the cluster only, \
    unless its network is routed. Port 80 where none was meant: the name of dns lacks its port.
    zh: 服务发现给出了节点，但节点连不上
    Checks: nginx 在连接上游时的 `connect() failed`、`upstream timed out` 和 `SSL_do_handshake() failed`，以及无法解析\
    的域名：可能是静态节点的，也可能是插件要访问的服务器的。
    Why: 问题在节点本身或者网络上，与服务发现无关：端口没有监听、Pod 已经不在或未就绪、网络不通，或者 scheme 写错了\
    。APISIX 会尝试下一个节点，最后返回 502 或 504。
    Fix: 在 APISIX 所在的机器上试一下：`nc -vz 10.1.2.3 8080`。Pod 的地址一般只能从集群内部访问，除非打通了路由。如\
    果连的是 80 端口而你没有这样配置：多半是 dns 的名称没有带端口。
    """

  static let check = LogCheck(
    rule, .connectRefused, .connectRefusedAtOnce, .connectTimedOut, .handshakeFailed, .handshakeClosed,
    .serverUnpicked, .domainUnresolved
  ) {
    if $0.said(.serverUnpicked) != nil {
      guard $0.said(.nothingInitialized) == nil else { return nil }
      return Explanation(
        rule, "every node of a service was tried, and none could be reached",
        help: "see the lines of the same request before it, which name the nodes", .request(nil),
        values: [(.reason, "all tried")])
    }
    if let words = $0.said(.domainUnresolved) {
      // What a registry resolves for itself is told by its own line.
      guard $0.tail.client != nil else { return nil }
      let host = shown(words[.host] ?? "")
      return Explanation(
        rule, "the name \(host), of an upstream's node or of a plugin's server, does not resolve: \(words.reason)",
        help: "make the name known to the servers of /etc/resolv.conf, or of apisix.dns_resolver", .request(nil),
        values: [(.address, host), (.reason, words.reason)])
    }
    let ofNodes: [Sentence] = [
      .connectRefused, .connectRefusedAtOnce, .connectTimedOut, .handshakeFailed, .handshakeClosed,
    ]
    guard let words = $0.said(anyOf: ofNodes) else { return nil }
    let url = URLText($0.tail.upstream ?? "")
    let node = shown(url.authority)
    return explanation(words, node, url)
  }

  private static func explanation(_ words: Words, _ node: String, _ url: URLText) -> Explanation {
    let problem = words[.problem] ?? ""
    let name = node.isEmpty ? "a node" : "the node \(node)"
    let (told, reason, help): (String, String, String) =
      switch words.sentence {
      case .connectTimedOut:
        (
          "does not answer in time", "timeout",
          "APISIX's host has no way to it, or a firewall drops the packets; pods are reached from inside the cluster "
            + "only"
        )
      case .handshakeFailed, .handshakeClosed:
        (
          "fails in the TLS handshake", "TLS",
          "set scheme of the upstream to http where the node speaks no TLS, else see its certificate and versions"
        )
      case _ where problem.has("111:") || problem.has("refused"):
        (
          "refuses connections", "connection refused",
          url.port == "80"
            ? "nothing listens at port 80: with dns, write the port into the service_name, such as name:8080"
            : "nothing listens there: see whether the pod or instance runs, and on which port"
        )
      case _ where problem.has("113:") || problem.has("101:"):
        (
          "cannot be reached: there is no route to it", "no route",
          "APISIX's host has no route to the pods' network: run APISIX in the cluster, or route that network"
        )
      default: ("cannot be reached: \(shown(problem))", shown(problem), "try from APISIX's host: nc -vz HOST PORT")
      }
    return Explanation(
      rule, "\(name) \(told); that is no fault of discovery", help: help, .request(nil),
      values: (node.isEmpty ? [] : [(.address, node)]) + [(.reason, reason)])
  }
}
