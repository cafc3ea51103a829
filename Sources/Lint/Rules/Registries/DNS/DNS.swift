import APISIX
import Common
import Findings
import Inputs
import SourceText

enum DNS {
  static let serverNotIP: Rule = """
    dns/server-not-ip (error, since 2.12.0): A DNS server is not given by its IP address
    Checks: That every item of `servers` of dns is an IP address, with a port behind it or not.
    Why: APISIX cannot look up the name of the server that it looks names up with: every lookup fails.
    Example: servers: ["dns.example.org:53"]
    Fix: servers: ["10.96.0.10:53"]
    """

  static let source: Rule = """
    dns/servers-and-file (error, since 3.6.0): dns does not have exactly one of servers and resolv_conf
    Checks: That dns has `servers` or `resolv_conf`, and not both.
    Why: With both or none the schema fails: `value should match only one schema, but matches none` or `both schemas 1 \
    and 2`.
    Example:
    dns:
      servers: ["127.0.0.1:8600"]
      resolv_conf: /etc/resolv.conf
    Fix: dns:
      servers: ["127.0.0.1:8600"]
    """

  static let wrongOrder: Rule = """
    dns/order (error, since 3.0.0): order of dns holds a word that APISIX does not know
    Checks: That `order` has only last, SRV, A, AAAA and CNAME, spelt so.
    Why: Case counts: `srv` fails with `matches none of the enum values`, and APISIX does not start.
    Example: order: [srv, a]
    Fix: order: [SRV, A]
    """

  static let noAddress: Rule = """
    dns/order-no-address (error, since 3.0.0): order of dns has no type that gives an address
    Checks: That `order` has A or AAAA; AAAA does not count where `apisix.enable_ipv6` is false.
    Why: `last` is the type that gave records before: with it alone APISIX asks no server, and every request fails. \
    The hosts to which SRV and CNAME records lead are looked up by the same `order`, and none becomes an address.
    Example: order: [last]
    Fix: order: [last, SRV, A, AAAA, CNAME]
    """

  static let noNameserver: Rule = """
    dns/no-nameserver (error, since 3.6.0): The file of resolv_conf is not there, or names no server
    Checks: With --root: that the file of `resolv_conf` is there and has a line `nameserver ADDRESS` with an IPv4 \
    address.
    Why: IPv6 addresses APISIX leaves out there. It starts, and every lookup fails: requests get 503, and the log \
    says `no nameservers specified`.
    Example: resolv_conf: /etc/resolv.cnf
    Fix: resolv_conf: /etc/resolv.conf
    """

  static let rules = [serverNotIP, source, wrongOrder, noAddress, noNameserver]

  private static let words = ["last", "SRV", "A", "AAAA", "CNAME"]

  static func check(_ context: ConfigContext) -> [Finding] {
    guard let dns = context[.dns], dns.isMapOrEmpty else { return [] }
    var findings = (dns["servers"]?.items ?? []).compactMap(server)
    if context.release.has(.dnsOrder), let order = dns["order"] {
      let wrong = (order.items ?? []).compactMap(word)
      findings += wrong.isEmpty ? [addressless(order, context)].compactMap { $0 } : wrong
    }
    findings += nameserver(context)
    let sources = ["servers", "resolv_conf"].filter { dns[$0] != nil }
    if context.release.has(.resolvConf), sources.count != 1 {
      findings += context.file.finding(
        source,
        sources.isEmpty
          ? "dns has neither servers nor resolv_conf; APISIX wants one of them"
          : "dns has both servers and resolv_conf; APISIX accepts one of them",
        at: dns["resolv_conf"]?.keyNode ?? dns.keyNode, about: dns.node, beside: dns["servers"]?.node, path: dns.path,
        help: sources.isEmpty ? "add servers: [\"127.0.0.1:53\"], or resolv_conf: /etc/resolv.conf" : "remove one")
    }
    return findings
  }

  private static func nameserver(_ context: ConfigContext) -> Finding? {
    let said = context.verdict.log.map(\.words.sentence)
    guard said.contains(.noNameservers), let file = context[.dns]?["resolv_conf"], let path = file.string else {
      return nil
    }
    return file.finding(
      noNameserver,
      "\(quoted(path)) \(said.contains(.resolvConfMissing) ? "is not there" : "names no server"); every lookup fails: "
        + "no nameservers specified",
      help: "name a file with a line nameserver ADDRESS, or write servers: [\"ADDRESS:53\"] in place of it")
  }

  private static func server(_ server: Setting) -> Finding? {
    // What nobody fills in has a rule of its own.
    guard let text = server.string, !text.has("${"), !isAddress(text) else { return nil }
    let address = URLText(text)
    let scheme = address.scheme
    let port = address.port ?? "53"
    let inCluster = address.host.split(separator: ".").dropFirst(2).first == "svc"
    return server.finding(
      serverNotIP,
      scheme == nil
        ? "\(quoted(text)) is not an IP address; APISIX cannot look up its DNS server by name"
        : "\(quoted(text)) has a scheme; APISIX wants the IP address alone",
      help: inCluster
        ? "write the Service's address; kubectl -n \(address.host.split(separator: ".")[1]) get service "
          + "\(address.host.split(separator: ".")[0]) shows it"
        : "write the server's IP address: 10.96.0.10:\(port)")
  }

  /// IPv4 or IPv6, with a port or not.
  private static func isAddress(_ text: String) -> Bool {
    if text.hasPrefix("[") || text.filter({ $0 == ":" }).count > 1 {
      return text.allSatisfy { $0.isHexDigit || "[]:.%".contains($0) }
    }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    let numbers = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    return numbers.count == 4 && numbers.allSatisfy { UInt8($0) != nil }
  }

  private static func addressless(_ setting: Setting, _ context: ConfigContext) -> Finding? {
    let all = setting.items ?? []
    let given = all.compactMap(\.string)
    let hasIPv6 = context.verdict.root?["apisix"]?["enable_ipv6"]?.bool != false
    let order = DNSOrder(given, hasIPv6: hasIPv6)
    guard given.count == all.count, let (message, help) = order.problem else { return nil }
    return setting.finding(noAddress, severity: order.asks ? .warning : .error, message, help: help)
  }

  private static func word(_ item: Setting) -> Finding? {
    guard let text = item.string, !words.contains(text) else { return nil }
    let meant = words.first { $0.lowercased() == text.lowercased() }
    return item.finding(
      wrongOrder, "\(quoted(text)) is not a value for order; APISIX knows last, SRV, A, AAAA and CNAME",
      help: meant.map { "write \($0)" } ?? "remove it", fix: meant.flatMap { item.replacing(with: $0) })
  }
}
