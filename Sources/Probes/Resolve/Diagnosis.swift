import APISIX
import Findings
import Inputs

/// Says why a service name gives no nodes, or nodes that will not serve.
struct Diagnosis {
  let discovery: KubernetesDiscovery
  let name: String
  let resolution: Resolution

  /// - Parameter discovery: fed with everything there is to know of the service.
  init(_ discovery: KubernetesDiscovery, _ name: String) {
    self.discovery = discovery
    self.name = name
    resolution = discovery.resolve(name)
  }

  /// What APISIX would hold; nil where it would find nothing.
  var nodes: [UpstreamNode]? { resolution.nodes }

  /// Addresses behind the same port that get no traffic yet: how many, and which.
  var notReady: (count: Int, addresses: [Observation.Address]) {
    guard let (parsed, index) = discovery.place(of: name) else { return (0, []) }
    let seen = discovery.clusters[index].observation
    return (seen.ports.first { $0.key == parsed.port }?.notReady ?? 0, seen.notReady(behind: parsed.port))
  }

  /// The most telling first.
  var findings: [Finding] {
    if let names = ServiceName.several(in: name) { return [several(names)] }
    let ids = discovery.clusters.compactMap(\.store.settings.id)
    let parsed: ServiceName
    do throws(ServiceName.Fault) { parsed = try ServiceName(name, mode: discovery.mode) } catch {
      return malformed(ids)
    }
    guard let index = discovery.place(of: name)?.cluster, discovery.clusters.indices.contains(index) else {
      return [unknownCluster(parsed, ids)]
    }
    // Whoever reads the configuration says so; of no service is there anything to say beside it.
    if discovery.hasDuplicateID { return [] }
    let cluster = discovery.clusters[index]
    if let finding = misread(parsed, cluster) { return [finding] }
    var findings = hints(cluster)
    if let nodes = resolution.nodes {
      if nodes.isEmpty {
        findings.insert(
          Finding(
            ResolveRules.emptyNodes, "\(name) has an empty list of nodes; APISIX refuses it",
            help: "no pod behind this port is ready"), at: 0)
      } else if let check = resolution.check {
        findings.insert(
          Finding(
            ResolveRules.refusedNodes, "APISIX refuses all nodes of \(name): \(check.text(in: discovery.release))",
            help: cluster.store.settings.source == .slices
              ? "correct the EndpointSlices of \(parsed.key)" : "correct the Endpoints object \(parsed.key)"), at: 0)
      }
      return findings
    }
    if Self.isHopeless(name, parsed) { return malformed(ids) + findings }
    return [missing(parsed, cluster)] + findings + [externalNode(parsed, cluster)].compactMap { $0 }
  }

  static func labelSelector(
    _ fault: LabelSelector.Fault, _ settings: ClusterSettings, _ prefix: String = ""
  ) -> Finding {
    Finding(
      ResolveRules.labelSelectorRefused, "\(prefix)the API server refuses label_selector: \(fault.message)",
      at: settings.cluster?.place("label_selector"), help: "write it as kubectl does: app=web,tier!=cache")
  }

  private func missing(_ parsed: ServiceName, _ cluster: ClusterView) -> Finding {
    let seen = cluster.observation
    let prefix = discovery.mode == .multi ? "\(parsed.cluster ?? "")/" : ""
    if let fault = cluster.store.labelSelectorFault { return Self.labelSelector(fault, cluster.store.settings) }
    if let hidden = seen.hidden { return filtered(parsed, hidden, cluster.store.settings) }
    // What APISIX stored before it stopped is still judged by its ports.
    if cluster.store.hasFailed, cluster.store.services[parsed.key] == nil {
      return Self.brokenList(cluster, "", ", and does not know \(parsed.key)")
    }
    // With a selector it has an object without addresses.
    if seen.service?.type == "ExternalName", seen.ports.isEmpty {
      return Finding(
        ResolveRules.externalName,
        "the Service \(parsed.key) is of type ExternalName and has no \(seen.isSeen ? "addresses" : "Endpoints")",
        help: "use its external name as a node")
    }
    if let finding = port(parsed, cluster, prefix) { return finding }
    if seen.otherKind > 0 { return otherKind(parsed, cluster) }
    if let finding = unlabelled(parsed, cluster) { return finding }
    if let finding = stray(parsed, cluster) { return finding }
    if let service = seen.service, let parts = parsed.parts {
      return Finding(
        ResolveRules.noReadyAddress,
        "the \(service.words) \(parsed.key) is there, but has no \(cluster.store.settings.kind)",
        help: service.hasSelector
          ? "kube-controller-manager makes them: kubectl -n \(parts.namespace) describe service \(parts.name)"
          : "it has no selector: write its \(cluster.store.settings.kind) by hand, or give it one")
    }
    let kind = cluster.store.settings.kind
    let near = seen.nearest(to: parsed.key)
    let parts = parsed.key.split(separator: "/")
    let isSwapped = near.first.map { parts == $0.split(separator: "/").reversed() } ?? false
    return Finding(
      ResolveRules.unknownService,
      "there is no \(kind) \(parsed.key)\(isSwapped ? "; namespace and name are swapped" : "")",
      help: meantInstead(isSwapped ? Array(near.prefix(1)) : near, parsed.port, cluster, isSure: isSwapped)
        ?? "see what there is: kubectl get \(Self.many(kind).lowercased()) -A")
  }

  private func filtered(_ parsed: ServiceName, _ hidden: ClusterStore.Hidden, _ settings: ClusterSettings) -> Finding {
    let namespace = parsed.parts?.namespace ?? ""
    switch hidden {
    case .fieldSelector, .namespaceSelector:
      return Finding(
        ResolveRules.hiddenService,
        "\(parsed.key) is there, but namespace_selector leaves out the namespace \(namespace)",
        at: settings.cluster?.place("namespace_selector", settings.namespaces.key ?? ""),
        help: "widen discovery.kubernetes.namespace_selector")
    case .labelSelector:
      return Finding(
        ResolveRules.hiddenService, "\(parsed.key) is there, but its labels do not fit label_selector",
        at: settings.cluster?.place("label_selector"),
        help: "give the Service the labels that discovery.kubernetes.label_selector asks for")
    case .nameless:
      return Finding(
        ResolveRules.hiddenService, "\(parsed.key) has no name or namespace that APISIX can read",
        help: "correct the object's metadata")
    }
  }
}
