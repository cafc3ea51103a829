/// The registries that come with APISIX, as their keys under `discovery` are spelled.
public enum RegistryKind: String, Sendable, Hashable, CaseIterable {
  case kubernetes, nacos, consul
  case consulKV = "consul_kv"
  case eureka, dns, tars

  /// The first release that has it; `Release.oldest` for those that were there before.
  public var since: Release {
    switch self {
    case .kubernetes, .nacos, .consulKV, .eureka, .dns: .oldest
    case .tars: Feature.tars.since
    case .consul: Feature.consul.since
    }
  }

  /// Its schema in a release, built anew; nil when that release does not have the registry.
  public func schema(in release: Release) -> Schema? {
    guard release >= since else { return nil }
    return switch self {
    case .kubernetes: KubernetesSchema.schema(release)
    case .nacos: NacosSchema.schema(release)
    case .consul: ConsulSchema.schema(release)
    case .consulKV: ConsulKVSchema.schema(release)
    case .eureka: EurekaSchema.schema(release)
    case .dns: DNSSchema.schema(release)
    case .tars: TarsSchema.schema(release)
    }
  }
}
