import APISIX
import Findings

enum WatchSlices {
  static let inert: Rule = """
    kubernetes/watch-slices-inert (warning, since 3.9.0): watch_endpoint_slices does nothing in this release
    Checks: Whether `watch_endpoint_slices: true` is used with 3.9 to 3.13.
    Why: These releases accept the key, but ask a misspelt name for it: APISIX goes on watching Endpoints, and needs \
    the permission for endpoints.
    Example: watch_endpoint_slices: true
    Fix: Use 3.15 or newer, or remove the key and grant endpoints.
    """

  static let wrong: Rule = """
    kubernetes/watch-slices-wrong (error, since 3.14.0): watch_endpoint_slices gives wrong nodes in this release
    Checks: Whether `watch_endpoint_slices: true` is used with 3.14.
    Why: 3.14 reads the slices, but takes each node's host from a field that is not there and names the service after \
    the slice. No service resolves.
    Example: watch_endpoint_slices: true
    Fix: Use 3.15 or newer, or remove the key.
    """

  static let rules = [inert, wrong]

  static func check(_ cluster: KubernetesCluster) -> Finding? {
    guard let watch = cluster["watch_endpoint_slices"], watch.boolean == true,
      cluster.release.has(.slicesKey), !cluster.release.has(.readsSlices)
    else { return nil }
    let isInert = !cluster.release.has(.watchesSlices)
    return watch.finding(
      isInert ? inert : wrong,
      isInert
        ? "APISIX \(cluster.release) ignores watch_endpoint_slices and goes on watching Endpoints"
        : "APISIX \(cluster.release) computes wrong nodes from EndpointSlices", at: watch.keyNode,
      help: "use 3.15 or newer, or remove it")
  }
}
