public import APISIX
public import Findings

/// Says why a service name gives no nodes, or nodes that will not serve.
public struct Diagnosis {
  private let discovery: KubernetesDiscovery
  private let name: String
  private let resolution: Resolution

  /// - Parameter discovery: fed with everything there is to know of the service.
  public init(_ discovery: KubernetesDiscovery, _ name: String) {
    self.discovery = discovery
    self.name = name
    resolution = discovery.resolve(name)
  }

  /// What APISIX would hold; nil where it would find nothing.
  public var nodes: [UpstreamNode]? { resolution.nodes }

  /// Addresses behind the same port that get no traffic yet: how many, and which.
  public var notReady: (count: Int, addresses: [Observation.Address]) {
    guard let parsed = try? ServiceName(name, mode: discovery.mode),
      let index = discovery.mode == .single ? 0 : parsed.cluster.flatMap(discovery.index(of:))
    else { return (0, []) }
    let seen = discovery.clusters[index].observation
    return (seen.ports.first { $0.key == parsed.port }?.notReady ?? 0, seen.notReady(behind: parsed.port))
  }

  /// The most telling first.
  public var findings: [Finding] {
    let ids = discovery.clusters.compactMap(\.store.settings.id)
    let parsed: ServiceName
    do throws(ServiceName.Fault) { parsed = try ServiceName(name, mode: discovery.mode) } catch {
      return [malformed(ids)] + meantWayRound(ids)
    }
    let index = discovery.mode == .single ? 0 : parsed.cluster.flatMap(discovery.index(of:))
    guard let index, discovery.clusters.indices.contains(index) else {
      return [unknownCluster(parsed, ids)] + [wayRound(parsed.key, "the Service's port")].compactMap { $0 }
    }
    let cluster = discovery.clusters[index]
    var findings = hints(cluster)
    if let nodes = resolution.nodes {
      if nodes.isEmpty {
        findings.insert(
          Finding(
            rule: .emptyNodes, message: "\(name) has an empty list of nodes; APISIX refuses it",
            help: "no pod behind this port is ready"), at: 0)
      } else if let check = resolution.check {
        findings.insert(
          Finding(
            rule: .refusedNodes, message: "APISIX refuses all nodes of \(name): \(check)",
            help: "mend the Endpoints object \(parsed.key)"), at: 0)
      }
      return findings
    }
    // APISIX takes such a name and never finds it.
    if !parsed.key.contains("/") { return [malformed(ids)] + findings + meantWayRound(ids) }
    let reason = missing(parsed, cluster)
    return [reason] + findings + [wayRound(parsed, cluster, reason)].compactMap { $0 }
  }

  static func labelSelector(_ fault: LabelSelector.Fault, _ prefix: String = "") -> Finding {
    Finding(
      rule: .labelSelectorRefused, message: "\(prefix)the API server refuses label_selector: \(fault.message)",
      help: "write it as kubectl does: app=web,tier!=cache")
  }

  /// The same service without discovery, and what that costs.
  private func wayRound(_ parsed: ServiceName, _ cluster: ClusterView, _ reason: Finding) -> Finding? {
    var key = parsed.key
    if reason.rule == Rule.unknownService.id, let near = cluster.observation.nearest(to: key).first { key = near }
    let service = key == parsed.key ? cluster.observation.service : nil
    if service?.type == "ExternalName" { return service?.externalName.map { staticNode($0, "its port") } }
    let ports = service?.ports ?? []
    let port = ports.first { $0.name == parsed.port } ?? (ports.count == 1 ? ports[0] : nil)
    return wayRound(key, port?.port.map(String.init) ?? "the Service's port")
  }

  private func wayRound(_ key: String, _ port: String) -> Finding? {
    let parts = key.split(separator: "/")
    guard parts.count >= 2 else { return nil }
    return staticNode("\(parts[parts.count - 1]).\(parts[parts.count - 2]).svc", port)
  }

  private func staticNode(_ host: String, _ port: String) -> Finding {
    Finding(
      rule: .staticNode, message: "without discovery: \(host), \(port), as a static node",
      help: host.hasSuffix(".svc")
        ? "the price: APISIX needs the cluster's DNS, sees one ClusterIP, and balances and checks no single pod"
        : "the price: APISIX looks the name up by DNS")
  }

  /// The same for what a malformed name was meant to be.
  private func meantWayRound(_ ids: [String]) -> [Finding] {
    guard let advice = advice(ids), let meant = try? ServiceName(advice.suggestion, mode: discovery.mode),
      !meant.key.contains("NAMESPACE")
    else { return [] }
    return [wayRound(meant.key, "the Service's port")].compactMap { $0 }
  }

  private func advice(_ ids: [String]) -> ServiceNameAdvice? {
    let known = discovery.clusters.flatMap { Array($0.observation.names.keys) }
    return ServiceNameAdvice(name, mode: discovery.mode, clusters: ids) { known.contains($0) }
  }

  private func malformed(_ ids: [String]) -> Finding {
    let form = discovery.mode == .single ? "NAMESPACE/NAME:PORT" : "ID/NAMESPACE/NAME:PORT"
    let advice = advice(ids)
    return Finding(
      rule: .malformedServiceName, message: "\(name.isEmpty ? "an empty name" : name) is not of the form \(form)",
      help: "write \(advice.map { suggestion($0.suggestion) } ?? form)")
  }

  /// With the port's name in place of PORT, where the service has been seen and has just one.
  private func suggestion(_ text: String) -> String {
    guard text.hasSuffix(":PORT") else { return text }
    for cluster in discovery.clusters {
      let ports = cluster.observation.ports
      if let only = ports.first, ports.count == 1 { return text.dropLast(4) + only.key }
    }
    return text
  }

  private func unknownCluster(_ parsed: ServiceName, _ ids: [String]) -> Finding {
    let wanted = parsed.cluster ?? ""
    let near = nearest(wanted, among: ids)
    return Finding(
      rule: .unknownCluster, message: "no cluster has the id \(wanted.isEmpty ? "\"\"" : wanted)",
      help: near.map { "did you mean \($0)/\(parsed.key):\(parsed.port)?" }
        ?? "the configured ids are: \(ids.joined(separator: ", "))")
  }

  private func missing(_ parsed: ServiceName, _ cluster: ClusterView) -> Finding {
    let seen = cluster.observation
    let prefix = discovery.mode == .multi ? "\(parsed.cluster ?? "")/" : ""
    if let fault = cluster.store.labelSelectorFault {
      return Self.labelSelector(fault)
    }
    if let hidden = seen.hidden { return filtered(parsed, hidden) }
    // What APISIX stored before it stopped is still judged by its ports.
    if cluster.store.hasFailed, cluster.store.services[parsed.key] == nil {
      return Self.brokenList(cluster, "", ", and does not know \(parsed.key)")
    }
    if let finding = port(parsed, cluster, prefix) { return finding }
    if seen.service?.type == "ExternalName" {
      return Finding(
        rule: .externalName, message: "the Service \(parsed.key) is of type ExternalName and has no Endpoints",
        help: "use its external name as a node")
    }
    if seen.otherKind > 0 {
      let slices = cluster.store.settings.kind == "Endpoints"
      return Finding(
        rule: .otherKind,
        message:
          "\(parsed.key) is there as \(slices ? "EndpointSlice" : "Endpoints") only; APISIX reads \(cluster.store.settings.kind)",
        help: slices
          ? "set watch_endpoint_slices: true, with APISIX 3.15 or newer"
          : "take watch_endpoint_slices out of config.yaml")
    }
    if let service = seen.service, let parts = parsed.parts {
      return Finding(
        rule: .noReadyAddress,
        message: "the Service \(parsed.key) is there, but has no \(cluster.store.settings.kind)",
        help: service.hasSelector
          ? "kube-controller-manager makes them: kubectl -n \(parts.namespace) describe service \(parts.name)"
          : "it has no selector: write its \(cluster.store.settings.kind) by hand, or give it one")
    }
    let near = seen.nearest(to: parsed.key)
    let parts = parsed.key.split(separator: "/")
    if parts.count > 2, discovery.mode == .single {
      let shorter = parts.suffix(2).joined(separator: "/")
      return Finding(
        rule: .unknownService,
        message: "there is no \(parsed.key): with one cluster a name has no cluster id before the namespace",
        help: "write \(shorter):\(parsed.port)")
    }
    return Finding(
      rule: .unknownService, message: "there is no \(cluster.store.settings.kind) \(parsed.key)",
      help: near.isEmpty
        ? "see what there is: kubectl get \(cluster.store.settings.kind == "Endpoints" ? "endpoints" : "endpointslices") -A"
        : "did you mean \(near.map { "\(prefix)\($0):\(parsed.port)" }.joined(separator: ", or "))?")
  }

  private func filtered(_ parsed: ServiceName, _ hidden: ClusterStore.Hidden) -> Finding {
    let namespace = parsed.parts?.namespace ?? ""
    switch hidden {
    case .fieldSelector, .namespaceSelector:
      return Finding(
        rule: .hiddenService,
        message: "\(parsed.key) is there, but namespace_selector leaves out the namespace \(namespace)",
        help: "widen discovery.kubernetes.namespace_selector")
    case .labelSelector:
      return Finding(
        rule: .hiddenService, message: "\(parsed.key) is there, but its labels do not fit label_selector",
        help: "give the Service the labels that discovery.kubernetes.label_selector asks for")
    case .nameless:
      return Finding(
        rule: .hiddenService, message: "\(parsed.key) has a slice without the label kubernetes.io/service-name",
        help: "label it: kubernetes.io/service-name: \(parsed.parts?.name ?? "NAME")")
    }
  }

  /// The service is there; its port is not, or has no ready address.
  private func port(_ parsed: ServiceName, _ cluster: ClusterView, _ prefix: String) -> Finding? {
    let seen = cluster.observation
    guard seen.isSeen else { return nil }
    let ports = seen.ports
    if let port = ports.first(where: { $0.key == parsed.port }) {
      guard port.notReady > 0 else { return empty(parsed, seen) }
      let count = "none of the \(port.notReady) address\(port.notReady == 1 ? "" : "es") of \(parsed.key) is ready"
      return Finding(
        rule: .noReadyAddress, message: count + (seen.pods.flatMap(told) ?? ""),
        help: "look at the pods' readiness: kubectl -n \(parsed.parts?.namespace ?? "NAMESPACE") get pods")
    }
    guard !ports.isEmpty else { return empty(parsed, seen) }
    let names = ports.map { $0.key.isEmpty ? "one without a name" : $0.key }.joined(separator: ", ")
    let right = best(ports, for: parsed.port, of: seen.service)
    return Finding(
      rule: .unknownPortName,
      message: "\(parsed.key) has no port \(parsed.port.isEmpty ? "without a name" : parsed.port); it has: \(names)",
      help: "write \(prefix)\(parsed.key):\(right.key)")
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
      help = "does a running pod fit the Service's selector? kubectl -n \(namespace) describe service \(name)"
    }
    return Finding(
      rule: .noReadyAddress, message: "\(parsed.key) has no address at all" + (seen.pods.flatMap(told) ?? ""),
      help: help)
  }

  /// How many pods there are.
  private func told(_ pods: Observation.Pods) -> String? {
    guard pods.count > 0 else { return ": its selector fits no pod" }
    let example = pods.example.map { " (\($0.name): \($0.reason))" } ?? ""
    return ": \(pods.count) pod\(pods.count == 1 ? "" : "s"), \(pods.notReady) not ready\(example)"
  }

  /// The port that was meant: the one with that number, the only one, or the nearest name.
  private func best(
    _ ports: [Observation.Port], for text: String, of service: Observation.Service?
  ) -> Observation.Port {
    if let number = Int(text) {
      if let same = ports.first(where: { $0.number == number }) { return same }
      // The Service's own port number: its Endpoints have the port of the pods under the same name.
      let name = service?.ports.first { $0.port == number }?.name
      if let name, let same = ports.first(where: { $0.key == name }) { return same }
    }
    if let near = nearest(text, among: ports.map(\.key)), let port = ports.first(where: { $0.key == near }) {
      return port
    }
    return ports[0]
  }

  private func hints(_ cluster: ClusterView) -> [Finding] {
    var findings: [Finding] = []
    if cluster.observation.isOverCapacity {
      findings.append(
        Finding(
          rule: .overCapacity, message: "Kubernetes cut these Endpoints off at 1000 addresses",
          help: "set watch_endpoint_slices: true, with APISIX 3.15 or newer"))
    }
    if cluster.store.settings.kind == "EndpointSlice", cluster.observation.readyUnsaid > 0 {
      let count = cluster.observation.readyUnsaid
      findings.append(
        Finding(
          rule: .readyUnsaid,
          message:
            "\(count) endpoint\(count == 1 ? " does" : "s do") not say whether ready; APISIX leaves \(count == 1 ? "it" : "them") out",
          help: "write conditions: {ready: true} in the slice"))
    }
    return findings
  }
}
