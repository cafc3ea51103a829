public import JSON

/// What a running APISIX holds, as its control API's `/v1/discovery/NAME/dump` says. The `config` in it holds
/// credentials in clear and is not kept.
public struct DiscoveryDump: Sendable {
  /// Nodes by service.
  public private(set) var services: [RegistryService: [UpstreamNode]]

  /// Nil when the document is no dump of this registry.
  public init?(_ document: JSONValue, of kind: RegistryKind) {
    guard let services = kind.model.dumped(document, kind) else { return nil }
    self.services = services
  }

  /// Of these services alone.
  public func only(_ wanted: Set<RegistryService>) -> DiscoveryDump {
    var dump = self
    dump.services = services.filter { wanted.contains($0.key) }
    return dump
  }

  /// One service, as APISIX holds it and as it should.
  public struct Difference: Sendable, Hashable {
    public enum State: String, Sendable {
      case equal
      /// Other nodes.
      case stale
      /// APISIX does not have it.
      case missing
      /// Only APISIX has it.
      case extra
    }

    public let service: RegistryService
    public let state: State
    /// How many there should be; nil for none.
    public let nodes: Int?
  }

  /// Compares with what there should be. Sorted by name.
  public func compared(
    with expected: some Sequence<(service: RegistryService, nodes: [UpstreamNode])>
  ) -> [Difference] {
    var differences: [Difference] = []
    var seen: Set<RegistryService> = []
    for (service, nodes) in expected {
      seen.insert(service)
      let state = services[service].map { Self.isSame($0, nodes) ? Difference.State.equal : .stale } ?? .missing
      differences.append(.init(service: service, state: state, nodes: nodes.count))
    }
    for service in services.keys where !seen.contains(service) {
      differences.append(.init(service: service, state: .extra, nodes: nil))
    }
    return differences.sorted { $0.service < $1.service }
  }

  /// By host, port and weight, in whatever order.
  public static func isSame(_ held: [UpstreamNode], _ wanted: [UpstreamNode]) -> Bool {
    held.count == wanted.count && Set(held.map(\.plain)) == Set(wanted.map(\.plain))
  }
}

extension RegistryModel {
  /// Consul, consul_kv and Eureka.
  static func dumped(_ document: JSONValue, _ kind: RegistryKind) -> [RegistryService: [UpstreamNode]]? {
    guard let services = document["services"] else { return nil }
    var found: [RegistryService: [UpstreamNode]] = [:]
    for service in services.object?.members ?? [] {
      guard let nodes = UpstreamNode.list(service.value) else { return nil }
      found[RegistryService(kind, service.key)] = nodes
    }
    return found
  }
}

extension UpstreamNode {
  /// Nil where it is no list. Lua writes an empty table as an object.
  public static func list(_ value: JSONValue) -> [UpstreamNode]? {
    if let object = value.object { return object.members.isEmpty ? [] : nil }
    return value.array?.map { node in
      UpstreamNode(host: node["host"], port: node["port"], weight: node["weight"] ?? 0)
    }
  }

  /// Without what only some registries give it.
  public var plain: UpstreamNode { UpstreamNode(host: host, port: port, weight: weight) }
}
