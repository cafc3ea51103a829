import APISIX
import Findings
import SourceText

enum UnknownCluster {
  static let rule: Rule = """
    log/unknown-cluster (error, since 2.99.0): A service_name begins with the id of no cluster
    Checks: `id not exist`, `failed to resolve endpoint dict for service`.
    Why: With several clusters the text before the first slash is the id of one of discovery.kubernetes.
    Example: failed to resolve endpoint dict for service: c2/shop/web:http
    Fix: Write the id of a cluster that config.yaml has.
    zh: service_name 开头的 id 不属于任何集群
    Checks: `id not exist`、`failed to resolve endpoint dict for service`。
    Why: 多集群时，第一个斜杠之前的内容是 discovery.kubernetes 中某个集群的 id。
    Fix: 改成 config.yaml 里有的集群 id。
    """

  static let check = LogCheck(rule, .clusterUnknown, .dictUnresolved) {
    let name = $0.said(.dictUnresolved)?[.name].map { shown($0) }
    // So short a text is a plugin's as well.
    guard name != nil || ["init.lua", "core.lua"].contains(where: $0.file.hasSuffix) else { return nil }
    return Explanation(
      rule,
      name.map { "service_name \($0) begins with the id of no cluster" }
        ?? "a service_name begins with the id of no cluster",
      help: help(), .request(.kubernetes),
      values: name.map { [(.service, $0)] } ?? [])
  }

  /// - Parameter ids: of the clusters, where they are known.
  static func help(_ ids: [String] = []) -> String {
    let id =
      ids.isEmpty ? "the id of one of the clusters of discovery.kubernetes" : "one of \(ids.joined(separator: ", "))"
    return "write \(id) before the first slash"
  }
}
