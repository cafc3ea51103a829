import APISIX
import Findings

/// What differences between a running APISIX and its registry point to.
struct Comparison {
  let registry: RegistryKind
  /// That of the running APISIX, as far as it was said.
  let release: Release

  private var source: String { registry == .kubernetes ? "the API server" : registry.key }

  func findings(
    _ differences: [DiscoveryDump.Difference], total: Int, isEmpty: Bool = false
  ) -> [Finding] {
    let names = Dictionary(grouping: differences, by: \.state)
    func list(_ state: DiscoveryDump.Difference.State) -> [String] { names[state]?.map(\.service.text) ?? [] }
    let (missing, stale, extra) = (list(.missing), list(.stale), list(.extra))
    guard !(missing.isEmpty && stale.isEmpty && extra.isEmpty) else { return [] }
    let counts = [("missing", missing), ("stale", stale), ("extra", extra)].filter { !$0.1.isEmpty }
      .map { "\($0.1.count) \($0.0)" }.joined(separator: ", ")
    if isEmpty {
      return [
        Finding(
          ResolveRules.differs,
          "the running APISIX holds nothing at all\(told); \(source) gives \(counted(missing.count, "service name"))",
          help: emptyHelp)
      ]
    }
    let first = (missing + stale + extra).prefix(3).joined(separator: ", ")
    return [
      Finding(
        ResolveRules.differs, "the running APISIX differs from \(source): \(counts) (\(first))",
        help: help(missing, stale, extra, total))
    ]
  }

  /// Of which registry, where there may be others beside it.
  private var told: String { registry == .kubernetes ? "" : " of \(registry.key)" }

  private var emptyHelp: String {
    registry == .kubernetes
      ? "its first list never came: error.log says why; to try the same: gatecheck token verify --config config.yaml"
      : "its first answer never came: error.log says why; to try the same: "
        + "gatecheck registry verify --registry \(registry.key) --config config.yaml"
  }

  /// One name.
  /// - Parameters:
  ///   - held: what APISIX has of it; nil for nothing.
  ///   - wanted: what the API server gives.
  ///   - isEmpty: APISIX has nothing of any name.
  func finding(
    _ name: String, _ held: [UpstreamNode]?, _ wanted: [UpstreamNode]?, isEmpty: Bool
  ) -> Finding {
    func list(_ nodes: [UpstreamNode], without others: [UpstreamNode]) -> String {
      let left = nodes.map(\.plain).filter { !others.map(\.plain).contains($0) }
      return left.prefix(5).map(\.address).joined(separator: ", ") + (left.count > 5 ? " and others" : "")
    }
    guard let held else {
      return Finding(
        ResolveRules.differs,
        "the running APISIX has no nodes of \(name), and "
          + (isEmpty ? "holds nothing at all\(told)" : "\(source) gives \(wanted?.count ?? 0)"),
        help: isEmpty ? emptyHelp : help([name], [], [], 0))
    }
    let lacks = list(wanted ?? [], without: held)
    let keeps = list(held, without: wanted ?? [])
    let told = [
      lacks.isEmpty ? nil : "lacks \(lacks)", keeps.isEmpty ? nil : "has \(keeps), which \(source) does not give",
    ]
    let text = told.compactMap { $0 }.joined(separator: " and ")
    return Finding(
      ResolveRules.differs, "the running APISIX \(text.isEmpty ? "has other nodes" : text): \(name)",
      help: help([], wanted == nil ? [] : [name], wanted == nil ? [name] : [], 0))
  }

  private func help(_ missing: [String], _ stale: [String], _ extra: [String], _ total: Int) -> String {
    guard registry == .kubernetes else {
      let worker =
        registry.isPerWorker(in: release)
        ? "; each worker of APISIX \(release) has its own, and the control API shows that of one" : ""
      return "APISIX asks \(registry.key) anew every few seconds (fetch_interval, or a blocking query of Consul): ask "
        + "again after that time; if it stays so, error.log says what keeps it from asking\(worker)"
    }
    let help: String
    if !extra.isEmpty, let stays = Diagnosis.stays(in: release) {
      help = missing.isEmpty ? stays : "\(stays); missing ones: compare the selectors, and look at error.log"
    } else if !missing.isEmpty, stale.isEmpty, extra.isEmpty {
      help =
        total > 120
        ? "a page after the first failed, or the shared dict is full: look for `no memory` in error.log, raise "
          + "shared_size, reload APISIX"
          + (total > 512 ? "; before 3.14 a dump itself ends at 1024 keys, two a service" : "")
        : "other selectors in the running configuration, or a list that broke off: compare config.yaml, reload APISIX"
    } else if !stale.isEmpty || !extra.isEmpty, missing.isEmpty {
      help =
        "the watch is dead or late: ask again in a few seconds, then reload APISIX and look at error.log"
        + (extra.isEmpty
          ? "" : "; before \(Feature.dropsUnlisted.since.line) stop and start it, a reload keeps extra ones")
    } else {
      help = "APISIX asks another cluster, or its watch is dead: compare config.yaml, then reload APISIX"
    }
    return help
  }
}
