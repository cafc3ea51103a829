import APISIX
import Findings

enum ClusterID {
  static let missing: Rule = """
    service-name/cluster-id-missing (error, since 3.0.0): With several clusters a service name needs the id of its \
    cluster
    Checks: Service names `namespace/name:port` when the config of the run has discovery.kubernetes as a list, even of \
    one item.
    Why: APISIX then wants id/namespace/name:port and logs `get unexpected upstream service_name`; requests get 503.
    Example:
    # config.yaml: discovery.kubernetes is a list with id: release
    service_name: default/plat-dev:http
    Fix: service_name: release/default/plat-dev:http
    """

  static let extra: Rule = """
    service-name/cluster-id-extra (error): With one cluster a service name has no id
    Checks: Service names `id/namespace/name:port` when the config of the run has discovery.kubernetes as an object.
    Why: APISIX takes id/namespace/name for the name of the Endpoints, which is never found: 503 `no valid upstream \
    node: nil` and no other line in the log.
    Example: service_name: release/default/plat-dev:http
    Fix: service_name: default/plat-dev:http
    """

  static let unknown: Rule = """
    service-name/cluster-id-unknown (error, since 3.0.0): No cluster has this id
    Checks: The id in `id/namespace/name:port` against the ids under discovery.kubernetes in the config of the run.
    Why: APISIX logs `id not exist`, and requests get 503.
    Example:
    # config.yaml: ids are release and debug
    service_name: relaese/default/plat-dev:http
    Fix: service_name: release/default/plat-dev:http
    """

  static let rules = [missing, extra, unknown]

  static func check(
    _ field: Field, _ name: ServiceName, _ mode: KubernetesServiceName.Mode
  ) -> Finding? {
    guard mode.known else { return nil }
    let bare = "\(name.key):\(name.port)"
    let ids = mode.ids.sorted()
    guard let id = name.cluster else {
      guard !mode.single else { return nil }
      let only = ids.count == 1 ? ids.first.map { "\($0)/\(bare)" } : nil
      return field.finding(
        missing, "'\(bare)' lacks the id of its cluster: discovery.kubernetes is a list",
        help: only.map { "write \($0)" } ?? "write one of \(ids.joined(separator: ", ")) in front: ID/\(bare)",
        fix: only.flatMap { field.replacing(with: $0) })
    }
    guard mode.multiple else {
      return field.finding(
        extra, "'\(id)/\(bare)' has a cluster's id, and discovery.kubernetes is one cluster",
        help: "write \(bare)", fix: field.replacing(with: bare))
    }
    guard !mode.ids.contains(id), !ids.contains(where: \.isTemplated) else { return nil }
    let near = nearest(id, among: ids)
    return field.finding(
      unknown, "no cluster has the id '\(id)'",
      help: near.map { "did you mean \($0)?" } ?? "ids in the config: \(ids.joined(separator: ", "))",
      fix: near.flatMap { field.replacing(with: "\($0)/\(bare)", safe: false) })
  }
}
