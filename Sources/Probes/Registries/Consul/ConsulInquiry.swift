import APISIX
import Findings
import HTTP
import JSON
import Registries
import SourceText

extension RegistryInquiry {
  /// A check, with what it says.
  func told(_ check: JSONValue) -> String {
    let output = check["Output"]?.string.map { conversation.withoutSecrets($0).prefix { $0 != "\n" }.prefix(120) } ?? ""
    return "\(check["Name"]?.string ?? "a check") of \(check["Node"]?.string ?? "?") is "
      + "\(check["Status"]?.string ?? "?")\(output.isEmpty ? "" : ": \(output)")"
  }

  /// The service that is a part of a name in the form of Consul's DNS, or of other tools.
  func meant(_ services: [String]) -> Substring? {
    let parts = [name.firstBytes(of: ".service.").map { name[..<$0.lowerBound] }, name.split(separator: "/").last]
    return parts.compactMap { $0 }.first { part in services.contains { $0 == part } }
  }

  /// Another datacenter or namespace has the name.
  var elsewhere: Finding? {
    let own = consul("/agent/self")?.json(200)?["Config"]?["Datacenter"]?.string
    let others = consul("/catalog/datacenters")?.json(200)?.array?.compactMap(\.string).filter { $0 != own } ?? []
    func has(_ argument: String) -> Bool {
      consul("/catalog/services?\(argument)")?.consulNames?.contains(name) == true
    }
    if others.count < 9, let other = others.first(where: { has("dc=\($0.percentEncoded())") }) {
      return Finding(
        ConsulRules.otherDatacenter,
        "Consul has \(name) in the datacenter \(other); APISIX asks that of the agent\(own.map { ", \($0)" } ?? "")",
        help: "write the address of an agent of \(other) into \(kind.path).servers")
    }
    let spaces = consul("/namespaces")?.json(200)?.array?.compactMap { $0["Name"]?.string } ?? []
    guard let space = spaces.prefix(32).first(where: { $0 != "default" && has("ns=\($0.percentEncoded())") }) else {
      return nil
    }
    return Finding(
      ConsulRules.otherNamespace, "Consul has \(name) in the namespace \(space); APISIX asks that of its token alone",
      help: "write a token into \(kind.path).token that was made in the namespace: "
        + "consul acl token create -namespace=\(Shell.quoted(space))")
  }

  /// An answer by which APISIX cannot tell whether anything changed.
  func noIndex(_ answer: Response) -> Finding? {
    guard answer.header("X-Consul-Index") == nil else { return nil }
    let hasLoop = kind == .consul && lookup.release.has(.consulHealth)
    // Without a loop nobody looks at it.
    if hasLoop, lookup.section["keepalive"]?.bool == false { return nil }
    let path = kind == .consul ? "/v1/catalog/services" : "/v1/kv/\(lookup.consulPrefix)?recurse"
    return Finding(
      ConsulRules.noIndex,
      "\(place) answers without X-Consul-Index: "
        + (hasLoop
          ? "APISIX ends asking it with a Lua error" : "APISIX keeps the first answer, and no change reaches it"),
      help: "ask Consul's agent itself, or let what stands before it pass the header on; then apisix reload; it shows "
        + "here:\ncurl -si \(Shell.quoted((consulServer ?? "") + path))")
  }

  /// Instances of which only the node has an address.
  var noAddress: Finding? {
    guard found.none == nil, found.nodes?.contains(where: { $0.host == "" }) == true else { return nil }
    let path = lookup.release.has(.consulHealth) ? "/health/service/\(name)?passing" : "/catalog/service/\(name)"
    let entries = consul(path)?.json(200)?.array ?? []
    let nodes = entries.compactMap { entry -> (String, String)? in
      let own = entry["Service"] ?? entry
      guard own["Address"] == "" || entry["ServiceAddress"] == "" else { return nil }
      return (
        (entry["Node"]?["Node"] ?? entry["Node"])?.string ?? "?",
        (entry["Node"]?["Address"] ?? entry["Address"])?.string ?? "ADDRESS"
      )
    }
    guard let (node, address) = nodes.first else { return nil }
    let others = nodes.count > 1 ? " and \(nodes.count - 1) more" : ""
    return Finding(
      ConsulRules.noAddress,
      "\(name) of node \(node)\(others) is registered without an address: APISIX has a node without a host",
      help: "write it into the definition of the service on \(node), then consul reload: address = "
        + JSONValue.string(address).text())
  }

  /// All nodes together, which one worker sends to the others.
  var eventTooLarge: Finding? {
    let release = lookup.release
    let module = conversation.config?.verdict.root?["apisix"]?["events"]?["module"]?.string
    guard kind == .consul, release.has(.limitsEvents), !release.has(.consulSharedSize),
      module != "lua-resty-worker-events",
      let checks = consul("/health/state/any")?.json(200)?.array
    else { return nil }
    var instances: [String: (service: String, isPassing: Bool)] = [:]
    for check in checks {
      guard let id = check["ServiceID"]?.string, let service = check["ServiceName"]?.string, !id.isEmpty else {
        continue
      }
      let key = "\(check["Node"]?.string ?? "")/\(id)"
      instances[key] = (service, check["Status"] == "passing" && instances[key]?.isPassing != false)
    }
    let passing = instances.values.filter(\.isPassing)
    // The least that a node takes: {"host":"1.1.1.1","port":1,"weight":1},
    let size = passing.count * 40 + Set(passing.map(\.service)).reduce(0) { $0 + $1.utf8.count + 3 }
    guard size > 65_536 else { return nil }
    return Finding(
      ConsulRules.eventTooLarge,
      "the nodes of all \(passing.count) passing instances are more than \(size) bytes; APISIX \(release) hands at "
        + "most 65536 to its other workers",
      help:
        "use APISIX \(Feature.consulSharedSize.since.line) or newer, or leave services out: \(kind.path).skip_services"
    )
  }
}
