import APISIX
import Findings
import HTTP
import JSON
import SourceText

/// Why Nacos has nothing under a name: it answers with an empty list in every case.
struct NacosSearch {
  private let inquiry: RegistryInquiry
  private let server: NacosServer

  init?(_ inquiry: RegistryInquiry) {
    guard let server = NacosServer(inquiry.conversation) else { return nil }
    (self.inquiry, self.server) = (inquiry, server)
  }

  private var lookup: RegistryLookup { inquiry.lookup }
  private var name: String { lookup.nacosName }
  private var space: String { lookup.nacosSpace }
  private var group: String { lookup.nacosGroup }

  var finding: Finding {
    if let unhealthy { return unhealthy }
    let spaces = server.namespaces
    if let spaces, let wrong = wrongSpace(spaces) { return wrong }
    let here = server.services(called: name, in: space)
    if let own = here?.first(where: { $0.group == group }) { return idle(own) }
    if let other = here?.first {
      return Finding(
        NacosRules.group,
        "\(name) is in group \(other.group) of namespace \(space), and APISIX asks for group \(group)",
        help: "write discovery_args: {\(arguments(space, other.group))}"
          + (lookup.serviceName == name ? "" : ", and service_name: \(name)"))
    }
    for other in (spaces ?? []).prefix(20) where here != nil && other.id != space {
      guard let found = server.services(called: name, in: other.id)?.first else { continue }
      return Finding(
        NacosRules.namespace, "\(name) is in namespace \(shown(other)), and APISIX asks in \(space)",
        help: "write discovery_args: {\(arguments(other.id, found.group))}")
    }
    let names = server.names(in: space, group) ?? []
    let hint = RegistryReasons.nacosHint(lookup)
    return inquiry.unknown(among: names, names.isEmpty ? "there is no service at all. " + hint : hint)
  }

  private func arguments(_ space: String, _ group: String) -> String {
    let space = space == "public" ? [] : ["namespace_id: \(space)"]
    return (space + (group == "DEFAULT_GROUP" && !space.isEmpty ? [] : ["group_name: \(group)"])).joined(
      separator: ", ")
  }

  private func shown(_ space: (id: String, name: String)) -> String {
    space.id == space.name ? space.id : "\(space.id) (\(space.name))"
  }

  /// Instances that are there, and not handed out to who wants healthy ones.
  private var unhealthy: Finding? {
    guard let asked = inquiry.conversation.asked else { return nil }
    let all = asked.url.replacing("healthyOnly=true", with: "healthyOnly=false")
    let hosts = inquiry.conversation.json(all, asked.credentials)?["hosts"]?.array ?? []
    guard !hosts.isEmpty else { return nil }
    let isOff = hosts.allSatisfy { $0["enabled"]?.bool == false }
    let states = hosts.prefix(3).map { host in
      "\(NacosInstance(host).place) is \(host["enabled"]?.bool == false ? "disabled" : "unhealthy")"
    }
    return Finding(
      isOff ? NacosRules.disabled : RegistryRules.nothingUsable,
      "no instance of \(inquiry.name) is healthy: \(states.joined(separator: ", "))",
      help: isOff ? enabling(hosts) : "do the instances send their heartbeats? Nacos calls them unhealthy after 15 s")
  }

  private func wrongSpace(_ spaces: [(id: String, name: String)]) -> Finding? {
    guard !spaces.isEmpty, !spaces.contains(where: { $0.id == space }) else { return nil }
    if let meant = spaces.first(where: { $0.name == space }) {
      return Finding(
        NacosRules.namespace, "namespace_id is \(space), the name of a namespace, and wants its ID",
        help: "write discovery_args: {namespace_id: \(meant.id)}")
    }
    let told = spaces.prefix(8).map(shown).joined(separator: ", ")
    return Finding(
      NacosRules.namespace, "Nacos has no namespace \(space)",
      help: "write the ID of one that there is as discovery_args.namespace_id: \(told)")
  }

  /// The service is there, and nothing comes of it.
  private func idle(_ service: NacosServer.Service) -> Finding {
    guard service.instances > 0 else {
      return Finding(
        RegistryRules.nothingUsable, "\(inquiry.kind.key) has the service \(name), without any instance",
        help: "do the instances run, and register in namespace \(space), group \(group)?")
    }
    let about =
      "ns/catalog/instances?pageNo=1&pageSize=3&clusterName=DEFAULT&namespaceId=\(space.percentEncoded())"
      + "&serviceName=\("\(group)@@\(name)".percentEncoded())"
    let instances = inquiry.conversation.json(server.base + about, server.credentials)?["list"]?.array ?? []
    return Finding(
      NacosRules.disabled,
      "Nacos has \(counted(service.instances, "instance")) of \(name) and hands out none: they are disabled",
      help: enabling(instances))
  }

  private func enabling(_ hosts: [JSONValue]) -> String {
    let commands = hosts.prefix(3).map { host in
      NacosInstance(host).command(server, lookup, "enabled", "true")
    }
    return (["set them online in Nacos' console, or:"] + commands).joined(separator: "\n")
  }
}

/// One of a service, as Nacos says it.
struct NacosInstance {
  let json: JSONValue

  init(_ json: JSONValue) { self.json = json }

  var place: String { "\(json["ip"]?.string ?? "?"):\(json["port"]?.int ?? 0)" }

  /// Sets one of its properties.
  func command(_ server: NacosServer, _ lookup: RegistryLookup, _ key: String, _ value: String) -> String {
    server.curl(
      "PUT", "ns/instance",
      [
        "serviceName": lookup.nacosName, "groupName": lookup.nacosGroup, "namespaceId": lookup.nacosSpace,
        "clusterName": json["clusterName"]?.string ?? "DEFAULT", "ip": json["ip"]?.string ?? "",
        "port": "\(json["port"]?.int ?? 0)", key: value,
      ])
  }
}
