import APISIX
public import YAML

/// What a file is, told from its content.
public enum FileKind: String, Sendable, Hashable {
  case apisixConfig = "apisix-config"
  case apisixStandalone = "apisix-standalone"
  case adc
  case kubernetes
  case helmValues = "helm-values"
}

extension FileKind {
  /// Top-level sections that only APISIX's config.yaml has; a Helm chart's values share `apisix`, `etcd`, `discovery`
  /// and `plugins` with it.
  private static let configSections = [
    "deployment", "nginx_config", "stream_plugins", "plugin_attr", "ext-plugin", "wasm", "graphql", "xrpc",
    "conf_server",
  ]
  private static let helmSections: Set = [
    "image", "replicaCount", "ingress-controller", "gateway", "dashboard", "serviceAccount", "rbac", "podAnnotations",
    "podSecurityContext", "nodeSelector", "tolerations", "affinity", "autoscaling", "fullnameOverride", "nameOverride",
    "dataPlane", "controlPlane", "ingressController", "global", "externalEtcd", "useDaemonSet", "hostNetwork",
    "timezone", "extraEnvVars", "updateStrategy", "podDisruptionBudget", "resources", "initContainer", "serviceMonitor",
    "securityContext", "extraVolumes", "extraVolumeMounts", "imagePullSecrets", "allow", "admin",
  ]
  static let standaloneSections = [
    "routes", "services", "upstreams", "stream_routes", "plugin_configs", "global_rules", "consumers",
    "consumer_groups", "ssls", "plugin_metadata", "secrets", "protos",
  ]
  public static let registryNames = Set(RegistryKind.allCases.map(\.rawValue))

  /// The kind of the first document that shows one; nil when nothing tells that gatecheck has anything to say here.
  public static func detect(_ tree: Tree) -> FileKind? {
    for document in tree.documents {
      if let kind = detect(tree, document) { return kind }
    }
    return nil
  }

  /// The same of a file at a path: a kustomization is known by its name.
  static func detect(_ tree: Tree, at path: String) -> FileKind? {
    Kustomizations.isNamed(path) && tree.documents.contains { tree.pairs($0) != nil } ? .kubernetes : detect(tree)
  }

  static func detect(_ tree: Tree, _ document: Tree.ID) -> FileKind? {
    guard let pairs = tree.pairs(document) else { return nil }
    let keys = pairs.compactMap { tree.scalar($0.key) }
    if keys.contains("apiVersion"), keys.contains("kind") { return .kubernetes }
    if isHelm(tree, document, keys) || ChartValues.areShown(by: document, in: tree) { return .helmValues }
    if isSeed(tree, document, keys) { return nil }
    if keys.contains(where: configSections.contains) || tree.value("discovery", in: document) != nil
      || isConfig(tree, document)
    {
      return .apisixConfig
    }
    let lists = pairs.filter { pair in
      guard let key = tree.scalar(pair.key) else { return false }
      return standaloneSections.contains(key) && tree.items(pair.value) != nil
    }
    guard !lists.isEmpty else { return nil }
    return isADC(tree, document) ? .adc : .apisixStandalone
  }

  /// ADC nests routes in services, credentials in consumers and keys in certificates, and has mappings where APISIX has
  /// lists.
  private static func isADC(_ tree: Tree, _ document: Tree.ID) -> Bool {
    let nested = [
      "services": ["routes", "stream_routes", "upstreams"], "consumers": ["credentials"], "ssls": ["certificates"],
      "consumer_groups": ["consumers"],
    ]
    for (list, keys) in nested {
      let items = tree.value(list, in: document).flatMap { tree.items($0) } ?? []
      if items.contains(where: { item in keys.contains { tree.value($0, in: item) != nil } }) { return true }
    }
    // APISIX's own resources at the top are no ADC.
    if tree.value("upstreams", in: document) != nil { return false }
    return ["global_rules", "plugin_metadata"].contains { key in
      tree.value(key, in: document).flatMap { tree.pairs($0) }.map { !$0.isEmpty } ?? false
    }
  }

  /// Whether the file is of another program, which shares sections with APISIX: apisix-seed.
  static func isForeign(_ tree: Tree) -> Bool {
    tree.documents.first.map { document in
      isSeed(tree, document, (tree.pairs(document) ?? []).compactMap { tree.scalar($0.key) })
    } ?? false
  }

  /// The configuration of apisix-seed, a program of its own with a `discovery` section of its own.
  private static func isSeed(_ tree: Tree, _ document: Tree.ID, _ keys: [String]) -> Bool {
    guard keys.contains("etcd"), keys.allSatisfy(["etcd", "discovery", "log", "server"].contains),
      let discovery = tree.value("discovery", in: document)
    else { return false }
    if let zookeeper = tree.value("zookeeper", in: discovery), tree.value("hosts", in: zookeeper) != nil { return true }
    let prefix = tree.value("nacos", in: discovery).flatMap { tree.value("prefix", in: $0) }
    return prefix.flatMap { tree.scalar($0) } == "/nacos"
  }

  /// The kind of a text that is no YAML, told from its lines: a config.yaml with a slip must not be passed over. nil
  /// for templates, which are no YAML before they are rendered.
  /// - Parameter named: the user named the file, so one of another kind that gatecheck knows is not passed over either.
  static func guess(_ bytes: [UInt8], named: Bool) -> FileKind? {
    var isConfig = false
    var other: FileKind?
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      if isTemplated(line) { return nil }
      guard let end = line.firstIndex(of: UInt8(ascii: ":")), end > line.startIndex, end - line.startIndex < 20 else {
        continue
      }
      let key = String(decoding: line[..<end], as: UTF8.self)
      if key == "apiVersion" { return named ? .kubernetes : nil }
      if helmSections.contains(key) { return named ? .helmValues : nil }
      if key == "discovery" || configSections.contains(key) { isConfig = true }
      if standaloneSections.contains(key) { other = .apisixStandalone }
    }
    return isConfig ? .apisixConfig : named ? other : nil
  }

  /// Whether a line is of a Helm chart's template, of Jinja or the like.
  static func isTemplated(_ line: ArraySlice<UInt8>) -> Bool {
    contains(line, "{%") || (contains(line, "{{") && !contains(line, "${{"))
  }

  private static func contains(_ line: ArraySlice<UInt8>, _ text: String) -> Bool {
    line.indices.contains { line[$0...].starts(with: text.utf8) }
  }

  private static func isHelm(_ tree: Tree, _ document: Tree.ID, _ keys: [String]) -> Bool {
    if keys.contains("deployment"), let deployment = tree.value("deployment", in: document),
      tree.value("role", in: deployment) != nil, !keys.contains(where: helmSections.contains)
    {
      return false
    }
    let nested = tree.value("apisix", in: document).flatMap { tree.value("discovery", in: $0) }
    let direct = tree.value("discovery", in: document)
    for discovery in [nested, direct].compactMap({ $0 }) where tree.value("registry", in: discovery) != nil {
      // In config.yaml itself this is a mistake with a rule of its own, so ask for more than the one section.
      if tree.value("enabled", in: discovery) != nil, nested != nil || keys.contains(where: { $0 != "discovery" }) {
        // The charts render `node_listen` from other values, so it is only in config.yaml itself.
        return tree.value("apisix", in: document).flatMap { tree.value("node_listen", in: $0) } == nil
      }
    }
    guard keys.contains("apisix") || keys.contains("etcd") || keys.contains("discovery") else { return false }
    let own = Set(keys.lazy.filter { helmSections.contains($0) })
    guard !own.isEmpty else { return false }
    // `deployment` is a section of both, `stream_plugins` of the old charts too.
    let shared = own.count > 1 ? ["deployment", "stream_plugins"] : ["deployment"]
    return !keys.contains { configSections.contains($0) && !shared.contains($0) }
  }

  /// `apisix:` with settings that no chart has.
  private static func isConfig(_ tree: Tree, _ document: Tree.ID) -> Bool {
    guard let apisix = tree.value("apisix", in: document), let pairs = tree.pairs(apisix) else { return false }
    return pairs.contains { pair in tree.scalar(pair.key).map(apisixSettings.contains) ?? false }
  }

  private static let apisixSettings = [
    "node_listen", "enable_admin", "enable_control", "control", "router", "stream_proxy", "config_center",
    "admin_key", "proxy_cache", "enable_dev_mode", "enable_ipv6", "dns_resolver", "ssl", "proxy_mode", "status",
    "discovery", "admin_listen", "port_admin", "data_encryption", "enable_reuseport", "trusted_addresses",
  ]
}
