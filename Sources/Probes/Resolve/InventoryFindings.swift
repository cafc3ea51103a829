import APISIX
import Common
import Findings
import SourceText

extension UpstreamInventory {
  /// What there is to say of the upstreams themselves, whatever nodes they have. Call it after `finish`.
  /// - Parameters:
  ///   - enabled: the registries of config.yaml; nil where that is not known.
  ///   - asked: the registries whose services were looked for.
  ///   - places: the files that the upstreams came from.
  func findings(enabled: Set<String>?, _ asked: [RegistryKind], _ places: inout UpstreamPlaces) -> [Finding] {
    let names = DiscoveryUpstream.nameKeys
    var found: [(Finding?, keys: [String], UpstreamOrigin)] = upstreams.map { (trafficSplit($0), names, $0.origin) }
    found += both.map { ($0, ["upstream_id"], $1) }
    found += twice.map { ($0, names, $1) }
    found += withoutType.map { ($0, names, $1) }
    found += registries(enabled, asked).map { ($0, ["discovery_type", "type"], $1) }
    found += upstreams.map { (unused($0), names, $0.origin) }
    return found.compactMap { finding, keys, origin in finding.map { places.place($0, at: keys, of: origin) } }
  }

  private func trafficSplit(_ upstream: DiscoveryUpstream) -> Finding? {
    guard upstream.isInTrafficSplit else { return nil }
    return Finding(
      InlineTrafficSplit.rule, "\(upstream.owner): \(InlineTrafficSplit.message)", help: InlineTrafficSplit.help)
  }

  /// Objects with an upstream and an upstream_id.
  private var both: [(Finding, UpstreamOrigin)] {
    conflicts.map { owner, origin, id in
      let finding = Finding(
        ResolveRules.conflictingUpstreams,
        "\(owner) has an upstream and the upstream_id \(id); APISIX uses that of the id", help: "remove one of the two")
      return (finding, origin)
    }
  }

  /// Objects that name a service and no registry.
  private var withoutType: [(Finding, UpstreamOrigin)] {
    typeless.map { owner, origin, hasNodes in
      let message = "\(owner): \(DiscoveryTypeMissing.message(isServed: hasNodes))"
      return (Finding(DiscoveryTypeMissing.rule, message, help: DiscoveryTypeMissing.help(hasNodes: hasNodes)), origin)
    }
  }

  /// The same object with other service names, in two sources.
  private var twice: [(Finding, UpstreamOrigin)] {
    Dictionary(grouping: upstreams.filter { $0.owner.hasPrefix("upstreams/") }, by: \.owner)
      .sorted { $0.key < $1.key }.compactMap { owner, all in
        guard let first = all.first, let other = all.first(where: { $0.serviceName != first.serviceName }) else {
          return nil
        }
        let finding = Finding(
          ResolveRules.conflictingUpstreams,
          "\(owner) is \(first.serviceName) in \(first.source), and \(other.serviceName) in \(other.source)",
          help: "which of the two does APISIX read? Correct the other")
        return (finding, other.origin)
      }
  }

  private func registries(_ enabled: Set<String>?, _ asked: [RegistryKind]) -> [(Finding, UpstreamOrigin)] {
    Dictionary(grouping: upstreams, by: \.discoveryType).sorted { $0.key < $1.key }.compactMap { type, users in
      guard let first = users.first else { return nil }
      let owners = users.prefix(3).map(\.owner).joined(separator: ", ") + (users.count > 3 ? " and others" : "")
      if let enabled, !enabled.contains(type) {
        let finding = Finding(
          DiscoveryTypeNotEnabled.rule,
          "\(owners): discovery \(type) is not enabled: "
            + "config.yaml has \(enabled.isEmpty ? "none" : "only \(enabled.sorted().joined(separator: ", "))")",
          help: "add \(type) under discovery in config.yaml, or correct discovery_type")
        return (finding, first.origin)
      }
      guard !(first.registry.map(asked.contains) ?? false) else { return nil }
      let isAskable = first.registry.map(RegistryResolver.kinds.contains) ?? false
      let finding = Finding(
        ResolveRules.otherRegistry, "\(counted(users.count, "upstream")) with discovery_type \(type): not asked",
        help: isAskable && enabled == nil
          ? "its servers stand in config.yaml: --config FILE"
          : first.registry == nil && enabled != nil
            ? "it is a module of one's own: gatecheck resolve NAME --registry \(Shell.quoted(type)) --control "
              + "http://127.0.0.1:9090 shows what the running APISIX holds" : nil)
      return (finding, first.origin)
    }
  }

  private func unused(_ upstream: DiscoveryUpstream) -> Finding? {
    let name = "\(upstream.owner) (\(upstream.serviceName))"
    switch upstream.use {
    case .used: return nil
    case .unreferenced:
      let isManifest = upstream.owner.hasPrefix("ApisixUpstream")
      return Finding(
        ResolveRules.unusedUpstream, "\(name) is used by no route",
        help: isManifest
          ? "delete it, or name it in an ApisixRoute: http[].upstreams[].name" : "delete it, or name it in a route")
    case .overridden(let winner):
      return Finding(
        ResolveRules.unusedUpstream, "\(name) is not used: \(winner) comes first",
        help: "remove the one that is not meant")
    }
  }
}

extension DiscoveryUpstream {
  /// The key of the service's name: in APISIX's own objects, and in an ApisixUpstream.
  static let nameKeys = ["service_name", "serviceName"]
}
