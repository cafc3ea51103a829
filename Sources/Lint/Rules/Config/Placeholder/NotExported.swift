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
    zh: 在该版本中，nginx 不会传递这个变量
    Checks: 2.13.x 和 2.14.0：kubernetes 部分读取的每个变量都必须写在 `nginx_config.envs` 里。
    Why: nginx 会丢弃没有声明保留的环境变量。从 2.14.1 起，APISIX 会替你声明这些变量；在此之前，注册中心会报 `not \
    found environment variable`，用默认值时也一样。
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
