import APISIX
import Findings

enum TokenFileReadOnce {
  static let rule: Rule = """
    kubernetes/token-file-read-once (warning, since 2.13.0): This release reads the token file once, and Kubernetes \
    renews it
    Checks: Before 3.13: whether the token comes from a file below /var/run/secrets, which is also the default.
    Why: Kubernetes replaces the token of a pod about every hour, and the old one ends within a year, on many clusters \
    within hours. Before 3.13 APISIX reads the file once when it starts; later the API server answers 401.
    Example:
    client:
      token_file: /var/run/secrets/kubernetes.io/serviceaccount/token
    Fix: Use 3.13 or newer, or a token that does not expire: gatecheck rbac generate
    zh: 该版本只读取一次 token 文件，而 Kubernetes 会定期更换它
    Checks: 3.13 以前：token 是否来自 /var/run/secrets 下的文件（默认就是）。
    Why: Kubernetes 大约每小时更换一次 Pod 的 token；旧 token 一年之内就会失效，在很多集群里几个小时之内就失效。\
    3.13 以前，APISIX 只在启动时读取一次文件；旧 token 失效后，API Server 返回 401。
    Fix: 升级到 3.13 或更新的版本，或者使用不会过期的 token：`gatecheck rbac generate`
    """

  private static let renewed = ["/var/run/secrets/", "/run/secrets/kubernetes.io/"]

  /// Whether Kubernetes renews what the setting names.
  static func isRenewed(_ path: Setting) -> Bool {
    renewed.contains { path.string?.hasPrefix($0) ?? false }
  }

  static func check(_ cluster: KubernetesCluster) -> Finding? {
    guard !cluster.release.has(.rereadsTokenFile), cluster["client", "token"] == nil else { return nil }
    let setting = cluster["client", "token_file"]
    guard setting.map(isRenewed) ?? !cluster.isItem else { return nil }
    return (setting ?? cluster.setting).finding(
      rule,
      "APISIX \(cluster.release) reads the pod's token once; Kubernetes renews it, and 401 follows",
      at: setting == nil ? cluster.setting.keyNode : nil,
      help: "use 3.13 or newer, or a token that does not expire")
  }
}
