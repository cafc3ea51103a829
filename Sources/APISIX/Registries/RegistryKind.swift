/// The registries that come with APISIX.
public enum RegistryKind: String, Sendable, Hashable, CaseIterable {
  case kubernetes, nacos, consul
  case consulKV = "consul_kv"
  case eureka, dns, tars

  var model: any RegistryModel.Type {
    switch self {
    case .kubernetes: KubernetesModel.self
    case .nacos: NacosModel.self
    case .consul: ConsulModel.self
    case .consulKV: ConsulKVModel.self
    case .eureka: EurekaModel.self
    case .dns: DNSModel.self
    case .tars: TarsModel.self
    }
  }

  /// As it is spelled under `discovery` and in `discovery_type`.
  public var key: String { rawValue }
  /// `discovery.kubernetes`
  public var path: String { "discovery." + key }

  /// nil where no registry is spelled so, or the release does not have it.
  init?(_ key: some StringProtocol, in release: Release) {
    self.init(rawValue: String(key))
    guard isKnown(in: release) else { return nil }
  }

  /// The first release that has it; `Release.oldest` for those that were there before.
  public var since: Release { model.since?.since ?? .oldest }

  public func isKnown(in release: Release) -> Bool { model.since.map(release.has) ?? true }

  /// Its schema in a release, built anew; nil when that release does not have the registry.
  public func schema(in release: Release) -> Schema? { isKnown(in: release) ? model.schema(release) : nil }

  /// The keys of an upstream's `discovery_args` that it reads.
  public var arguments: [String] { model.arguments }

  /// The key of its list of servers' URLs; nil where it has none.
  public var servers: String? { model.servers }

  /// The ways to the credentials in its section.
  public var credentials: [[String]] { model.credentials }

  /// Whether an answer that cannot be read takes all services with it.
  public var losesAll: Bool { model.losesAll }

  /// Whether each worker of APISIX holds its services for itself.
  public func isPerWorker(in release: Release) -> Bool { model.isPerWorker(release) }
}
