import APISIX
import Findings
import HTTP
import JSON
import SourceText

extension RegistryReasons {
  static let nacos = RegistryReasons(
    refusal: nacosRefusal, unknown: nacosUnknown,
    saved: "save what APISIX reads: curl -s 'http://HOST:8848/nacos/v1/ns/instance/list?healthyOnly=true&serviceName=NAME"
      + "&namespaceId=public&groupName=DEFAULT_GROUP'", hint: nacosHint)

  @Sendable private static func nacosRefusal(_ refusal: RegistryRefusal) -> (Rule, help: String)? {
    let (path, isLogin) = (RegistryKind.nacos.path, refusal.server.hasSuffix("auth/login"))
    switch refusal.response.status {
    case 401,
      403 where isLogin:
      return (RegistryRules.unauthorized, "correct user and password in \(path).host: http://USER:PASSWORD@HOST:8848")
    case 403 where ["user not found", "unknown user", "token invalid"].contains(where: refusal.said.has):
      return (RegistryRules.unauthorized, "write user and password into \(path).host: http://USER:PASSWORD@HOST:8848")
    case 403:
      return (
        RegistryRules.forbidden,
        "give the user a role with the right to read the namespace: Nacos console, Authority Control, Permissions"
      )
    case 404, 410:
      return (
        RegistryRules.notFound,
        "\(path).prefix is /nacos/v1/ and the port 8848; Nacos 3 has the v1 API only with its legacy adapter"
      )
    case 503: return (RegistryRules.trouble, "Nacos answers so while it starts: wait, then look at its log")
    default: return nil
    }
  }

  @Sendable private static func nacosUnknown(_ inquiry: RegistryInquiry) -> Finding? {
    let conversation = inquiry.conversation
    guard let asked = conversation.asked, let mark = asked.url.firstBytes(of: "ns/instance/list?") else { return nil }
    let all = asked.url.replacing("healthyOnly=true", with: "healthyOnly=false")
    let hosts = conversation.json(all, asked.credentials)?["hosts"]?.array ?? []
    if !hosts.isEmpty { return nacosIdle(hosts, inquiry) }
    let place = asked.url[..<mark.lowerBound] + "ns/service/list?pageNo=1&pageSize=500"
    let space = asked.url.parts(between: "&").filter { $0.hasPrefix("namespaceId=") || $0.hasPrefix("groupName=") }
    let url = ([String(place)] + space.map { String($0) }).joined(separator: "&")
    let names = conversation.json(url, asked.credentials)?["doms"]?.array ?? []
    let hint = nacosHint(inquiry.lookup)
    return inquiry.unknown(
      among: names.compactMap(\.string), names.isEmpty ? "there is no service at all. " + hint : hint)
  }

  /// Nacos has instances, none of which it hands out.
  private static func nacosIdle(_ hosts: [JSONValue], _ inquiry: RegistryInquiry) -> Finding {
    let states = hosts.prefix(3).map { host in
      let address = "\(host["ip"]?.string ?? "?"):\(host["port"]?.int ?? 0)"
      return "\(address) is \(host["enabled"]?.bool == false ? "disabled" : "unhealthy")"
    }
    return Finding(
      RegistryRules.nothingUsable, "no instance of \(inquiry.name) is healthy: \(states.joined(separator: ", "))",
      help: "do the instances send their heartbeats? a disabled one is enabled in Nacos' console")
  }

  @Sendable private static func nacosHint(_ lookup: RegistryLookup) -> String {
    let space = lookup.arguments["namespace_id"] ?? "public"
    let group = lookup.arguments["group_name"] ?? "DEFAULT_GROUP"
    return "it was looked for in namespace \(space), group \(group): discovery_args.namespace_id takes the ID of a "
      + "namespace, not its name"
  }
}
