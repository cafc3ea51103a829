import APISIX
import Findings

extension Diagnosis {
  /// What is to be known of a service beside whether it has nodes.
  func hints(_ cluster: ClusterView) -> [Finding] {
    var findings: [Finding] = []
    if cluster.observation.isOverCapacity {
      findings += Finding(
        ResolveRules.overCapacity,
        cluster.observation.isTruncated
          ? "Kubernetes cut these Endpoints off at 1000 addresses"
          : "these Endpoints have over 1000 addresses; Kubernetes 1.22 and newer cuts off the rest",
        help: takeOther(cluster.store.settings))
    }
    if let parsed = try? ServiceName(name, mode: discovery.mode), resolution.nodes != nil,
      cluster.store.unlisted.contains(parsed.key), let finding = Self.unlisted(parsed, discovery.release)
    {
      findings.append(finding)
    }
    if cluster.store.settings.kind == "EndpointSlice", cluster.observation.readyUnsaid > 0 {
      let count = cluster.observation.readyUnsaid
      findings += Finding(
        ResolveRules.readyUnsaid,
        "\(count) endpoint\(count == 1 ? " does" : "s do") not say whether ready; "
          + "APISIX leaves \(count == 1 ? "it" : "them") out", help: "write conditions: {ready: true} in the slice")
    }
    if let finding = bothFamilies(cluster) ?? unseenFamily(cluster) { findings.append(finding) }
    return findings
  }
  static func unlisted(_ parsed: ServiceName, _ release: Release) -> Finding? {
    stays(in: release).map {
      Finding(ResolveRules.unlisted, "\(parsed.key) is not in the last list, and is served on", help: $0)
    }
  }

  /// What helps where a release keeps what has vanished; nil for one that does not.
  static func stays(in release: Release) -> String? {
    guard !release.has(.dropsUnlisted) else { return nil }
    return
      "APISIX \(release) never removes what a list no longer holds or a new selector leaves out, nor does a reload: "
      + "stop and start it, or use \(Feature.dropsUnlisted.since.line) or newer"
  }

  /// 3.14 reads slices wrongly, whatever is in them.
  func misread(_ parsed: ServiceName, _ cluster: ClusterView) -> Finding? {
    let settings = cluster.store.settings
    guard settings.source == .slicesMisread, cluster.observation.isSeen || resolution.nodes != nil else { return nil }
    let what =
      resolution.nodes == nil
      ? "knows no service \(parsed.key): it takes each EndpointSlice for a service of its own, without hosts"
      : "takes the EndpointSlice \(parsed.key) for a service, and its nodes have no host"
    return Finding(
      ResolveRules.slicesMisread, "APISIX \(discovery.release) \(what)",
      at: settings.cluster?.place("watch_endpoint_slices"),
      help: "use \(Feature.readsSlices.since.line) or newer, or take watch_endpoint_slices out of config.yaml")
  }
}
