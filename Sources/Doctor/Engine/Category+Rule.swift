import Findings

extension Category {
  /// Where a finding about a server, a token or a configuration belongs.
  init(of rule: Rule) {
    let area = String(rule.id.prefix { $0 != "/" })
    self = Self.rules[rule.id] ?? Self.areas[area] ?? .configuration
  }

  private static let areas: [String: Category] = [
    "placeholder": .environment, "token": .credentials, "input": .credentials, "connect": .connection,
    "tls": .connection, "kubeconfig": .connection, "server": .connection, "registry": .connection,
    "rbac": .permissions, "resolve": .upstreams, "service-name": .upstreams, "upstream": .upstreams,
    "discovery-type": .upstreams, "discovery-args": .upstreams, "standalone": .upstreams, "adc": .upstreams,
    "gateway": .gateway, "log": .log, "bundle": .bundle,
  ]

  /// Those that stand elsewhere than their area.
  private static let rules: [String: Category] = {
    let others: [Category: [String]] = [
      .environment: [
        "config/unset-variable", "config/trusted-certificate", "dns/no-nameserver",
        "kubernetes/token-file-not-expanded",
      ],
      .credentials: [
        "registry/unauthorized", "registry/consul-no-token", "registry/consul-token-unknown", "registry/etcd-login",
        "registry/etcd-no-users", "registry/etcd-certificate-users", "registry/nacos-unknown-user",
        "registry/nacos-token", "registry/nacos-identity", "registry/nacos-auth-off", "discovery/inline-credential",
      ],
      .permissions: [
        "registry/forbidden", "registry/consul-weak-token", "registry/etcd-role", "registry/etcd-read-only",
      ],
      .content: [
        "registry/empty", "registry/default-service", "registry/consul-kv-no-prefix", "registry/nacos-namespace",
        "registry/nacos-group", "resolve/empty-prefix", "resolve/shared-size", "resolve/broken-list",
        "resolve/label-selector", "resolve/unlisted", "resolve/refused-nodes",
      ],
      .gateway: ["resolve/apisix-differs", "resolve/apisix-refused"],
      .reachability: ["resolve/unreachable-nodes", "resolve/node-tls", "resolve/node-certificate"],
    ]
    return Dictionary(uniqueKeysWithValues: others.flatMap { category, ids in ids.map { ($0, category) } })
  }()
}

extension [Finding] {
  /// Those of one part of an installation.
  func of(_ categories: Category...) -> [Finding] { filter { categories.contains(Category(of: $0.rule)) } }
  func but(_ categories: Category...) -> [Finding] { filter { !categories.contains(Category(of: $0.rule)) } }
  var hasErrors: Bool { contains { $0.severity == .error } }
  /// Whether a server was too slow.
  var hasTimeout: Bool { contains { $0.rule.id == "connect/timeout" } }
}
