/// `discovery.kubernetes` as a whole: its clusters, and what `nodes(service_name)` would answer.
public struct KubernetesDiscovery: Sendable {
  public let mode: ServiceNameMode
  public let release: Release
  /// In the order of the configuration.
  public var clusters: [ClusterView]
  /// Two clusters have the same id: no process starts its discovery.
  public let hasDuplicateID: Bool

  /// - Parameters:
  ///   - clusters: one without an id, or those of a list, each with its own.
  ///   - serviceName: the only name that will be asked for; nil keeps what `interest` says.
  ///   - interest: what to keep when no name is given.
  ///   - appliesServerSelectors: see ClusterStore.
  public init(
    _ clusters: [ClusterSettings], serviceName: String? = nil, interest: ClusterStore.Interest = .everything,
    appliesServerSelectors: Bool = true
  ) {
    mode = clusters.contains { $0.id != nil } ? .multi : .single
    release = clusters.first?.release ?? .newest
    hasDuplicateID = Set(clusters.map(\.id)).count < clusters.count
    let name = serviceName.flatMap { [mode] in try? ServiceName($0, mode: mode) }
    self.clusters = clusters.map { settings in
      let key = name?.cluster == settings.id ? name?.key : nil
      let wanted = serviceName == nil ? interest : key.map { ClusterStore.Interest.key($0) } ?? .nothing
      let store = ClusterStore(settings, interest: wanted, appliesServerSelectors: appliesServerSelectors)
      var view = ClusterView(store, observing: key)
      if let fault = settings.tokenFault {
        view.refuse(
          fault, LuaError(.factory, 53, Words(.badConcatenation, "field 'token'", "nil")))
      }
      return view
    }
  }

  /// The place of a cluster in `clusters` by its id.
  public func index(of id: String) -> Int? { clusters.firstIndex { $0.store.settings.id == id } }

  /// What APISIX would answer. The name must be the one this was made for, if it was made for one.
  public func resolve(_ serviceName: String) -> Resolution {
    if hasDuplicateID {
      return Resolution(exception: LuaError(.initialiser, 105, Words(.idTwice)).words(in: release))
    }
    guard let name = try? ServiceName(serviceName, mode: mode) else {
      // An info line before 3.0; with a full-width space up to 3.16.
      if !release.has(.logsBadNames) { return Resolution() }
      return Resolution(log: [Words(.nameUnexpected, serviceName)])
    }
    guard let cluster = mode == .single ? clusters.first : name.cluster.flatMap(index(of:)).map({ clusters[$0] }) else {
      let second = release.has(.logsUnknownClusters) ? [Words(.dictUnresolved, serviceName)] : []
      return Resolution(log: [Words(.clusterUnknown)] + second)
    }
    let port = cluster.store.services[name.key]?.last { $0.key == name.port }
    return Resolution(nodes: port?.nodes, check: port.flatMap { NodeCheck.message($0.nodes) })
  }

  /// What listing and watching would log, cluster after cluster, each line once.
  public var log: [String] {
    if hasDuplicateID {
      let lines = [("init", 131), ("worker init", 105)]
      return lines.map {
        "\($0.0): " + LuaError(.initialiser, $0.1, Words(.idTwice)).words(in: release).text(in: release)
      }
    }
    var lines: [String] = []
    for line in clusters.flatMap({ $0.store.log.map { $0.logged(in: release) } }) where !lines.contains(line) {
      lines.append(line)
    }
    return lines
  }

  /// Every service name there is, with the number of its nodes, in order. Those too whose addresses are all not ready;
  /// and what has no address at all, which has no port either: `namespace/name`.
  /// For stores that keep everything or counts.
  public var services: [ServiceCount] {
    var counts: [ServiceCount] = []
    for cluster in clusters {
      let prefix = mode == .multi ? (cluster.store.settings.id ?? "") + "/" : ""
      for (key, ports) in cluster.store.services {
        let notReady = cluster.store.notReady[key] ?? [:]
        if ports.isEmpty, notReady.isEmpty {
          counts.append(.init(serviceName: "\(prefix)\(key)", nodes: nil, notReady: 0, isRefused: false))
        }
        for port in ports {
          counts.append(
            .init(
              serviceName: "\(prefix)\(key):\(port.key)", nodes: port.count, notReady: notReady[port.key] ?? 0,
              isRefused: port.isRefused))
        }
        for (port, count) in notReady where !ports.contains(where: { $0.key == port }) {
          counts.append(.init(serviceName: "\(prefix)\(key):\(port)", nodes: nil, notReady: count, isRefused: false))
        }
      }
    }
    return counts.sorted { $0.serviceName < $1.serviceName }
  }

  /// Every service name that APISIX has nodes of. For stores that keep everything.
  public var everything: [(service: RegistryService, nodes: [UpstreamNode])] {
    clusters.flatMap { cluster in
      let prefix = mode == .multi ? (cluster.store.settings.id ?? "") + "/" : ""
      return cluster.store.services.flatMap { key, ports in
        ports.map { (RegistryService(.kubernetes, "\(prefix)\(key):\($0.key)"), $0.nodes) }
      }
    }
  }

  /// A service name, and how many nodes it has.
  public struct ServiceCount: Sendable, Hashable {
    public let serviceName: String
    /// nil where APISIX would find nothing: no address is ready.
    public let nodes: Int?
    /// How many addresses would be nodes if they were ready.
    public let notReady: Int
    /// Whether APISIX would refuse all of them for the form of one.
    public let isRefused: Bool
  }
}
