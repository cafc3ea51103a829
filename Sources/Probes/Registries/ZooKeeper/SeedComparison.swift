import APISIX
import Findings
import Inputs
import JSON
import Registries

/// What etcd has of a name, beside the nodes of its znode: whether apisix-seed wrote it, the same nodes, and whether
/// APISIX takes it.
struct SeedComparison {
  private(set) var findings: [Finding] = []
  private(set) var notices: [String] = []
  private let name: String
  /// The objects that have the name.
  private var keys: Set<String> = []

  /// - Parameters:
  ///   - nodes: of the znode; nil where apisix-seed takes none from it.
  ///   - held: nil where no etcd is known.
  init(of name: String, _ nodes: [UpstreamNode]?, _ held: UpstreamDocuments?, _ release: Release) {
    self.name = name
    let isRefused = release.has(.refusesUnknownUpstreamKeys)
    guard let held else {
      guard isRefused, nodes?.isEmpty == false else { return }
      findings += Finding(
        ZooKeeperRules.refused, severity: .warning,
        "APISIX \(release) refuses what apisix-seed writes: "
          + "\(Feature.refusesUnknownUpstreamKeys.since.line) and newer know no _service_name", help: Self.mend)
      return
    }
    findings += held.findings
    let upstreams = held.documents.compactMap { _, document -> SeedUpstream? in
      guard let key = document["key"]?.string, let value = document["value"],
        let upstream = SeedUpstream(key: key, value), upstream.serviceName == name
      else { return nil }
      keys.insert(key)
      return upstream
    }
    if upstreams.isEmpty, held.findings.isEmpty {
      notices.append("no upstream in etcd has service_name \(name) with discovery_type zookeeper")
    }
    let rewritten = upstreams.filter(\.isRewritten)
    if isRefused, !rewritten.isEmpty {
      findings += Finding(
        ZooKeeperRules.refused,
        "APISIX \(release) drops \(rewritten.prefix(5).map(\.owner).joined(separator: ", ")): apisix-seed wrote "
          + "_service_name and _discovery_type into \(rewritten.count == 1 ? "it" : "them")", help: Self.mend)
    }
    for upstream in upstreams { compare(upstream, nodes) }
    if let nodes, findings.isEmpty, !upstreams.isEmpty {
      let owners = upstreams.prefix(5).map(\.owner).joined(separator: ", ")
      notices.append("etcd has the same \(counted(nodes.count, "node")) in \(owners)")
    }
  }

  private mutating func compare(_ upstream: SeedUpstream, _ nodes: [UpstreamNode]?) {
    guard upstream.isRewritten else {
      findings += Finding(
        ZooKeeperRules.notWritten,
        "\(upstream.owner) in etcd still asks APISIX itself for zookeeper, which it has not",
        help: "start apisix-seed, or look at its log: are its etcd and prefix those of APISIX?")
      return
    }
    let held = upstream.nodes ?? []
    if nodes == nil, !held.isEmpty { notices.append("\(upstream.owner) in etcd keeps \(Self.shown(held))") }
    if let nodes, Set(held.map(Self.compared)) != Set(nodes.map(Self.compared)) {
      findings += Finding(
        ZooKeeperRules.differs,
        "\(upstream.owner) in etcd has \(held.isEmpty ? "no nodes" : Self.shown(held)); the znode has "
          + (nodes.isEmpty ? "none" : Self.shown(nodes)),
        help: "restart apisix-seed, and look at its log: fetch service, storer")
    }
  }

  /// Whether a change in etcd may be one of it.
  func isTouched(by change: EtcdClient.Entry) -> Bool {
    let value = try? JSONValue.parse(change.value)
    return keys.contains(change.key) || !findings.isEmpty && keys.isEmpty
      || value.flatMap { SeedUpstream(key: change.key, $0) }?.serviceName == name
  }

  static func shown(_ nodes: [UpstreamNode]) -> String { nodes.prefix(5).map(\.address).joined(separator: ", ") }

  private static func compared(_ node: UpstreamNode) -> String { "\(node.address) \(node.weight.text())" }

  private static let mend =
    "write the nodes into the upstream without the two keys, or use a registry that APISIX has: nacos, consul, dns"
}
