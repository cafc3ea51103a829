import APISIX
import Findings
import HTTP
import JSON
import SourceText

/// Looks around in a registry that has no nodes for a name: what was meant, and what keeps its instances out.
struct RegistryDiagnosis {
  let lookup: RegistryLookup
  let kind: RegistryKind

  private var name: String { lookup.serviceName }

  /// Whether APISIX asks Consul for so few services that all can be asked for here, too.
  func hasFewServices(_ conversation: RegistryConversation) -> Bool {
    guard kind == .consul, let server = lookup.consulServers.first else { return false }
    let services = conversation.json(server + "/v1/catalog/services", lookup.consulToken)?.object
    return (2...32).contains(services?.members.count ?? 0)
  }

  /// Nothing at all is there, or nothing that may be seen.
  func empty(_ conversation: RegistryConversation, _ place: String) -> Finding? {
    switch kind {
    case .consul:
      guard let server = lookup.consulServers.first,
        let services = conversation.json(server + "/v1/catalog/services", lookup.consulToken)?.object,
        services.members.isEmpty
      else { return nil }
      return Finding(RegistryRules.empty, "\(place) shows no service at all", help: Self.weakToken)
    case .eureka where conversation.applications.isEmpty:
      return Finding(
        RegistryRules.empty, "\(place) has no application at all", help: "is it the server where the services register?"
      )
    default: return nil
    }
  }

  /// There is nothing under the name.
  func unknown(_ conversation: RegistryConversation, _ hint: String) -> Finding {
    switch kind {
    case .consul:
      guard let server = lookup.consulServers.first,
        let services = conversation.json(server + "/v1/catalog/services", lookup.consulToken)?.object
      else { break }
      if services[name] != nil { return failing(server, conversation) }
      return unknown(among: services.members.map(\.key), services.members.isEmpty ? Self.weakToken : hint)
    case .eureka:
      let names = conversation.applications.compactMap { $0["name"]?.string }
      return unknown(among: names, names.isEmpty ? "this server has no application at all: is it the right one?" : hint)
    case .nacos:
      guard let asked = conversation.asked, let mark = asked.url.firstBytes(of: "ns/instance/list?") else { break }
      let all = asked.url.replacing("healthyOnly=true", with: "healthyOnly=false")
      let hosts = conversation.json(all, asked.credentials)?["hosts"]?.array ?? []
      if !hosts.isEmpty { return idle(hosts) }
      let place = asked.url[..<mark.lowerBound] + "ns/service/list?pageNo=1&pageSize=500"
      let space = asked.url.parts(between: "&").filter { $0.hasPrefix("namespaceId=") || $0.hasPrefix("groupName=") }
      let names =
        conversation.json(
          ([String(place)] + space.map { String($0) }).joined(separator: "&"), asked.credentials)?["doms"]?.array ?? []
      return unknown(among: names.compactMap(\.string), names.isEmpty ? "there is no service at all. " + hint : hint)
    default: break
    }
    return unknown(among: [], hint)
  }

  /// Nacos has instances, none of which it hands out.
  private func idle(_ hosts: [JSONValue]) -> Finding {
    let states = hosts.prefix(3).map { host in
      let address = "\(host["ip"]?.string ?? "?"):\(host["port"]?.int ?? 0)"
      return "\(address) is \(host["enabled"]?.bool == false ? "disabled" : "unhealthy")"
    }
    return Finding(
      RegistryRules.nothingUsable, "no instance of \(name) is healthy: \(states.joined(separator: ", "))",
      help: "do the instances send their heartbeats? a disabled one is enabled in Nacos' console")
  }

  private static let weakToken =
    "Consul shows no service at all: does the token have service_prefix \"\" { policy = \"read\" } and "
    + "node_prefix \"\" { policy = \"read\" }?"

  private func unknown(among names: [String], _ hint: String) -> Finding {
    let near = names.first { $0.lowercased() == name.lowercased() } ?? nearest(name, among: names)
    return Finding(
      RegistryRules.unknownService, "\(kind.key) has nothing under \(name)",
      help: near.map { "did you mean service_name: \($0)?" } ?? hint)
  }

  /// Consul has the service; which of its checks fail?
  private func failing(_ server: String, _ conversation: RegistryConversation) -> Finding {
    let entries = conversation.json("\(server)/v1/health/service/\(name)", lookup.consulToken)?.array ?? []
    let checks = entries.flatMap { $0["Checks"]?.array ?? [] }.filter { $0["Status"]?.string != "passing" }
    let told = checks.prefix(3).map { check in
      let output =
        check["Output"]?.string.map { ": \(conversation.withoutSecrets($0).prefix { $0 != "\n" }.prefix(120))" } ?? ""
      return "\(check["Name"]?.string ?? "a check") of \(check["Node"]?.string ?? "?") is "
        + "\(check["Status"]?.string ?? "?")\(output)"
    }
    guard !entries.isEmpty else {
      return Finding(
        RegistryRules.nothingUsable, "Consul lists \(name), and shows no instance of it",
        help: "the token may need node_prefix \"\" { policy = \"read\" }")
    }
    return Finding(
      RegistryRules.nothingUsable,
      "no instance of \(name) passes its checks\(told.isEmpty ? "" : ": ")"
        + told.joined(separator: "; "),
      help: "consul: mend the service, or its check")
  }

  /// There are instances, and none is taken.
  func unusable(_ conversation: RegistryConversation) -> Finding {
    var states: [String] = []
    if kind == .eureka {
      for application in conversation.applications where application["name"]?.string == name {
        let instances = application["instance"]?.array ?? [application["instance"]].compactMap { $0 }
        states += instances.map { instance in
          let over = [instance["overriddenstatus"]?.string, instance["overriddenStatus"]?.string].compactMap { $0 }
            .first { $0 != "UNKNOWN" }
          let status = over ?? instance["status"]?.string ?? "without a status"
          return
            "\(instance["ipAddr"]?.string ?? "?") is "
            + (status == "UP" ? "UP, with no address or port for APISIX" : status)
        }
      }
    }
    let told = states.prefix(3).joined(separator: ", ")
    return Finding(
      RegistryRules.nothingUsable, "no instance of \(name) is usable\(told.isEmpty ? "" : ": \(told)")",
      help: "look at the instances in \(kind.key): up, healthy, with an address and a port?")
  }
}
