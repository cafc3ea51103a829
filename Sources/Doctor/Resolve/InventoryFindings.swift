public import APISIX
public import Findings
import Lint

extension DiscoveryUpstream {
  /// nil where it came from a server.
  public var file: String? { source.contains("://") ? nil : source }
}

extension UpstreamInventory {
  /// What there is to say of the upstreams themselves, whatever nodes they have. Call it after `finish`.
  /// - Parameter enabled: the registries of config.yaml; nil where that is not known.
  public func findings(enabled: Set<String>?) -> [Finding] {
    upstreams.compactMap(trafficSplit) + both + twice + registries(enabled) + upstreams.compactMap(unused)
  }

  private func trafficSplit(_ upstream: DiscoveryUpstream) -> Finding? {
    guard upstream.isInTrafficSplit else { return nil }
    return Finding(
      rule: .inlineTrafficSplit,
      message: "\(upstream.owner): traffic-split does not do service discovery for an inline upstream",
      file: upstream.file, help: "make it an upstream of its own and write upstream_id")
  }

  /// Objects with an upstream and an upstream_id.
  private var both: [Finding] {
    conflicts.map { owner, source, id in
      Finding(
        rule: .conflictingUpstreams,
        message: "\(owner) has an upstream and the upstream_id \(id); APISIX uses that of the id",
        file: source.contains("://") ? nil : source, help: "remove one of the two")
    }
  }

  /// The same object with other service names, in two sources.
  private var twice: [Finding] {
    Dictionary(grouping: upstreams.filter { $0.owner.hasPrefix("upstreams/") }, by: \.owner)
      .sorted { $0.key < $1.key }.compactMap { owner, all in
        guard let first = all.first, let other = all.first(where: { $0.serviceName != first.serviceName }) else {
          return nil
        }
        return Finding(
          rule: .conflictingUpstreams,
          message: "\(owner) is \(first.serviceName) in \(first.source), and \(other.serviceName) in \(other.source)",
          file: other.file, help: "which of the two does APISIX read? Mend the other")
      }
  }

  private func registries(_ enabled: Set<String>?) -> [Finding] {
    Dictionary(grouping: upstreams, by: \.discoveryType).sorted { $0.key < $1.key }.compactMap { type, users in
      let owners = users.prefix(3).map(\.owner).joined(separator: ", ") + (users.count > 3 ? " and others" : "")
      if let enabled, !enabled.contains(type) {
        return Finding(
          rule: .registryNotEnabled, severity: users.contains(where: \.isUsed) ? .error : .note,
          message:
            "\(owners): discovery \(type) is not enabled: config.yaml has only \(enabled.sorted().joined(separator: ", "))",
          file: users.first?.file, help: "add \(type) under discovery in config.yaml, or mend discovery_type")
      }
      guard type != "kubernetes" else { return nil }
      return Finding(
        rule: .otherRegistry,
        message: "\(users.count) upstream\(users.count == 1 ? "" : "s") with discovery_type \(type): not asked")
    }
  }

  private func unused(_ upstream: DiscoveryUpstream) -> Finding? {
    let name = "\(upstream.owner) (\(upstream.serviceName))"
    switch upstream.use {
    case .used: return nil
    case .unreferenced:
      let isManifest = upstream.owner.hasPrefix("ApisixUpstream")
      return Finding(
        rule: .unusedUpstream, message: "\(name) is used by no route", file: upstream.file,
        help: isManifest
          ? "delete it, or name it in an ApisixRoute: http[].upstreams[].name" : "delete it, or name it in a route")
    case .overridden(let winner):
      return Finding(
        rule: .unusedUpstream, message: "\(name) is not used: \(winner) comes first", file: upstream.file,
        help: "remove the one that is not meant")
    }
  }
}
