public import JSON

/// What a running APISIX holds, as its control API's `/v1/discovery/kubernetes/dump` says. The `config` in it holds a
/// token in clear and is not kept.
public struct DiscoveryDump: Sendable {
  /// Nodes by service name.
  public let services: [String: [UpstreamNode]]

  /// Nil when the document is no such dump.
  public init?(_ document: JSONValue) {
    guard let clusters = document["endpoints"], document["config"] != nil || clusters.array != nil else { return nil }
    var services: [String: [UpstreamNode]] = [:]
    for cluster in clusters.array ?? [] {
      let prefix = cluster["id"]?.string.map { $0 + "/" } ?? ""
      for endpoint in cluster["endpoints"]?.array ?? [] {
        guard let name = endpoint["name"]?.string, let text = endpoint["value"]?.string,
          let ports = try? JSONValue.parse(text)
        else { continue }
        for port in ports.object?.members ?? [] {
          // Lua writes an empty table as an object.
          services["\(prefix)\(name):\(port.key)"] = (port.value.array ?? []).map { node in
            UpstreamNode(host: node["host"], port: node["port"], weight: node["weight"]?.number ?? 0)
          }
        }
      }
    }
    self.services = services
  }

  /// One service name, as APISIX holds it and as it should.
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

    public let serviceName: String
    public let state: State
    /// How many there should be; nil for none.
    public let nodes: Int?
  }

  /// Compares with what `expected`, which holds everything, would give. Sorted by name.
  public func compared(with expected: KubernetesDiscovery) -> [Difference] {
    var differences: [Difference] = []
    var seen: Set<String> = []
    for cluster in expected.clusters {
      let prefix = expected.mode == .multi ? (cluster.store.settings.id ?? "") + "/" : ""
      for (key, ports) in cluster.store.services {
        for port in ports {
          let name = "\(prefix)\(key):\(port.key)"
          seen.insert(name)
          let state: Difference.State =
            services[name].map { Set($0) == Set(port.nodes) && $0.count == port.nodes.count ? .equal : .stale }
            ?? .missing
          differences.append(.init(serviceName: name, state: state, nodes: port.count))
        }
      }
    }
    for name in services.keys where !seen.contains(name) {
      differences.append(.init(serviceName: name, state: .extra, nodes: nil))
    }
    return differences.sorted { $0.serviceName < $1.serviceName }
  }
}
