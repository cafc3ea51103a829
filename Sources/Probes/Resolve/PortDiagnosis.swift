import APISIX
import Findings

/// The service is there; its port is not, or has no ready address.
extension Diagnosis {
  /// nil where there is no object of the service.
  func port(_ parsed: ServiceName, _ cluster: ClusterView, _ prefix: String) -> Finding? {
    let seen = cluster.observation
    guard seen.isSeen else { return nil }
    let ports = seen.ports
    if let port = ports.first(where: { $0.key == parsed.port }) {
      guard port.notReady > 0 else { return elsewhere(parsed, cluster) ?? empty(parsed, seen) }
      let count =
        port.notReady == 1
        ? "the only address of \(parsed.key) is not ready"
        : "none of the \(port.notReady) addresses of \(parsed.key) is ready"
      return Finding(
        ResolveRules.noReadyAddress, count + (seen.pods.flatMap(told) ?? ""),
        help: "look at the pods' readiness: kubectl -n \(parsed.parts?.namespace ?? "NAMESPACE") get pods")
    }
    guard ports.isEmpty else { return unknownPort(parsed, cluster, prefix) }
    return seen.families.isEmpty ? elsewhere(parsed, cluster) ?? empty(parsed, seen) : portless(parsed, seen)
  }

  private func empty(_ parsed: ServiceName, _ seen: Observation) -> Finding {
    let (namespace, name) = parsed.parts ?? ("NAMESPACE", "NAME")
    let labels = (seen.service?.selector ?? []).map { "\($0.label)=\($0.value)" }.joined(separator: ",")
    let help: String
    if let service = seen.service, !service.hasSelector {
      help = "the Service has no selector: write its addresses by hand"
    } else if let pods = seen.pods, pods.count == 0 {
      help = "no pod has the labels of the Service's selector: kubectl -n \(namespace) get pods -l \(labels)"
    } else if seen.pods != nil {
      help = "they have no address yet: kubectl -n \(namespace) get pods -l \(labels) -o wide"
    } else {
      help = "does a running pod match the Service's selector? kubectl -n \(namespace) describe service \(name)"
    }
    return Finding(
      ResolveRules.noReadyAddress, "\(parsed.key) has no address at all" + (seen.pods.flatMap(told) ?? ""), help: help)
  }

  /// How many pods there are.
  private func told(_ pods: Observation.Pods) -> String? {
    guard pods.count > 0 else { return ": no pod matches its selector" }
    let example = pods.example.map { " (\($0.name): \($0.reason))" } ?? ""
    return ": \(counted(pods.count, "pod")), \(pods.notReady) not ready\(example)"
  }

  /// Addresses behind no port at all: a headless Service may have none.
  private func portless(_ parsed: ServiceName, _ seen: Observation) -> Finding {
    let count = seen.families.values.reduce(0, +)
    return Finding(
      ResolveRules.unknownPortName,
      "\(parsed.key) has \(counted(count, "address")) and no port, without which APISIX takes none",
      help: "give the Service one: ports: [{name: http, port: 80, targetPort: 8080}]; then write \(parsed.key):http")
  }

  /// Which port was meant, and why it goes by another name than the one that was written.
  private func unknownPort(_ parsed: ServiceName, _ cluster: ClusterView, _ prefix: String) -> Finding {
    let seen = cluster.observation
    let ports = seen.ports
    let names = ports.map { $0.key.isEmpty ? "one without a name" : $0.key }.joined(separator: ", ")
    let (meant, why) = meant(parsed.port, of: parsed.key, cluster)
    let right = meant.prefix(3).map { "\(prefix)\(parsed.key):\($0.key)" }.joined(separator: " or ")
    return Finding(
      ResolveRules.unknownPortName,
      "\(parsed.key) has no port \(parsed.port.isEmpty ? "without a name" : parsed.port); it has: \(names)",
      help: "\(why.map { $0 + ": " } ?? "")write \(right)")
  }

  /// The port that was meant: the one with that number, the only one, or the nearest name. Else any.
  /// - Parameter key: `namespace/name` of a service whose ports were seen.
  func meant(_ text: String, of key: String, _ cluster: ClusterView) -> (ports: [Observation.Port], why: String?) {
    let seen = cluster.observation
    let (ports, service) = (seen.ports(of: key), seen.key == key ? seen.service : nil)
    let isSlices = cluster.store.settings.source == .slices
    func rule(_ port: Observation.Port) -> String {
      if port.isNamed { return "a port that has a name goes by it" }
      return isSlices
        ? "in slices a port without a name has nothing behind the colon"
        : "a port without a name goes by the pods' number"
    }
    if let same = ports.first(where: { $0.key == text })
      ?? ports.first(where: { $0.key.lowercased() == text.lowercased() })
    {
      return ([same], nil)
    }
    if let number = Int(text) {
      if let same = ports.first(where: { $0.number == number }) { return ([same], rule(same)) }
      // The Service's own port number: its Endpoints have the port of the pods under the same name.
      if let own = service?.ports.first(where: { $0.port == number }),
        let same = ports.first(where: { $0.isNamed ? $0.key == own.name : own.name == nil })
      {
        return ([same], "\(number) is the Service's own port")
      }
    }
    if let name = service?.ports.first(where: { $0.targetPort == text })?.name,
      let same = ports.first(where: { $0.key == name })
    {
      return ([same], "\(text) is the container's name of it")
    }
    if let near = nearest(text, among: ports.map(\.key)), let port = ports.first(where: { $0.key == near }) {
      return ([port], nil)
    }
    guard let only = ports.first, ports.count == 1 else { return (ports, nil) }
    return (ports, only.isNamed ? nil : rule(only))
  }
}
