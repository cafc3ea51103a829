import APISIX
import Findings
import SourceText

enum DNSFailed {
  static let rule: Rule = """
    log/dns-failed (error, since 2.13.0): The DNS registry found no nodes
    Checks: What dns says when it has none: `failed to query the DNS server`, `failed to resolve SRV record`, `failed \
    to set peer name`, `no nameservers specified`, `failed to init the dns client`.
    Why: dns asks the servers of its own section at each request, and not those of `apisix.dns_resolver`. Where they \
    do not know the name, do not answer, or are given by a name, the request is answered with 503.
    Example: no valid upstream node: failed to query the DNS server: dns server error: 3 name error
    Fix: Ask the same server: `dig @SERVER -p PORT NAME SRV`. Write `servers` as IP:PORT.
    zh: dns 注册中心没有查到节点
    Checks: dns 查不到节点时的日志：`failed to query the DNS server`、`failed to resolve SRV record`、`failed to set \
    peer name`、`no nameservers specified`、`failed to init the dns client`。
    Why: 每次请求时，dns 查询的是它自己配置的服务器，而不是 `apisix.dns_resolver`。如果这些服务器不知道该域名、没有\
    响应，或者写成了域名，请求就返回 503。
    Fix: 向同一台服务器查询：`dig @SERVER -p PORT NAME SRV`。`servers` 要写成 IP:PORT。
    """

  static let check = LogCheck(rule, .nodesRefused, .dnsUnmade, .dnsServerless, .noNameservers, .resolvConfMissing) {
    let isOfStart = $0.said(.nodesRefused) == nil
    // Other names are asked of other servers: those of apisix.dns_resolver.
    guard let words = $0.words?.root, isOfStart || isDNS($0), $0.said(.domainUnresolved) == nil else { return nil }
    let (message, help, settings) = explained(words, $0)
    var values: [(name: Explanation.Value, text: String)] = [(.registry, RegistryKind.dns.key)]
    if let server = $0.said(.dnsServerUnresolved)?[.host] ?? $0.said(.dnsServerSilent)?[.host] {
      values.append((.server, shown(server)))
    }
    if let target = $0.said(.targetUnresolved)?[.host] { values.append((.address, shown(target))) }
    if let status = $0.said(anyOf: [.dnsServerError, .dnsClientError, .dnsErrorCode])?[.number] {
      values.append((.status, status))
    }
    values.append((.reason, shown(words.text(in: .newest))))
    return Explanation(
      rule, severity: words.sentence == .resolvConfMissing || words.sentence == .noNameservers ? .warning : nil,
      message,
      help: help, isOfStart ? .cause(.dns) : .request(.dns), values: values, settings: settings)
  }

  private static func isDNS(_ record: LogRecord) -> Bool {
    record.said(anyOf: [
      .dnsFailed, .targetUnresolved, .dnsServerError, .dnsClientError, .dnsErrorCode, .dnsRetried, .dnsClientUnmade,
      .dnsServerUnresolved, .dnsServerSilent, .dnsRecordEmpty, .dnsRecordMixed, .dnsServerless,
    ]) != nil
  }

  private static func explained(_ words: Words, _ record: LogRecord) -> (String, String, [String]) {
    let target = record.said(.targetUnresolved)?[.host].map { shown($0) }
    if let target {
      return (
        "the SRV record names \(target), which the DNS server does not resolve: \(words.reason)",
        "add an address record of \(target) to the zone: dig @SERVER \(target)", []
      )
    }
    switch words.sentence {
    case .dnsServerUnresolved:
      return (
        "\(shown(words[.host] ?? "")) in discovery.dns.servers is a name; DNS servers must be IP addresses",
        "write the server's IP address and port into discovery.dns.servers, such as 10.96.0.10:53", ["servers"]
      )
    case .dnsServerError where words[.number] == "3", .dnsErrorCode where words[.number] == "3":
      return (
        "the DNS server does not know the name (NXDOMAIN)",
        "write the service_name as DNS has it: dig @SERVER NAME must answer; without a port it is looked for as SRV, "
          + "A, AAAA and CNAME", []
      )
    case .dnsServerError where words[.number] == "5", .dnsErrorCode where words[.number] == "5":
      return (
        "the DNS server refuses the question: it is not responsible for the zone",
        "write a server into discovery.dns.servers that knows the zone", ["servers"]
      )
    case .dnsServerError where words[.number] == "2", .dnsErrorCode where words[.number] == "2":
      return (
        "the DNS server failed itself (SERVFAIL)", "ask it for the name, and look into its log: dig @SERVER NAME",
        ["servers"]
      )
    case .dnsClientError, .dnsRecordEmpty:
      return (
        "the DNS server has no record that APISIX can use for the name",
        "ask it for SRV and A records: dig @SERVER NAME SRV; order of discovery.dns says which are asked for",
        ["order", "servers"]
      )
    case .dnsServerless, .noNameservers, .resolvConfMissing, .dnsUnmade:
      return (
        "dns has no server to ask: \(shown(words.text(in: .newest)))",
        "write servers: [\"IP:53\"] into discovery.dns, or the path of a file with nameserver lines into resolv_conf",
        ["servers", "resolv_conf"]
      )
    default:
      let reason = words.reason.isEmpty ? shown(words.text(in: .newest)) : words.reason
      guard let problem = Unreached(reason) else {
        return ("the DNS server gave no nodes: \(reason)", "ask the same server: dig @SERVER NAME SRV", ["servers"])
      }
      return ("the DNS server \(problem.told)", problem.help("the DNS server", "discovery.dns.servers"), ["servers"])
    }
  }
}
