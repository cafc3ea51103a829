import APISIX
import Findings
import Inputs
import JSON
import Registries

extension ZooKeeperResolver {
  /// What etcd has of the name: whether apisix-seed wrote it, the same nodes, and whether APISIX takes it.
  func compare(_ name: String, _ answer: inout ResolveAnswer) {
    let isRefused = access.release.has(.refusesUnknownUpstreamKeys)
    guard let etcd else {
      guard isRefused, answer.nodes?.isEmpty == false else { return }
      answer.findings += Finding(
        ZooKeeperRules.refused, severity: .warning,
        "APISIX \(access.release) refuses what apisix-seed writes: 3.6 and newer know no _service_name",
        help: Self.mend)
      return
    }
    let source = EtcdSource(settings: etcd, access: access, context: context)
    if let password = etcd.password { answer.secrets.append(password.value) }
    let found = source.resources(context.http(traced: true))
    answer.findings += found.findings
    let upstreams = found.documents.compactMap { _, document -> SeedUpstream? in
      guard let key = document["key"]?.string, let value = document["value"] else { return nil }
      return SeedUpstream(key: key, value)
    }.filter { $0.serviceName == name }
    if upstreams.isEmpty, found.findings.isEmpty {
      answer.notices.append("no upstream in etcd has service_name \(name) with discovery_type zookeeper")
    }
    let rewritten = upstreams.filter(\.isRewritten)
    if isRefused, !rewritten.isEmpty {
      answer.findings += Finding(
        ZooKeeperRules.refused,
        "APISIX \(access.release) drops \(rewritten.prefix(5).map(\.owner).joined(separator: ", ")): apisix-seed wrote "
          + "_service_name and _discovery_type into \(rewritten.count == 1 ? "it" : "them")",
        help: Self.mend)
    }
    let nodes = answer.nodes
    for upstream in upstreams {
      guard upstream.isRewritten else {
        answer.findings += Finding(
          ZooKeeperRules.notWritten,
          "\(upstream.owner) in etcd still asks APISIX itself for zookeeper, which it has not",
          help: "start apisix-seed, or look at its log: are its etcd and prefix those of APISIX?")
        continue
      }
      let held = upstream.nodes ?? []
      if nodes == nil, !held.isEmpty {
        answer.notices.append(
          "\(upstream.owner) in etcd keeps \(held.prefix(5).map(\.address).joined(separator: ", "))")
      }
      if let nodes, Set(held.map(Self.compared)) != Set(nodes.map(Self.compared)) {
        let told = held.isEmpty ? "no nodes" : held.prefix(5).map(\.address).joined(separator: ", ")
        answer.findings += Finding(
          ZooKeeperRules.differs,
          "\(upstream.owner) in etcd has \(told); the znode has "
            + (nodes.isEmpty ? "none" : nodes.prefix(5).map(\.address).joined(separator: ", ")),
          help: "restart apisix-seed, and look at its log: fetch service, storer")
      }
    }
  }

  private static func compared(_ node: UpstreamNode) -> String { "\(node.address) \(node.weight.text())" }

  private static let mend =
    "write the nodes into the upstream without the two keys, or use a registry that APISIX has: nacos, consul, dns"
}
