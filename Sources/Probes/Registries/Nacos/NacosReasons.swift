import APISIX
import Findings
import HTTP
import Inputs
import JSON
import Registries
import SourceText

extension RegistryReasons {
  static let nacos = RegistryReasons(
    unsent: nacosUnsent, unreached: nacosUnreached, silent: nacosSilent, notJSON: nacosConsole,
    refusal: { NacosRefusal($0)?.reason }, misread: nacosMisread,
    empty: nacosEmpty, unknown: { NacosSearch($0)?.finding }, refusedNodes: nacosRefusedNodes, remarks: nacosRemarks,
    saved:
      "save what APISIX reads: curl -s 'http://HOST:8848/nacos/v1/ns/instance/list?healthyOnly=true&serviceName=NAME"
      + "&namespaceId=public&groupName=DEFAULT_GROUP'", hint: nacosHint)

  @Sendable private static func nacosSilent(_ conversation: RegistryConversation) -> Finding? {
    guard conversation.asked?.url.hasSuffix("auth/login") == true else { return nil }
    return Finding(
      RegistryRules.unauthorized, "\(conversation.place ?? "nacos") answers the login without an accessToken",
      help: "is it Nacos itself, and is its authentication switched on?")
  }

  @Sendable private static func nacosUnsent(_ request: RegistryRequest, _ lookup: RegistryLookup) -> Finding? {
    if let finding = prefixSlash(.nacos, lookup) { return finding }
    guard request.url.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) else { return nil }
    let name = lookup.serviceName
    return Finding(
      NacosRules.blank,
      "APISIX does not ask for \(SecretPatterns.quoted(name)): its HTTP client sends no blank in a URL",
      help: "write service_name: \(String(name.filter { !$0.isWhitespace }))")
  }

  /// Of Nacos and Eureka: joined to the port.
  static func prefixSlash(_ kind: RegistryKind, _ lookup: RegistryLookup) -> Finding? {
    guard let prefix = lookup.section["prefix"]?.string, !prefix.isEmpty, !prefix.hasPrefix("/"),
      let host = lookup.section["host"]?.items?.first?.string, URLText(host).path.isEmpty
    else { return nil }
    return Finding(
      RegistryRules.prefixSlash,
      "APISIX asks \(URLText(host).withoutUser)\(prefix): \(kind.path).prefix lacks its slash",
      help: "write prefix: /\(prefix)")
  }

  /// The port of gRPC answers no HTTP of the old kind.
  @Sendable private static func nacosUnreached(
    _ error: HTTPError, _ url: URLText, _ conversation: RegistryConversation
  ) -> Finding? {
    switch error.kind {
    case .badAnswer, .connectionLost: break
    default: return nil
    }
    guard let port = url.port.flatMap({ Int($0) }), port > 1001 else { return nil }
    // 9848 is 8848 + 1000, 9849 is for servers among each other.
    let below = [1000, 1001].map { port - $0 }
    let api = below.first { other in
      let state = conversation.response("\(url.scheme ?? "http")://\(url.host):\(other)/nacos/v1/console/server/state")
      return (state.flatMap { try? JSONValue.parse($0.body) })?.object != nil
    }
    guard let api = api ?? (9848...9849 ~= port ? 8848 : nil) else { return nil }
    return Finding(
      NacosRules.port, "\(url.host):\(port) is the port of Nacos for gRPC: \(error)",
      help: "write the port of its HTTP API: http://\(url.host):\(api)")
  }

  /// Since 3.0 the console is a server of its own, whose pages come for whatever is asked.
  @Sendable static func nacosConsole(_ conversation: RegistryConversation) -> Finding? {
    guard let place = conversation.place, let state = conversation.json(place + "/v3/console/server/state"),
      let version = (state["data"] ?? state)["version"]?.string
    else { return nil }
    return Finding(
      NacosRules.port, "\(place) is the console of Nacos \(conversation.withoutSecrets(String(version.prefix(32))))",
      help: "write the port of its API: http://\(URLText(place).host):8848")
  }

  /// Newer releases take an answer without hosts for one of a service without instances.
  @Sendable private static func nacosMisread(_ inquiry: RegistryInquiry) -> Finding? {
    let conversation = inquiry.conversation
    guard inquiry.found.none == .unknown, conversation.asked?.url.has("ns/instance/list") == true,
      let answer = conversation.last?.json(200), answer["hosts"]?.array == nil, answer["hosts"]?.object == nil
    else { return nil }
    return inquiry.odd("answers without hosts, which Nacos sends even where it has none: APISIX gets no nodes")
  }

  /// Nothing in any namespace that is told.
  @Sendable private static func nacosEmpty(_ inquiry: RegistryInquiry) -> Finding? {
    guard let server = NacosServer(inquiry.conversation), let spaces = server.namespaces,
      (1...20).contains(spaces.count)
    else { return nil }
    guard spaces.allSatisfy({ server.count(in: $0.id) == 0 }) else { return nil }
    return Finding(
      RegistryRules.empty, "\(inquiry.place) has no service in any of \(counted(spaces.count, "namespace"))",
      help: "is it the server where the services register?")
  }

  @Sendable static func nacosHint(_ lookup: RegistryLookup) -> String {
    "it was looked for in namespace \(lookup.nacosSpace), group \(lookup.nacosGroup): "
      + "discovery_args.namespace_id takes the ID of a namespace, not its name"
  }
}

extension RegistryLookup {
  var nacosSpace: String { arguments["namespace_id"] ?? "public" }
  /// One in the name goes before the one in the arguments.
  var nacosGroup: String {
    serviceName.firstBytes(of: "@@").map { String(serviceName[..<$0.lowerBound]) }
      ?? arguments["group_name"] ?? "DEFAULT_GROUP"
  }
  /// Without its group.
  var nacosName: String {
    serviceName.firstBytes(of: "@@").map { String(serviceName[$0.upperBound...]) } ?? serviceName
  }
}
