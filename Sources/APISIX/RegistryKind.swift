/// The registries that come with APISIX, as their keys under `discovery` are spelled.
public enum RegistryKind: String, Sendable, Hashable, CaseIterable {
  case kubernetes, nacos, consul
  case consulKV = "consul_kv"
  case eureka, dns, tars

  /// The first release that has it; `Release.oldest` for those that were there before.
  public var since: Release {
    switch self {
    case .kubernetes, .nacos, .consulKV, .eureka, .dns: .oldest
    case .tars: Release(2, 14, 1)
    case .consul: Release(3, 1)
    }
  }

  /// Its schema in a release; nil when that release does not have the registry.
  public func schema(in release: Release) -> Schema? {
    guard release >= since else { return nil }
    return release == .newest ? Self.newest[self] : makeSchema(release)
  }

  /// Built once: a run over a thousand files asks for them thousands of times.
  private static let newest = Dictionary(uniqueKeysWithValues: allCases.map { ($0, $0.makeSchema(.newest)) })

  private func makeSchema(_ release: Release) -> Schema {
    switch self {
    case .kubernetes: KubernetesSchema.schema(release)
    case .nacos: RegistrySchemas.nacos(release)
    case .consul: RegistrySchemas.consul(release)
    case .consulKV: RegistrySchemas.consulKV(release)
    case .eureka: RegistrySchemas.eureka(release)
    case .dns: RegistrySchemas.dns(release)
    case .tars: RegistrySchemas.tars(release)
    }
  }
}
