import Testing

/// What people ask about most, by how often, and where doctor's answer to it is shown.
struct Trouble: Sendable, CustomTestStringConvertible {
  enum Shown: Sendable {
    /// By rows of the fault matrix, by name.
    case rows([String])
    /// Here: by rules that doctor gives of these files.
    case files([String], config: String, routes: String, flags: [String])
    /// By tests of another kind, which show these rules.
    case elsewhere([String])
    /// By none, and why.
    case not(String)
  }

  let rank: Int
  let what: String
  let shown: Shown

  init(_ rank: Int, _ what: String, _ shown: Shown) { (self.rank, self.what, self.shown) = (rank, what, shown) }

  var testDescription: String { "\(rank)" }

  private static func files(
    _ rules: String..., config: String = kubernetes, routes: String = web, flags: [String] = []
  ) -> Shown { .files(rules, config: config, routes: routes, flags: flags) }

  private static let kubernetes = """
    discovery:
      kubernetes:
        service: {host: 127.0.0.1, port: "1"}
        client: {token: abc}

    """
  private static let web = route("kubernetes", "default/web:http")
  private static func route(_ type: String, _ name: String) -> String {
    """
    routes:
      - uri: /
        upstream: {type: roundrobin, discovery_type: \(type), service_name: "\(name)"}
    #END

    """
  }

  static let all: [Trouble] = [
    Trouble(
      1, "`no valid upstream node: nil`, and the name is not of the form that the registry has",
      .rows(["noport", "slash", "dns", "portname", "portnumber"])),
    Trouble(2, "`list failed … Forbidden`", .rows(["nobind", "rolebinding", "group-v1"])),
    Trouble(
      3, "`discovery X is uninitialized`", .rows(["section", "below", "helm", "storedtype", "consul-type"])),
    Trouble(
      4, "works for weeks, then 401: the token was read once",
      files(
        "kubernetes/token-file-read-once", config: "discovery: {kubernetes: {}}\n", flags: ["--apisix-version", "3.12"])
    ),
    Trouble(
      5, "`not found environment variable KUBERNETES_SERVICE_HOST`",
      files(
        "placeholder/missing", "placeholder/not-exported", config: "discovery: {kubernetes: {}}\n",
        flags: ["--apisix-version", "2.13", "--env", "HOME=/"])),
    Trouble(6, "`object matches none of the required`", .rows(["number", "uppercase", "size", "scheme"])),
    Trouble(7, "changes of pods are seen late: the watch is cut on its way", .rows(["hang", "breaks"])),
    Trouble(
      8, "`set endpoint into discovery DICT failed, no memory`", .elsewhere(["resolve/shared-size", "log/dict-full"])),
    Trouble(
      9, "a token file fails whose text works in config.yaml: its last line break, before 3.0",
      .elsewhere(["kubernetes/final-line-break"])),
    Trouble(
      10, "`watch_endpoint_slices: true` gives no nodes, or wrong ones",
      files(
        "kubernetes/watch-slices-wrong", config: kubernetes + "    watch_endpoint_slices: true\n",
        flags: ["--apisix-version", "3.14"])),
    Trouble(11, "503 after a start, for a moment", .elsewhere(["log/not-ready"])),
    Trouble(
      12, "where the nodes that were found can be seen", .not("no fault: `gatecheck resolve --control` shows them")),
    Trouble(13, "`discovery_type` is gone after an edit in a dashboard", .rows(["untyped"])),
    Trouble(14, "several clusters: which name has a service", .rows(["idless", "otherid", "id"])),
    Trouble(15, "consul_kv: `fetch nodes failed by`, as the name is no URL", .rows(["kv-name"])),
    Trouble(
      16, "Consul: 503 now and then, before 3.16", .elsewhere(["registry/consul-event-too-large", "registry/forgets"])),
    Trouble(
      17, "Consul: `with error: closed`",
      .not(
        "the connection is closed between two requests of APISIX's own; its log has the line: log/consul-unreachable")),
    Trouble(18, "Consul: too few instances, or unhealthy ones, before 3.4", .elsewhere(["registry/mended-later"])),
    Trouble(19, "Consul: 403", .rows(["consul-no-token", "consul-unknown-token", "consul-weak-token"])),
    Trouble(20, "Nacos: a password with `@`, `%`, `$`, `+`", .elsewhere(["nacos/address"])),
    Trouble(21, "Nacos 3: no instances", .elsewhere(["registry/nacos-api-removed"])),
    Trouble(22, "Nacos over https: its certificate is not trusted", .elsewhere(["tls/untrusted-certificate"])),
    Trouble(
      23, "Nacos: the old pod's address after a rollout",
      files(
        "nacos/keeps-last-instances", config: "discovery: {nacos: {host: [\"http://127.0.0.1:1\"]}}\n",
        routes: route("nacos", "web"), flags: ["--apisix-version", "3.14"])),
    Trouble(
      24, "several clusters of Nacos",
      files(
        "discovery/invalid-value",
        config: "discovery: {nacos: [{host: [\"http://127.0.0.1:1\"]}, {host: [\"http://127.0.0.1:2\"]}]}\n",
        routes: route("nacos", "web"))),
    Trouble(
      25, "`no host allowed while connecting to upstream`",
      .elsewhere(["registry/eureka-host-name", "log/host-name-node"])),
    Trouble(26, "Eureka: 503", .rows(["eureka-case", "eureka-prefix", "eureka-down"])),
    Trouble(
      27, "Eureka: `failed to parse domain`",
      files(
        "connect/name-not-resolved", config: "discovery: {eureka: {host: [\"http://eureka.invalid:8761\"]}}\n",
        routes: route("eureka", "WEB"))),
    Trouble(
      28, "one server of several is down, before 3.15",
      files(
        "discovery/no-fail-over", "connect/refused",
        config: "discovery: {nacos: {host: [\"http://127.0.0.1:1\", \"http://127.0.0.1:2\"]}}\n",
        routes: route("nacos", "web"), flags: ["--apisix-version", "3.14"])),
    Trouble(
      29, "DNS: `failed to set peer name`, `dns lookup pool exceeded retries`", .rows(["dns-server-name", "dns-port"])),
    Trouble(30, "DNS: SRV with port 0", .elsewhere(["registry/dns-no-port"])),
    Trouble(
      31, "discovery for streams, before 3.2",
      .not("a worker of that release stops at the first request; nothing before shows it")),
    Trouble(
      32, "503 stays after DNS answers again (3.14.1)",
      .not("it hangs on what the worker saw earlier; what it has now is told as resolve/apisix-differs with --control")),
    Trouble(33, "deleted pods still get requests or health checks", .elsewhere(["resolve/apisix-differs"])),
    Trouble(
      34, "`found _discovery_type`: objects that apisix-seed wrote",
      files(
        "upstream/seed-keys",
        routes: """
          upstreams:
            - {id: 1, type: roundrobin, _discovery_type: zookeeper, _service_name: /a, nodes: {"10.0.0.1:80": 1}}
          #END

          """)),
    Trouble(
      35, "discovery of a service is not used, as the route has an upstream",
      files(
        "standalone/route-overrides-service",
        routes: """
          services:
            - id: 1
              upstream: {type: roundrobin, discovery_type: kubernetes, service_name: "default/web:http"}
          routes:
            - {uri: /, service_id: 1, upstream: {type: roundrobin, nodes: {"10.0.0.1:80": 1}}}
          #END

          """)),
    Trouble(36, "an ApisixUpstream with discovery does nothing", .elsewhere(["apisixupstream/as-backend"])),
    Trouble(
      37, "the token comes from another variable, before 3.18",
      files(
        "placeholder/prefix-collision",
        config: """
          discovery:
            kubernetes:
              service: {host: 127.0.0.1, port: "1"}
              client: {token: "${KUBE_TOKEN}", token_file: "${KUBE_TOKEN_FILE}"}

          """, flags: ["--apisix-version", "3.17"])),
    Trouble(38, "502 and 504: the pods cannot be reached from here", .elsewhere(["resolve/unreachable-nodes"])),
  ]
}
