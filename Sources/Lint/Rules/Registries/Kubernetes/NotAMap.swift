import APISIX
import Findings

enum NotAMap {
  static let rule: Rule = """
    kubernetes/not-a-map (error, since 2.13.0): A section is not a map
    Checks: That `kubernetes`, `service` and `client` hold a map (`kubernetes` also a list of maps, one a cluster).
    Why: Anything else fails the schema: `object matches none of the required`.
    Example:
    discovery:
      kubernetes: in-cluster
    Fix: For a gateway inside the cluster, with all its defaults:
      discovery:
        kubernetes: {}
    """

  static func check(_ context: ConfigContext) -> [Finding] {
    guard let kubernetes = context[.kubernetes], !kubernetes.isOpen else { return [] }
    let clusters = context.clusters
    if clusters.isEmpty {
      return [
        kubernetes.finding(
          rule, "kubernetes is \(kubernetes.described); APISIX accepts a map, or a list of maps",
          help: "for a gateway inside the cluster write kubernetes: {}")
      ]
    }
    let items = clusters.map(\.setting).filter { !$0.isMapOrEmpty && !$0.isOpen }.map { item in
      item.finding(
        rule, "this cluster is \(item.described); APISIX accepts a map",
        help: "write it as a map: id, service with host and port, client with token_file")
    }
    return items
      + clusters.flatMap { [$0["service"], $0["client"]] }.compactMap { section in
        guard let section, !section.isMapOrEmpty, !section.isOpen else { return nil }
        return section.finding(
          rule, "\(section.key) is \(section.described); APISIX accepts a map",
          help: "write the keys of \(section.key) below it")
      }
  }
}
