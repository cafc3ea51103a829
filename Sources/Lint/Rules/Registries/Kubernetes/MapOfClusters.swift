import APISIX
import Findings

enum MapOfClusters {
  static let rule: Rule = """
    kubernetes/map-of-clusters (error, since 2.13.0): Clusters are keyed by their names
    Checks: Whether `kubernetes` is a map whose keys are names of clusters.
    Why: APISIX knows one cluster as a map, or several as a list. The names are unknown keys to it: it ignores them \
    all and asks one cluster, with the defaults of a pod.
    Example:
    kubernetes:
      prod:
        service: {host: prod.example.org, port: "6443"}
    Fix: kubernetes:
      - id: prod
        service: {host: prod.example.org, port: "6443"}
        client: {token_file: /etc/apisix/prod}
    """

  /// The names of the clusters where a map is keyed by them.
  static func names(_ kubernetes: Setting) -> [String]? {
    guard kubernetes.items == nil, !kubernetes.keys.isEmpty else { return nil }
    let own = ["service", "client", "namespace_selector", "label_selector"]
    let isMap = kubernetes.keys.allSatisfy { key in
      !own.contains(key.name) && own.contains { key.setting?[$0] != nil }
    }
    return isMap ? kubernetes.keys.map(\.name) : nil
  }

  static func check(_ context: ConfigContext) -> Finding? {
    guard let kubernetes = context[.kubernetes], let names = names(kubernetes) else { return nil }
    return kubernetes.finding(
      rule,
      "APISIX reads no cluster out of \(names.joined(separator: ", ")); it asks the pod's own, with all defaults",
      at: kubernetes.keys[0].node,
      help: "write a list, each with id: \(names[0].lowercased().filter { $0.isLetter || $0.isNumber }) and so on")
  }
}
