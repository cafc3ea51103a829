import APISIX
import Findings
import Kubernetes

/// The service in the kind of object that APISIX does not read, and in the IP family that it does not see.
extension Diagnosis {
  private func other(than kind: String) -> String { kind == "Endpoints" ? "EndpointSlice" : "Endpoints" }

  static func many(_ kind: String) -> String { kind == "Endpoints" ? kind : kind + "s" }

  /// The way to the kind that is not read.
  func takeOther(_ settings: ClusterSettings) -> String {
    guard settings.kind == "Endpoints" else { return "take watch_endpoint_slices out of config.yaml" }
    let since = Feature.readsSlices.since.line
    return settings.wantsSlices
      ? "use APISIX \(since) or newer: \(settings.release) takes no notice of watch_endpoint_slices"
      : "set watch_endpoint_slices: true, with APISIX \(since) or newer"
  }

  /// There is nothing of the kind that APISIX reads.
  func otherKind(_ parsed: ServiceName, _ cluster: ClusterView) -> Finding {
    let kind = cluster.store.settings.kind
    let families = cluster.observation.otherFamilies
    let family = families.count == 1 && families[.ipv6] != nil ? ", with IPv6 addresses" : ""
    return Finding(
      ResolveRules.otherKind, "\(parsed.key) is there as \(other(than: kind)) only\(family); APISIX reads \(kind)",
      help: takeOther(cluster.store.settings))
  }

  /// There is no address where APISIX reads, and some where it does not.
  func elsewhere(_ parsed: ServiceName, _ cluster: ClusterView) -> Finding? {
    let seen = cluster.observation
    let kind = cluster.store.settings.kind
    guard seen.families.isEmpty, !seen.otherFamilies.isEmpty else { return nil }
    let own = seen.service?.families.first ?? .ipv4
    if kind == "Endpoints", seen.otherFamilies[own] == nil {
      return Finding(
        ResolveRules.dualStack, severity: .error,
        "\(parsed.key) has \(told(seen.otherFamilies)) only; Endpoints hold the Service's first family, "
          + own.rawValue,
        help: takeOther(cluster.store.settings) + "; or put that family first in the Service's ipFamilies")
    }
    return Finding(
      ResolveRules.otherKind,
      "the \(Self.many(kind)) of \(parsed.key) are empty, but not its \(Self.many(other(than: kind))) "
        + "(\(told(seen.otherFamilies))); APISIX reads \(Self.many(kind))",
      help: takeOther(cluster.store.settings))
  }

  /// Slices that say of no service that they are its own, though they are called as its slices would be.
  func unlabelled(_ parsed: ServiceName, _ cluster: ClusterView) -> Finding? {
    guard cluster.store.settings.source == .slices, let (namespace, service) = parsed.parts,
      let slice = cluster.observation.unlabelled.min()
    else { return nil }
    return Finding(
      ResolveRules.sliceWithoutService,
      "the EndpointSlice \(namespace)/\(slice) lacks the label kubernetes.io/service-name, and is nobody's",
      help: "kubectl -n \(namespace) label endpointslice \(slice) kubernetes.io/service-name=\(service)")
  }

  /// A Service without a selector whose addresses were written for another namespace.
  func stray(_ parsed: ServiceName, _ cluster: ClusterView) -> Finding? {
    let seen = cluster.observation
    let stray = seen.strays.min { ($0.namespace ?? "", $0.kind, $0.name) < ($1.namespace ?? "", $1.kind, $1.name) }
    guard let service = seen.service, !service.hasSelector, let stray, let parts = parsed.parts else { return nil }
    let settings = cluster.store.settings
    let move = "write namespace: \(YAMLScalar.written(parts.namespace)) into it"
    let place = stray.namespace.map { "lies in namespace \($0)" } ?? "has no namespace"
    return Finding(
      ResolveRules.noReadyAddress,
      "the \(service.words) \(parsed.key) is there, but has no \(settings.kind); the \(stray.kind) \(stray.name), "
        + "which names it, \(place)",
      help: stray.kind == settings.kind ? move : "\(move), and \(takeOther(settings))")
  }

  /// Slices come one for each family, and APISIX takes both.
  func bothFamilies(_ cluster: ClusterView) -> Finding? {
    guard cluster.store.settings.source == .slices else { return nil }
    var counts: [AddressFamily: Int] = [:]
    for family in (resolution.nodes ?? []).compactMap(\.family) { counts[family, default: 0] += 1 }
    guard counts.count > 1 else { return nil }
    return Finding(
      ResolveRules.dualStack, "the nodes of \(name) are \(told(counts)): a pod with both is there twice",
      help: "a gateway without a route for one family fails on half of the requests: give it both, or set "
        + "ipFamilyPolicy: SingleStack in the Service")
  }

  /// Endpoints hold the first family only. Said where the slices are known too.
  func unseenFamily(_ cluster: ClusterView) -> Finding? {
    let seen = cluster.observation
    guard cluster.store.settings.source == .endpoints, seen.hidden == nil else { return nil }
    let unseen = seen.otherFamilies.filter { seen.families[$0.key] == nil }
    guard !unseen.isEmpty, !seen.families.isEmpty else { return nil }
    return Finding(
      ResolveRules.dualStack, severity: .note,
      "\(seen.key ?? name) has \(told(unseen)) too, which APISIX does not see: Endpoints hold one family",
      help: "for both: \(takeOther(cluster.store.settings)), and routes for both")
  }

  /// As `2 IPv4 and 1 IPv6 address`.
  private func told(_ counts: [AddressFamily: Int]) -> String {
    let parts = AddressFamily.allCases.compactMap { family in counts[family].map { "\($0) \(family.rawValue)" } }
    let last = AddressFamily.allCases.last { counts[$0] != nil }
    return parts.joined(separator: " and ") + " address" + (last.flatMap { counts[$0] } == 1 ? "" : "es")
  }
}

extension Diagnosis {
  /// What an input holds that says nothing of any service; an error where it holds nothing else.
  static func passedOver(_ cluster: ClusterView) -> Finding? {
    let kinds = cluster.unknownKinds.sorted { $0.key < $1.key }
    guard !kinds.isEmpty else { return nil }
    func told(_ kind: String) -> String { kind.isEmpty ? "without a kind" : "of kind \(kind)" }
    let total = kinds.reduce(0) { $0 + $1.value }
    let list = kinds.prefix(3).map { "\($0.value) \(told($0.key))" }.joined(separator: ", ")
    let which = kinds.count == 1 ? told(kinds[0].key) : "(\(list)\(kinds.count > 3 ? " and others" : ""))"
    return Finding(
      ResolveRules.badDocument, severity: cluster.hasKnownObjects ? .note : .error,
      "\(counted(total, "object")) \(which) \(total == 1 ? "is" : "are") passed over: "
        + "neither Endpoints nor EndpointSlices",
      help: "kubectl get \(many(cluster.store.settings.kind).lowercased()) -A -o json")
  }
}
