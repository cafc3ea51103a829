import APISIX
import Findings

extension Rule {
  static let portVariableURL = Rule(
    id: "kubernetes/port-variable-is-url", severity: .warning,
    summary: "The variable holds no port but a whole address",
    checks: "That `service.port` is not `${KUBERNETES_PORT}` or `${KUBERNETES_PORT_443_TCP}`.",
    why: """
      Kubernetes sets these two to `tcp://10.96.0.1:443`. APISIX then fails with `invalid port value: nil`, and every \
      service of the registry answers 503.
      """,
    example: """
      port: ${KUBERNETES_PORT}
      """,
    fix: """
      port: ${KUBERNETES_SERVICE_PORT}
      """,
    since: "2.13.0")

  static let variableNotExported = Rule(
    id: "placeholder/not-exported", severity: .warning,
    summary: "nginx does not pass this variable on in this release",
    checks: """
      For 2.13.x and 2.14.0: that every variable which the kubernetes section reads stands in `nginx_config.envs`.
      """,
    why: """
      nginx drops its environment but for what it is told to keep. Since 2.14.1 APISIX tells it of these variables; \
      before, the registry fails with `not found environment variable`, also for its defaults.
      """,
    example: """
      discovery:
        kubernetes: {}
      """,
    fix: """
      nginx_config:
        envs: [KUBERNETES_SERVICE_HOST, KUBERNETES_SERVICE_PORT]
      discovery:
        kubernetes: {}
      """,
    since: "2.13.0")
}

enum ServiceVariables {
  static func check(_ cluster: KubernetesCluster, _ context: ConfigContext) -> [Finding] {
    var findings: [Finding] = []
    if let port = cluster["service", "port"], let name = port.string.flatMap(Placeholder.name(ofWhole:)),
      name == "KUBERNETES_PORT" || name == "KUBERNETES_PORT_443_TCP"
    {
      findings.append(
        cluster.file.finding(
          .portVariableURL, "Kubernetes sets \(name) to a whole address, tcp://…, not to a port", at: port.node,
          path: port.path, help: "use ${KUBERNETES_SERVICE_PORT}",
          fix: cluster.file.rewrite(port, with: "${KUBERNETES_SERVICE_PORT}")))
    }
    return findings + notExported(cluster, context)
  }

  private static func notExported(_ cluster: KubernetesCluster, _ context: ConfigContext) -> [Finding] {
    guard !cluster.release.has(.exportsVariables) else { return [] }
    let kept = (context.verdict.root?["nginx_config"]?["envs"]?.table?.entries ?? []).compactMap { entry in
      entry.value.string.map { String($0.prefix { $0 != "=" }) }
    }
    let fallbacks = ["host": "KUBERNETES_SERVICE_HOST", "port": "KUBERNETES_SERVICE_PORT"]
    return [["service", "host"], ["service", "port"], ["client", "token"], ["client", "token_file"]]
      .compactMap { keys in
        let setting = cluster[keys]
        let name = setting.map { $0.string.flatMap(Placeholder.name(ofWhole:)) } ?? fallbacks[keys[1]]
        guard let name, !kept.contains(name) else { return nil }
        return cluster.file.finding(
          .variableNotExported, "nginx does not pass \(name) on to APISIX \(cluster.release)",
          at: setting?.node ?? cluster.setting.keyNode ?? cluster.setting.node, path: setting?.path ?? cluster.path,
          help: "add it to nginx_config.envs, or use 2.14.1 or newer")
      }
  }
}
