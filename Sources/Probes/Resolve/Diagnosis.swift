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
      return [malformed(ids)] + meantWayRound(ids)
    }
    guard let index = discovery.place(of: name)?.cluster, discovery.clusters.indices.contains(index) else {
      return [unknownCluster(parsed, ids)] + [wayRound(parsed.key, "the Service's port")].compactMap { $0 }
    }
    let cluster = discovery.clusters[index]
    if let finding = misread(parsed, cluster) {
      return [finding] + (nodes == nil ? [wayRound(parsed, cluster, finding)].compactMap { $0 } : [])
    }
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
              ? "mend the EndpointSlices of \(parsed.key)" : "mend the Endpoints object \(parsed.key)"), at: 0)
      }
      return findings
    }
    if Self.isHopeless(name, parsed) { return [malformed(ids)] + findings + meantWayRound(ids) }
    let reason = missing(parsed, cluster)
    return [reason] + findings + [wayRound(parsed, cluster, reason)].compactMap { $0 }
  }

  private func several(_ names: [String]) -> Finding {
    Finding(
      ResolveRules.malformedServiceName, "\(name) holds \(names.count) names, and an upstream takes one",
      help: "ask for each: \(names.joined(separator: ", ")); in APISIX make an upstream of each, and share the "
        + "traffic out with the plugin traffic-split")
  }

  static func labelSelector(
    _ fault: LabelSelector.Fault, _ settings: ClusterSettings, _ prefix: String = ""
  ) -> Finding {
    Finding(
      ResolveRules.labelSelectorRefused, "\(prefix)the API server refuses label_selector: \(fault.message)",
      at: settings.cluster?.place("label_selector"), help: "write it as kubectl does: app=web,tier!=cache")
  }

  /// The same service without discovery, and what that costs.
  private func wayRound(_ parsed: ServiceName, _ cluster: ClusterView, _ reason: Finding) -> Finding? {
    var key = parsed.key
    if reason.rule == ResolveRules.unknownService, let near = cluster.observation.nearest(to: key).first { key = near }
    let service = key == parsed.key ? cluster.observation.service : nil
    if service?.isHeadless == true { return headlessWayRound(parsed, cluster) }
    if service?.type == "ExternalName" { return service?.externalName.map { staticNode($0, "its port") } }
    let ports = service?.ports ?? []
    let port = ports.first { $0.name == parsed.port } ?? (ports.count == 1 ? ports[0] : nil)
    return wayRound(key, port?.port.map(String.init) ?? "the Service's port")
  }

  /// A headless Service has no port of its own: its name gives the pods' addresses.
  private func headlessWayRound(_ parsed: ServiceName, _ cluster: ClusterView) -> Finding? {
    guard let (namespace, name) = parsed.parts else { return nil }
    let ports = cluster.observation.ports
    let number = (ports.first { $0.key == parsed.port } ?? (ports.count == 1 ? ports[0] : nil))?.number
    return Finding(
      ResolveRules.staticNode,
      "without discovery: \(name).\(namespace).svc, \(number.map(String.init) ?? "the pods' port"), as a static node",
      help: "the price: APISIX needs the cluster's DNS, which gives the ready pods' addresses; it takes one at a time")
  }

  private func wayRound(_ key: String, _ port: String) -> Finding? {
    let parts = key.split(separator: "/")
    guard parts.count >= 2, SecretPatterns.quotable(name) == name else { return nil }
    return staticNode("\(parts[parts.count - 1]).\(parts[parts.count - 2]).svc", port)
  }

  func staticNode(_ host: String, _ port: String) -> Finding {
    Finding(
      ResolveRules.staticNode, "without discovery: \(host), \(port), as a static node",
      help: host.hasSuffix(".svc")
        ? "the price: APISIX needs the cluster's DNS, sees one ClusterIP, and balances and checks no single pod"
        : "the price: APISIX looks the name up by DNS")
  }

  /// The same for what a malformed name was meant to be.
  private func meantWayRound(_ ids: [String]) -> [Finding] {
    guard let meant = suggestions(ids).first.flatMap({ try? ServiceName($0, mode: discovery.mode) }),
      !meant.key.contains("NAMESPACE")
    else { return [] }
    return [wayRound(meant.key, "the Service's port")].compactMap { $0 }
  }

  /// What a name of the wrong form was probably meant to be, so that it can be looked for; NAMESPACE and PORT stand for
  /// what nothing seen tells. nil for a name of the right form.
  var meant: String? { allMeant.first }

  /// The same for each cluster that it may have been meant for; none for a name of the right form.
  var allMeant: [String] {
    if let parsed = try? ServiceName(name, mode: discovery.mode), !Self.isHopeless(name, parsed) { return [] }
    return suggestions(discovery.clusters.compactMap(\.store.settings.id))
  }

  /// Whether APISIX takes the name apart into what no object is called.
  private static func isHopeless(_ name: String, _ parsed: ServiceName) -> Bool {
    !parsed.canExist || ServiceName.hasWhiteSpace(name)
  }

  private func malformed(_ ids: [String]) -> Finding {
    let form = discovery.mode == .single ? "NAMESPACE/NAME:PORT" : "ID/NAMESPACE/NAME:PORT"
    let right = suggestions(ids).joined(separator: " or ")
    let given =
      name.isEmpty ? "an empty name" : ServiceName.hasWhiteSpace(name) ? "\"\(name)\" has white space and" : name
    return Finding(
      ResolveRules.malformedServiceName, "\(given) is not of the form \(form)",
      help: "write \(right.isEmpty ? form : right)")
  }

  /// The name in the right form, with what has been seen in place of NAMESPACE and PORT; three at most.
  private func suggestions(_ ids: [String]) -> [String] {
    // What is made of an address with a password holds pieces of it.
    if SecretPatterns.quotable(name) != name { return [] }
    let known = Set(discovery.clusters.flatMap { $0.observation.names.keys })
    guard let text = ServiceName.Advice(name, mode: discovery.mode, clusters: ids, exists: known.contains)?.suggestion
    else { return [] }
    // Of several clusters those that have it, else all.
    if text.hasPrefix("CLUSTER/"), (1...3).contains(ids.count) {
      let rest = String(text.dropFirst("CLUSTER/".count))
      let having = discovery.clusters.flatMap { cluster in
        Self.fitting(rest, Set(cluster.observation.names.keys)).map { "\(cluster.store.settings.id ?? "")/\($0)" }
      }
      return ((1...3).contains(having.count) ? having : ids.map { "\($0)/\(rest)" }).map(withPort)
    }
    let fitting = Self.fitting(text, known)
    return ((1...3).contains(fitting.count) ? fitting : [text]).map(withPort)
  }

  /// The name with each service of these in it that it may mean: where its namespace is not said, of any namespace.
  private static func fitting(_ text: String, _ known: Set<String>) -> [String] {
    guard let end = text.lastIndex(of: ":") else { return [] }
    guard let unknown = text.firstRange(of: "NAMESPACE/"), unknown.upperBound < end else {
      return known.contains(String(text[..<end])) ? [text] : []
    }
    let service = text[text.index(before: unknown.upperBound)..<end]
    return known.filter { $0.hasSuffix(service) }.sorted().map { text[..<unknown.lowerBound] + $0 + text[end...] }
  }

  /// With the port that was meant, where the service has been seen.
  private func withPort(_ text: String) -> String {
    guard let parsed = try? ServiceName(text, mode: discovery.mode),
      let cluster = discovery.clusters.first(where: {
        $0.observation.key == parsed.key && (discovery.mode == .single || $0.store.settings.id == parsed.cluster)
      })
    else { return text }
    let ports = cluster.observation.ports
    if ports.isEmpty || ports.contains(where: { $0.key == parsed.port }) { return text }
    let right = meant(parsed.port, of: cluster).ports
    return right.count == 1 ? text.dropLast(parsed.port.count) + right[0].key : text
  }

  private func unknownCluster(_ parsed: ServiceName, _ ids: [String]) -> Finding {
    let wanted = parsed.cluster ?? ""
    let near = nearest(wanted, among: ids)
    return Finding(
      ResolveRules.unknownCluster, "no cluster has the id \(wanted.isEmpty ? "\"\"" : wanted)",
      help: near.map { "did you mean \($0)/\(parsed.key):\(parsed.port)?" }
        ?? "the configured ids are: \(ids.joined(separator: ", "))")
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
    if let finding = port(parsed, cluster, prefix) { return finding }
    if seen.service?.type == "ExternalName" {
      return Finding(
        ResolveRules.externalName, "the Service \(parsed.key) is of type ExternalName and has no Endpoints",
        help: "use its external name as a node")
    }
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
    let isForeign = parts.count > 2 && discovery.mode == .single
    let told: (reason: String, help: String) =
      if isForeign {
        (
          ": with one cluster a name has no cluster id before the namespace",
          "write \(parts.suffix(2).joined(separator: "/")):\(parsed.port)"
        )
      } else if let first = near.first, parts == first.split(separator: "/").reversed() {
        ("; namespace and name are swapped", "write \(prefix)\(first):\(parsed.port)")
      } else if near.isEmpty {
        ("", "see what there is: kubectl get \(Self.many(kind).lowercased()) -A")
      } else {
        ("", "did you mean \(near.map { "\(prefix)\($0):\(parsed.port)" }.joined(separator: ", or "))?")
      }
    return Finding(
      ResolveRules.unknownService, "there is no \(isForeign ? "" : kind + " ")\(parsed.key)\(told.reason)",
      help: told.help)
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
        help: "mend the object's metadata")
    }
  }
}
