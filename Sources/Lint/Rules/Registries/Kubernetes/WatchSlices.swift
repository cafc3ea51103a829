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
    zh: 在该版本中，watch_endpoint_slices 不起作用
    Checks: 在 3.9 到 3.13 中是否使用了 `watch_endpoint_slices: true`。
    Why: 这些版本接受这个键，但代码里读取的名称拼错了：APISIX 仍然 watch Endpoints，所需的也还是 endpoints 的权限。
    Fix: 使用 3.15 或更新的版本；或者删掉这个键，并授予 endpoints 的权限。
    """

  static let wrong: Rule = """
    kubernetes/watch-slices-wrong (error, since 3.14.0): watch_endpoint_slices gives wrong nodes in this release
    Checks: Whether `watch_endpoint_slices: true` is used with 3.14.
    Why: 3.14 reads the slices, but takes each node's host from a field that is not there and names the service after \
    the slice. No service resolves.
    Example: watch_endpoint_slices: true
    Fix: Use 3.15 or newer, or remove the key.
    zh: 在该版本中，watch_endpoint_slices 会得到错误的节点
    Checks: 在 3.14 中是否使用了 `watch_endpoint_slices: true`。
    Why: 3.14 会读取 EndpointSlice，但节点的 host 取自一个不存在的字段，服务名用的是 EndpointSlice 的名称。所有服务\
    都查不到。
    Fix: 使用 3.15 或更新的版本，或者删掉这个键。
    """

  static let rules = [inert, wrong]

  static let key = "watch_endpoint_slices"
  /// From here on it does what it says.
  static let isRight = Feature.readsSlices.since

  static func check(_ cluster: KubernetesCluster) -> Finding? {
    guard let watch = cluster[key], watch.boolean == true,
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
