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
        help: "set watch_endpoint_slices: true, with APISIX 3.15 or newer")
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
}
