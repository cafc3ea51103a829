import YAML

/// The signs of the values of APISIX's Helm charts, which share sections with config.yaml and most keys with others.
enum HelmSigns {
  /// Keys that many charts have.
  static let common: Set = [
    "image", "replicaCount", "gateway", "dashboard", "serviceAccount", "rbac", "podAnnotations", "podSecurityContext",
    "nodeSelector", "tolerations", "affinity", "autoscaling", "fullnameOverride", "nameOverride", "global",
    "hostNetwork", "timezone", "extraEnvVars", "updateStrategy", "podDisruptionBudget", "resources", "initContainer",
    "serviceMonitor", "securityContext", "extraVolumes", "extraVolumeMounts", "imagePullSecrets", "allow", "admin",
  ]
  /// Keys that APISIX's alone have.
  static let own: Set = [
    "ingress-controller", "ingressController", "externalEtcd", "useDaemonSet", "dataPlane", "controlPlane",
    "pluginAttrs", "extPlugin", "wasmPlugins", "apisixConfig", "apisix-dashboard", "apisix-ingress-controller",
  ]

  /// - Parameter isNamedValues: whether the file is called as a chart's values are.
  static func areShown(by document: Tree.ID, in tree: Tree, isNamedValues: Bool) -> Bool {
    let keys = (tree.pairs(document) ?? []).prefix(200).compactMap { tree.scalar($0.key) }
    let common = keys.count(where: common.contains)
    let own = keys.count(where: own.contains)
    let apisix = tree.value("apisix", in: document)
    if let deployment = tree.value("deployment", in: document), tree.value("role", in: deployment) != nil,
      common + own == 0
    {
      return false
    }
    let nested = apisix.flatMap { tree.value("discovery", in: $0) }
    let direct = tree.value("discovery", in: document)
    for discovery in [nested, direct].compactMap({ $0 }) where tree.value("registry", in: discovery) != nil {
      if !isNamedValues, namesRegistry(discovery, in: tree) { continue }
      // In config.yaml itself this is a mistake with a rule of its own, so ask for more than the one section.
      if tree.value("enabled", in: discovery) != nil, nested != nil || keys.contains(where: { $0 != "discovery" }) {
        // The charts render `node_listen` from other values, so it is only in config.yaml itself.
        return apisix.flatMap { tree.value("node_listen", in: $0) } == nil
      }
    }
    let isNearly = direct.map { discovery in
      tree.value("enabled", in: discovery) != nil
        && RegistrySigns.areCertain(below: discovery, in: tree)
    }
    if isNearly == true, common > 0 { return true }
    guard common + own > 0, apisix != nil || own > 0 || isGateway(tree, document, keys) else { return false }
    // `ingress-controller` is the name of other subcharts, too.
    guard apisix != nil || common + own > 1 else { return false }
    // These are sections of both, `stream_plugins` of the old charts too.
    let shared =
      ["apisix", "discovery", "etcd", "plugins", "deployment"] + (common + own > 1 ? ["stream_plugins"] : [])
    return !keys.contains { ConfigSigns.sections.contains($0) && !shared.contains($0) }
  }

  /// Whether a section `discovery` has its registry's name under `registry`, as other programs have it.
  static func namesRegistry(_ discovery: Tree.ID, in tree: Tree) -> Bool {
    tree.value("registry", in: discovery).map { tree.scalar($0) != nil && !tree.isNull($0) && !tree.isOpen($0) }
      ?? false
  }

  /// APISIX's own gateway and Admin API, as the charts have them side by side.
  private static func isGateway(_ tree: Tree, _ document: Tree.ID, _ keys: [String]) -> Bool {
    guard let gateway = tree.value("gateway", in: document), keys.contains("etcd") else { return false }
    return tree.has(["http", "tls", "stream", "type"], in: gateway)
      && (keys.contains("admin") || keys.contains("dashboard") || keys.contains("discovery"))
  }
}
