import APISIX
import Findings
import HTTP
import Inputs
import JSON
import Registries
import SourceText

extension RegistryReasons {
  static let consul = RegistryReasons(
    unasked: consulUnasked, unreached: consulUnreached, refusal: consulRefusal,
    misread: { consulMisread($0) ?? $0.unreadEntry }, empty: consulEmpty, unknown: consulUnknown,
    unusable: { $0.nameless }, remarks: consulRemarks,
    saved: "save what APISIX reads: curl -s 'http://HOST:8500/v1/health/service/NAME?passing'",
    hint: { _ in "the name of a service in Consul's catalogue, letter by letter" })

  // MARK: Not asked, not reached, refused

  /// What APISIX leaves out of Consul's services, whatever they have.
  @Sendable private static func consulUnasked(_ lookup: RegistryLookup) -> Finding? {
    let name = lookup.serviceName
    let skipped = lookup.section["skip_services"]?.items?.compactMap(\.string) ?? []
    guard name == "consul" || skipped.contains(name) else { return nil }
    return Finding(
      ConsulRules.skipped, "APISIX passes over \(name) in Consul",
      help: name == "consul"
        ? "it never takes the service that Consul itself registers"
        : "take it out of \(RegistryKind.consul.path).skip_services")
  }

  @Sendable static func consulUnreached(
    _ error: HTTPError, _ server: URLText, _ conversation: RegistryConversation
  ) -> Finding? {
    let path = conversation.kind.path
    switch error.kind {
    case .connectionLost(.answer), .badAnswer:
      let port = error.address.split(separator: ":").last ?? ""
      if port == "8500" { return nil }
      let use = ["8600": "DNS", "8300": "that of its servers", "8301": "gossip", "8302": "gossip", "8502": "gRPC"]
      return Finding(
        ConsulRules.port, "\(conversation.kind.key): \(error)",
        help: use[String(port)].map {
          "\(port) is \($0): write the port of Consul's HTTP API, 8500, into \(path).servers"
        }
          ?? "is it the port of Consul's HTTP API, usually 8500? 8600 is DNS, 8300 to 8302 are its servers'")
    case .plainHTTPToTLSPort:
      return Finding(
        TLSRules.plainHTTP, "\(conversation.kind.key): \(error)",
        help: "APISIX speaks only plain http to Consul: write the http port of an agent beside APISIX, usually 8500")
    default: return nil
    }
  }

  /// Also that of its keys.
  @Sendable static func consulRefusal(_ refusal: RegistryRefusal) -> (Rule, help: String)? {
    let path = refusal.kind.path
    let access = refusal.consulAccess
    switch refusal.response.status {
    case 300..<400 where refusal.said.has(" to https:"):
      return (
        RegistryRules.redirect, "to Consul APISIX speaks only http: write the http port of an agent, usually 8500"
      )
    case 403 where refusal.said.has("ACL not found"): return (ConsulRules.tokenUnknown, access.make)
    case 403 where refusal.said.has("Permission denied"):
      return (ConsulRules.weakToken, refusal.kind == .consulKV ? access.list : access.make)
    case 403: return (RegistryRules.forbidden, "ask what stands before Consul: these are not its words")
    case 401: return (RegistryRules.unauthorized, "correct \(path).token, or ask what stands before Consul")
    case 404:
      return (RegistryRules.notFound, "is this the address of Consul? Its HTTP port is usually 8500")
    case 500 where refusal.said.has("No cluster leader"):
      return (
        ConsulRules.noLeader,
        "start or join the servers that are missing; those that it knows:\n"
          + "consul members -http-addr=\(Shell.quoted(access.server))"
      )
    case 500...: return (RegistryRules.trouble, "look at Consul's own log and state")
    default: return nil
    }
  }

  // MARK: Nothing there

  /// A null or an object APISIX takes for a service without instances.
  @Sendable private static func consulMisread(_ inquiry: RegistryInquiry) -> Finding? {
    let conversation = inquiry.conversation
    guard inquiry.found.none == .unknown, conversation.asked?.url.has("/service/") == true,
      let answer = conversation.last?.json(200), answer.array == nil
    else { return nil }
    return inquiry.odd("does not answer with a list of instances, as Consul does: APISIX gets no nodes")
  }

  /// `registry verify`: whether all can be read.
  @Sendable private static func consulEmpty(_ inquiry: RegistryInquiry) -> Finding? {
    guard let catalogue = inquiry.consul("/catalog/services"), let access = inquiry.consulAccess else { return nil }
    guard let services = catalogue.consulNames else {
      return catalogue.json(200) == .null ? inquiry.odd("answers null in place of its services") : nil
    }
    if services.isEmpty {
      return access.hidden([.service("")], "\(inquiry.place) shows no service at all", isSure: true)
        ?? Finding(
          RegistryRules.empty, "\(inquiry.place) shows no service at all", help: "is it where the services register?")
    }
    if inquiry.consul("/catalog/nodes")?.json(200)?.array?.isEmpty == true {
      return access.hidden([.service(""), .node], "\(inquiry.place) shows no node at all", isSure: true)
    }
    return inquiry.noIndex(catalogue) ?? inquiry.eventTooLarge
  }

  @Sendable private static func consulUnknown(_ inquiry: RegistryInquiry) -> Finding? {
    guard let catalogue = inquiry.consul("/catalog/services"), let services = catalogue.consulNames else { return nil }
    if services.contains(inquiry.name) { return consulFailing(inquiry) }
    let message = "Consul shows nothing under \(inquiry.name)"
    let isHiding = services.isEmpty || catalogue.isFiltered
    if let hidden = inquiry.consulAccess?.hidden([.service(inquiry.name)], message, isSure: isHiding) {
      let near = nearest(inquiry.name, among: services).map { "\nor did you mean service_name: \($0)?" } ?? ""
      return Finding(hidden.rule, hidden.message, help: (hidden.help ?? "") + near)
    }
    return inquiry.elsewhere
      ?? inquiry.unknown(
        among: services,
        inquiry.meant(services).map { "did you mean service_name: \($0)?" } ?? consul.hint(inquiry.lookup))
  }

  /// Consul has the service; which of its checks fail?
  private static func consulFailing(_ inquiry: RegistryInquiry) -> Finding? {
    let name = inquiry.name
    let all = inquiry.consul("/health/service/\(name)")
    let entries = all?.json(200)?.array ?? []
    guard !entries.isEmpty else {
      let message = "Consul lists \(name), and shows no instance of it"
      return inquiry.consulAccess?.hidden([.node], message, isSure: true)
        ?? Finding(RegistryRules.nothingUsable, message, help: "it was just taken out: ask again")
    }
    if let nameless = inquiry.nameless { return nameless }
    let checks = entries.flatMap { $0["Checks"]?.array ?? [] }.filter { $0["Status"]?.string != "passing" }
    let told = checks.prefix(3).map { inquiry.told($0) }.joined(separator: "; ")
    let rest = checks.count > 3 ? " and \(checks.count - 3) more" : ""
    return Finding(
      RegistryRules.nothingUsable,
      "no instance of \(name) passes its checks\(told.isEmpty ? "" : ": ")\(told)\(rest)",
      help: checks.first.map(cure) ?? "look at the instances in Consul")
  }

  private static func cure(_ check: JSONValue) -> String {
    let (id, node) = (check["CheckID"]?.string ?? "", check["Node"]?.string ?? "?")
    if id == "serfHealth" { return "the agent of \(node) is gone: start it, or take the node out of Consul" }
    if id.hasPrefix("_service_maintenance") || id == "_node_maintenance" {
      return "on \(node) somebody switched maintenance on: consul maint -disable there, for a service with -service=ID"
    }
    return check["Status"]?.string == "warning"
      ? "APISIX takes only what passes, and no warning: mend the service, or its check"
      : "mend the service, or its check"
  }

  // MARK: Something there

  @Sendable private static func consulRemarks(_ inquiry: RegistryInquiry) -> [Finding] {
    let last = inquiry.conversation.last
    let ofServer = last.map { [inquiry.noIndex($0), inquiry.noAddress, inquiry.eventTooLarge] } ?? []
    return (ofServer + [inquiry.nameless?.asWarning]).compactMap { $0 }
  }
}

extension ConsulAccess.Right {
  static func service(_ name: String) -> Self { .init(resource: "service", segment: name) }
  static let node = Self(resource: "node", segment: "")
}

extension RegistryRefusal {
  /// `server` is the whole URL here.
  var consulAccess: ConsulAccess {
    let own = lookup.consulServers.first { server.hasPrefix($0 + "/") } ?? server
    return ConsulAccess(kind: kind, lookup: lookup, server: own, conversation: conversation)
  }
}
