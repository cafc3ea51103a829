import APISIX
import Findings
import SourceText

/// The same service as a static node, for who can do without discovery.
extension Diagnosis {
  /// What a Service of type ExternalName stands for.
  func externalNode(_ parsed: ServiceName, _ cluster: ClusterView) -> Finding? {
    guard let service = cluster.observation.service, service.type == "ExternalName", let name = service.externalName
    else { return nil }
    return Self.staticNode(name, service.port(parsed.port), costs: "APISIX looks the name up by DNS")
  }

  /// The Service in question, where it was seen and has an address of its own.
  var wayRound: Finding? {
    guard let (parsed, index) = discovery.place(of: name), let parts = parsed.parts else { return nil }
    let seen = discovery.clusters[index].observation
    guard let service = seen.service, !service.isHeadless, service.type != "ExternalName" else { return nil }
    return Self.staticNode(parts.namespace, parts.name, seen, parsed.port)
  }

  /// The service that a DNS name was meant to be, where it is there and has nodes.
  func meantNode(_ ids: [String]) -> Finding? {
    guard let text = allMeant.first, !text.has("NAMESPACE/"), let (parsed, index) = discovery.place(of: text),
      let parts = parsed.parts
    else { return nil }
    let seen = discovery.clusters[index].observation
    guard seen.key == parsed.key, seen.ports.contains(where: { $0.ready > 0 }) else { return nil }
    // Of a URL its own, not what stands behind the scheme.
    let written = name.split(separator: "/").first { $0.contains(":") && !$0.hasSuffix(":") }?
      .split(separator: ":").last.flatMap { Int($0) }
    return Self.staticNode(parts.namespace, parts.name, seen, allMeant.count == 1 ? parsed.port : "", written)
  }

  /// A service by its DNS name, and what that costs.
  /// - Parameter written: a port that the user named, where the Service's own is not known.
  private static func staticNode(
    _ namespace: String, _ name: String, _ seen: Observation, _ port: String, _ written: Int? = nil
  ) -> Finding {
    if seen.service?.isHeadless == true {
      let number = (seen.ports.first { $0.key == port } ?? (seen.ports.count == 1 ? seen.ports[0] : nil))?.number
      return staticNode(
        "\(name).\(namespace).svc", number,
        costs: "APISIX then needs the cluster's DNS, and takes one of the ready pods' addresses at a time")
    }
    return staticNode(
      "\(name).\(namespace).svc", seen.service?.port(port) ?? written,
      costs: "APISIX then needs the cluster's DNS, and balances over the Service's one address, not over its pods")
  }

  private static func staticNode(_ host: String, _ port: Int?, costs: String) -> Finding {
    let placeholder = port == nil ? ", with the Service's own port for PORT" : ""
    return Finding(
      ResolveRules.staticNode, "\(host) works without discovery, as a static node",
      help: "nodes: {\"\(host):\(port.map(String.init) ?? "PORT")\": 1}\(placeholder)\n\(costs)")
  }
}

extension Observation.Service {
  /// Its own port: the one of that name, that number or that target; else the only one.
  fileprivate func port(_ text: String) -> Int? {
    let same =
      ports.first { $0.name == text } ?? ports.first { $0.port.map(String.init) == text || $0.targetPort == text }
    return (same ?? (ports.count == 1 ? ports[0] : nil))?.port
  }
}
