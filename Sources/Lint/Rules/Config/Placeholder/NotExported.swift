import APISIX
import Findings

enum NotExported {
  static let rule: Rule = """
    placeholder/not-exported (warning, since 2.13.0): nginx does not pass this variable on in this release
    Checks: For 2.13.x and 2.14.0: that every variable which the kubernetes section reads stands in `nginx_config.envs`.
    Why: nginx drops its environment but for what it is told to keep. Since 2.14.1 APISIX tells it of these variables; \
    before, the registry fails with `not found environment variable`, also for its defaults.
    Example:
    discovery:
      kubernetes: {}
    Fix: nginx_config:
      envs: [KUBERNETES_SERVICE_HOST, KUBERNETES_SERVICE_PORT]
    discovery:
      kubernetes: {}
    """

  static func check(_ cluster: KubernetesCluster) -> [Finding] {
    guard !cluster.release.has(.exportsVariables) else { return [] }
    let kept = (cluster.context.verdict.root?["nginx_config"]?["envs"]?.table?.entries ?? []).compactMap { entry in
      entry.value.string.map { String($0.prefix { $0 != "=" }) }
    }
    let fallbacks = ["host": "KUBERNETES_SERVICE_HOST", "port": "KUBERNETES_SERVICE_PORT"]
    return KubernetesCluster.variables.compactMap { keys in
      let setting = cluster[keys]
      let name = setting.map { $0.string.flatMap(Placeholder.accepted) } ?? fallbacks[keys[1]]
      guard let name, !kept.contains(name) else { return nil }
      return (setting ?? cluster.setting).finding(
        rule, "nginx does not pass \(name) on to APISIX \(cluster.release)",
        at: setting == nil ? cluster.setting.keyNode : nil, help: "add it to nginx_config.envs, or use 2.14.1 or newer")
    }
  }
}
