import APISIX
import Common
import Findings

enum ClusterID {
  static let rules = [ServiceNameForm.clusterMissing, ServiceNameForm.clusterExtra, ServiceNameForm.clusterUnknown]

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
        ServiceNameForm.clusterMissing, "'\(bare)' lacks the id of its cluster: discovery.kubernetes is a list",
        help: only.map { "write \($0)" } ?? "write one of \(ids.joined(separator: ", ")) in front: ID/\(bare)",
        fix: only.flatMap { field.replacing(with: $0) })
    }
    guard mode.multiple else {
      return field.finding(
        ServiceNameForm.clusterExtra, "'\(id)/\(bare)' has a cluster's id, and discovery.kubernetes is one cluster",
        help: "write \(bare)", fix: field.replacing(with: bare))
    }
    guard !mode.ids.contains(id), !ids.contains(where: \.isTemplated) else { return nil }
    let near = nearest(id, among: ids)
    return field.finding(
      ServiceNameForm.clusterUnknown, "no cluster has the id '\(id)'",
      help: near.map { "did you mean \($0)?" } ?? "ids in the config: \(ids.joined(separator: ", "))",
      fix: near.flatMap { field.replacing(with: "\($0)/\(bare)", safe: false) })
  }
}
