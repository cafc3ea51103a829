import APISIX
import Common
import DNS
import Findings
import SourceText

extension RegistryReasons {
  static let dns = RegistryReasons(
    unasked: DNSReasons.unasked, unknown: DNSReasons.unknown, unusable: DNSReasons.unusable,
    remarks: DNSReasons.remarks,
    saved: "save what APISIX reads: dig SRV NAME; dig A NAME",
    hint: { _ in "a name with its port, or one that has SRV records: HOST:PORT" })
}

enum DNSReasons {
  /// An order by which no name becomes an address, whatever the servers say.
  @Sendable static func unasked(_ lookup: RegistryLookup) -> Finding? {
    let given = lookup.release.has(.dnsOrder) ? lookup.section["order"]?.items?.compactMap(\.string) : nil
    return DNSOrder(given ?? [], hasIPv6: lookup.hasIPv6).problem.map { message, help in
      Finding(DNSRules.order, "discovery.dns.\(message)", help: help)
    }
  }

  @Sendable static func unknown(_ inquiry: RegistryInquiry) -> Finding? {
    guard let error = inquiry.found.error else { return nil }
    let lookup = inquiry.conversation.lookup
    let text = error.text(in: lookup.release)
    let told = "no record of \(inquiry.name): \(text)"
    if error.root.sentence == .dnsLooped {
      return Finding(
        DNSRules.loop, "the aliases of \(inquiry.name) lead in a circle: \(text)",
        help: "let the last CNAME record lead to a name with an A, AAAA or SRV record")
    }
    switch error.root[.number] {
    case "3", "5":
      // Of a short name the last answer is that to the bare one, which many servers refuse.
      guard lookup.host.dropLast().utf8.contains(UInt8(ascii: ".")) else { return short(inquiry, text) }
      if error.root[.number] == "5" {
        return Finding(
          DNSRules.refused, "\(inquiry.place) refuses to answer for \(lookup.host): \(text)",
          help: "write a server that serves this name into \(inquiry.kind.path).servers")
      }
      return Finding(
        DNSRules.noSuchName, "\(inquiry.place) does not know \(lookup.host) (NXDOMAIN): \(text)",
        help: "is it spelt right, and of a zone of this server? APISIX keeps that answer for 30 s")
    case "2":
      return Finding(DNSRules.serverFailure, told, help: "look at the log of \(inquiry.place): whom does it ask?")
    default:
      return leftOut(inquiry)
        ?? Finding(
          DNSRules.noRecord, told, help: "give it an A, AAAA or SRV record; APISIX keeps that answer for 30 s")
    }
  }

  private static func short(_ inquiry: RegistryInquiry, _ text: String) -> Finding {
    let lookup = inquiry.conversation.lookup
    let search = lookup.resolvConf?.search ?? []
    return Finding(
      DNSRules.shortName,
      "\(inquiry.place) does not know \(lookup.host)"
        + (search.isEmpty ? ", which has no dot" : ", nor with \(search.joined(separator: ", ")) behind it")
        + ": \(text)",
      help: "write the whole name: \(lookup.host).default.svc.cluster.local, say"
        + (lookup.resolvConf == nil ? "; --root DIR lets gatecheck read APISIX's /etc/resolv.conf" : ""))
  }

  /// What the types of `order` do not show.
  private static func leftOut(_ inquiry: RegistryInquiry) -> Finding? {
    let lookup = inquiry.conversation.lookup
    let given = (lookup.section["order"]?.items ?? []).compactMap(\.string)
    for type in [DNSType.srv, .a, .aaaa, .cname] {
      let isOff = type == .aaaa && !lookup.hasIPv6
      guard isOff || !given.isEmpty && !given.contains(type.rawValue),
        inquiry.conversation.records(lookup.host, type)?.contains(where: { $0.type == type }) == true
      else { continue }
      return Finding(
        DNSRules.order,
        "\(lookup.host) has \(type.rawValue) records, and "
          + (isOff ? "apisix.enable_ipv6 is false" : "\(inquiry.kind.path).order leaves \(type.rawValue) out"),
        help: isOff
          ? "write apisix.enable_ipv6: true" : "write order: [\((given + [type.rawValue]).joined(separator: ", "))]")
    }
    return nil
  }

  @Sendable static func unusable(_ inquiry: RegistryInquiry) -> Finding? {
    guard let error = inquiry.found.error, error.sentence == .targetUnresolved else { return nil }
    let target = error[.host] ?? ""
    return Finding(
      DNSRules.target,
      target.isEmpty
        ? "the SRV record of \(inquiry.lookup.host) says that there is no such service: its target is ."
        : "no node of \(inquiry.lookup.host): \(error.text(in: inquiry.lookup.release))",
      help: target.isEmpty
        ? "write an SRV record with a host" : "give \(target) an A or AAAA record, or take its SRV record away")
  }

  @Sendable static func remarks(_ inquiry: RegistryInquiry) -> [Finding] {
    let nodes = inquiry.found.nodes ?? []
    var findings: [Finding] = []
    if let all = all(inquiry), all > nodes.count {
      findings += Finding(
        DNSRules.fewer,
        "\(inquiry.place) gives APISIX \(nodes.count) of \(all) instances of \(inquiry.lookup.host): "
          + "it asks without EDNS",
        help: "dns_config {enable_truncate = true} in Consul's configuration, or discovery_type: consul")
    }
    if nodes.contains(where: { $0.port == nil }) {
      findings += Finding(
        DNSRules.noPort,
        "nodes of \(inquiry.name) have no port: APISIX takes 80, or 443 for https and grpcs; a stream route loses them",
        help: "write service_name: \(inquiry.lookup.host):8080, with the port that they listen on")
    }
    return findings
  }

  /// How many Consul has; nil where what it gave is not what its limit leaves.
  private static func all(_ inquiry: RegistryInquiry) -> Int? {
    let labels = inquiry.lookup.host.parts(between: ".")
    guard inquiry.found.nodes?.count == 3, labels.contains("service") || labels.contains("query") else { return nil }
    for type in [DNSType.srv, .a] {
      let records = inquiry.conversation.records(inquiry.lookup.host, type, size: 4096) ?? []
      if !records.isEmpty { return records.count { $0.type == type } }
    }
    return nil
  }

  // MARK: Servers

  /// Those that let APISIX wait, though another answers.
  static func passedOver(_ conversation: RegistryConversation) -> Finding? {
    if conversation.passedOver.isEmpty { return nil }
    return Finding(
      DNSRules.deadServer, "\(told(conversation.passedOver)); APISIX asks it first for each name that it does not hold",
      help: "take it out of \(conversation.kind.path).servers, or write it last")
  }

  static func silence(_ question: DNSQuestion, _ failure: DNSFailure, _ lookup: RegistryLookup) -> Finding {
    let servers = "discovery.dns.\(lookup.section["resolv_conf"] == nil ? "servers" : "resolv_conf")"
    let unanswered = "no answer for \(question.name) (\(question.type.rawValue)): "
    switch failure {
    case .unaskable:
      return Finding(
        DNSRules.noSuchName, "no question can hold the name \(question.name)",
        help: "a label has 1 to 63 letters, the whole name 253 at most")
    case .cancelled: return Finding(RegistryRules.silent, unanswered + "ended before", help: "more time: --timeout")
    case .unanswered(let silences) where silences.values.contains(.noAddress):
      return Finding(
        DNSRules.serverName, "\(told(silences)): APISIX cannot look it up, and finds no name at all",
        help: "write its address into \(servers): 10.0.0.5:8600, say")
    case .unanswered(let silences) where silences.values.contains(.cut):
      return Finding(
        DNSRules.cut, unanswered + told(silences), help: "open the server's port for TCP as well as UDP")
    case .unanswered(let silences):
      return Finding(
        RegistryRules.silent, unanswered + told(silences),
        help: "\(servers) of config.yaml lists the servers, as ADDRESS:PORT")
    }
  }

  private static func told(_ silences: [String: DNSFailure.Silence]) -> String {
    silences.sorted { $0.key < $1.key }.map { server, silence in
      let why =
        switch silence {
        case .noAddress: "is no address with a port"
        case .timedOut: "did not answer in time"
        case .unreachable: "cannot be reached"
        case .cut: "cuts its answer over UDP, and gives none over TCP"
        case .malformed: "answered with something that is no DNS"
        }
      return "\(server) \(why)"
    }.joined(separator: ", ")
  }
}

extension RegistryLookup {
  /// The service name without its port.
  var host: String { dnsName.host }
}
