/// Each mistake and its twin, by registry.
extension RegistryFault {
  static let all = consul + eureka + nacos + dns + etcd + zooKeeper + gateway
  static let password = "Zq7Wx9Lm2Rt5"

  private static let section = "discovery: {consul: {servers: [\"URL\"], token: TOKEN}}"
  private static let web = "discovery_type: consul, service_name: web"
  private static let kvSection = "discovery: {consul_kv: {servers: [\"URL\"], token: TOKEN}}"
  private static let kv = "discovery_type: consul_kv, service_name: \"URL/v1/kv/upstreams/web/\""
  private static let eurekaSection =
    "discovery: {eureka: {host: [\"http://apisix:\(password)@HOST\"], prefix: /eureka/}}"
  private static let nacosSection = "discovery: {nacos: {host: [\"http://nacos:\(password)@HOST\"]}}"
  private static let dnsSection = "discovery: {dns: {servers: [\"SERVER\"]}}"

  private static func config(
    host: String = "URL", user: String = "apisix", password: String = password, prefix: String = "/apisix"
  ) -> String {
    """
    deployment:
      etcd: {host: ["\(host)"], user: \(user), password: \(password), prefix: \(prefix)}
    discovery: {dns: {servers: ["127.0.0.1:NAMES"]}}
    """
  }

  static let consul = [
    RegistryFault(
      "consul-port", "connect/refused", bad: "1", good: "PORT",
      "discovery: {consul: {servers: [\"http://127.0.0.1:IT\"], token: TOKEN}}", web),
    RegistryFault(
      "consul-no-token", "registry/consul-no-token", bad: "", good: ", token: TOKEN",
      "discovery: {consul: {servers: [\"URL\"]IT}}", web),
    RegistryFault(
      "consul-unknown-token", "registry/consul-token-unknown", bad: "00000000-1111-2222-3333-444444444444",
      good: "TOKEN", "discovery: {consul: {servers: [\"URL\"], token: IT}}", web),
    RegistryFault(
      "consul-weak-token", "registry/consul-weak-token", bad: "WEAK", good: "TOKEN",
      "discovery: {consul: {servers: [\"URL\"], token: IT}}", web),
    RegistryFault(
      "consul-name", "registry/unknown-service", bad: "wep", good: "web", section,
      "discovery_type: consul, service_name: IT"),
    RegistryFault(
      "consul-path", "consul/server-address", bad: "/v1", good: "",
      "discovery: {consul: {servers: [\"URLIT\"], token: TOKEN}}", web),
    RegistryFault(
      "consul-type", "discovery-type/not-enabled", bad: "eureka", good: "consul", section,
      "discovery_type: IT, service_name: web"),
    RegistryFault(
      "kv-port", "connect/refused", bad: "1", good: "PORT",
      "discovery: {consul_kv: {servers: [\"http://127.0.0.1:IT\"], token: TOKEN}}",
      "discovery_type: consul_kv, service_name: \"http://127.0.0.1:IT/v1/kv/upstreams/web/\""),
    RegistryFault(
      "kv-token", "registry/consul-no-token", bad: "", good: ", token: TOKEN",
      "discovery: {consul_kv: {servers: [\"URL\"]IT}}", kv),
    RegistryFault(
      "kv-weak-token", "registry/consul-weak-token", bad: "WEAK", good: "TOKEN",
      "discovery: {consul_kv: {servers: [\"URL\"], token: IT}}", kv),
    RegistryFault(
      "kv-key", "registry/consul-kv-key", bad: "hyphen", good: "web", kvSection,
      "discovery_type: consul_kv, service_name: \"URL/v1/kv/upstreams/IT/\""),
    RegistryFault(
      "kv-value", "registry/consul-kv-value", bad: "empty", good: "web", kvSection,
      "discovery_type: consul_kv, service_name: \"URL/v1/kv/upstreams/IT/\""),
    RegistryFault(
      "kv-name", "registry/consul-kv-service-name", bad: "", good: "URL/v1/kv/upstreams/", kvSection,
      "discovery_type: consul_kv, service_name: \"ITweb/\""),
    RegistryFault(
      "kv-prefix", "registry/consul-kv-no-prefix", bad: "other", good: "upstreams",
      "discovery: {consul_kv: {servers: [\"URL\"], token: TOKEN, prefix: IT}}",
      "discovery_type: consul_kv, service_name: \"URL/v1/kv/IT/web/\""),
  ]

  static let eureka = [
    RegistryFault(
      "eureka-port", "connect/refused", bad: "127.0.0.1:1", good: "HOST",
      "discovery: {eureka: {host: [\"http://apisix:\(password)@IT\"], prefix: /eureka/}}",
      "discovery_type: eureka, service_name: WEB"),
    RegistryFault(
      "eureka-user", "registry/unauthorized", bad: "", good: "apisix:\(password)@",
      "discovery: {eureka: {host: [\"http://ITHOST\"], prefix: /eureka/}}",
      "discovery_type: eureka, service_name: WEB"),
    RegistryFault(
      "eureka-password", "registry/unauthorized", bad: "wrong99wrong", good: password,
      "discovery: {eureka: {host: [\"http://apisix:IT@HOST\"], prefix: /eureka/}}",
      "discovery_type: eureka, service_name: WEB"),
    RegistryFault(
      "eureka-prefix", "registry/eureka-prefix", bad: "/eureka/v2/", good: "/eureka/",
      "discovery: {eureka: {host: [\"http://apisix:\(password)@HOST\"], prefix: IT}}",
      "discovery_type: eureka, service_name: WEB"),
    RegistryFault(
      "eureka-case", "registry/unknown-service", bad: "Web", good: "WEB", eurekaSection,
      "discovery_type: eureka, service_name: IT"),
    RegistryFault(
      "eureka-down", "registry/nothing-usable", bad: "SICK", good: "WEB", eurekaSection,
      "discovery_type: eureka, service_name: IT"),
    RegistryFault(
      "eureka-starting", "registry/eureka-starting", bad: "YOUNG", good: "WEB", eurekaSection,
      "discovery_type: eureka, service_name: IT"),
  ]

  static let nacos = [
    RegistryFault(
      "nacos-port", "connect/refused", bad: "127.0.0.1:1", good: "HOST",
      "discovery: {nacos: {host: [\"http://nacos:\(password)@IT\"]}}", "discovery_type: nacos, service_name: web"),
    RegistryFault(
      "nacos-password", "registry/unauthorized", bad: "wrong99wrong", good: password,
      "discovery: {nacos: {host: [\"http://nacos:IT@HOST\"]}}", "discovery_type: nacos, service_name: web"),
    RegistryFault(
      "nacos-user", "registry/nacos-unknown-user", bad: "nobody", good: "nacos",
      "discovery: {nacos: {host: [\"http://IT:\(password)@HOST\"]}}", "discovery_type: nacos, service_name: web"),
    RegistryFault(
      "nacos-anonymous", "registry/unauthorized", bad: "", good: "nacos:\(password)@",
      "discovery: {nacos: {host: [\"http://ITHOST\"]}}", "discovery_type: nacos, service_name: web"),
    RegistryFault(
      "nacos-prefix", "registry/nacos-prefix", bad: "/v1/", good: "/nacos/v1/",
      "discovery: {nacos: {host: [\"http://nacos:\(password)@HOST\"], prefix: IT}}",
      "discovery_type: nacos, service_name: web"),
    RegistryFault(
      "nacos-group", "registry/nacos-group", bad: "TEST", good: "PROD", nacosSection,
      "discovery_type: nacos, service_name: orders, discovery_args: {group_name: IT}"),
    RegistryFault(
      "nacos-namespace", "registry/nacos-namespace", bad: "dev", good: "7f1c-dev", nacosSection,
      "discovery_type: nacos, service_name: far, discovery_args: {namespace_id: IT}"),
    RegistryFault(
      "nacos-unhealthy", "registry/nothing-usable", bad: "sick", good: "web", nacosSection,
      "discovery_type: nacos, service_name: IT"),
    RegistryFault(
      "nacos-name", "registry/unknown-service", bad: "wep", good: "web", nacosSection,
      "discovery_type: nacos, service_name: IT"),
  ]

  static let dns = [
    RegistryFault(
      "dns-port", "registry/silent", bad: "127.0.0.1:CLOSED", good: "SERVER",
      "discovery: {dns: {servers: [\"IT\"]}}", "discovery_type: dns, service_name: \"a.gate.example:80\""),
    RegistryFault(
      "dns-server-name", "dns/server-not-ip", bad: "localhost:53", good: "SERVER",
      "discovery: {dns: {servers: [\"IT\"]}}", "discovery_type: dns, service_name: \"a.gate.example:80\""),
    RegistryFault(
      "dns-name", "registry/dns-no-such-name", bad: "nope", good: "a", dnsSection,
      "discovery_type: dns, service_name: \"IT.gate.example:80\""),
    RegistryFault(
      "dns-record", "registry/dns-no-record", bad: "text", good: "a", dnsSection,
      "discovery_type: dns, service_name: \"IT.gate.example:80\""),
    RegistryFault(
      "dns-zone", "registry/dns-refused", bad: "elsewhere", good: "a.gate", dnsSection,
      "discovery_type: dns, service_name: \"IT.example:80\""),
    RegistryFault(
      "dns-loop", "registry/dns-loop", bad: "loopa", good: "a", dnsSection,
      "discovery_type: dns, service_name: \"IT.gate.example:80\""),
    RegistryFault(
      "dns-target", "registry/dns-target", bad: "dot.gate.example", good: "a.gate.example:80", dnsSection,
      "discovery_type: dns, service_name: \"IT\""),
  ]

  static let etcd = [
    RegistryFault(
      "etcd-port", "connect/refused", bad: "http://127.0.0.1:1", good: "URL", config(host: "IT"), ""),
    RegistryFault("etcd-tls", "connect/reset", bad: "https", good: "http", config(host: "IT://PLACE"), ""),
    RegistryFault("etcd-user", "registry/etcd-login", bad: "nobody", good: "apisix", config(user: "IT"), ""),
    RegistryFault(
      "etcd-password", "registry/etcd-login", bad: "wrong99wrong", good: password, config(password: "IT"), ""),
    RegistryFault("etcd-role", "registry/etcd-role", bad: "poor", good: "apisix", config(user: "IT"), ""),
    RegistryFault("etcd-prefix", "registry/etcd-role", bad: "/other", good: "/apisix", config(prefix: "IT"), ""),
  ]

  /// With apisix-seed, which writes what ZooKeeper has into the upstreams.
  private static func seeded(
    _ name: String, _ rule: String, bad: String, good: String, _ zookeeper: String = "SERVER/IT"
  ) -> RegistryFault {
    RegistryFault(
      name, rule, bad: bad, good: good, "discovery: {dns: {servers: [\"NAMES\"]}}", "",
      flags: ["--zookeeper", zookeeper])
  }

  static let zooKeeper = [
    seeded("zookeeper-port", "connect/refused", bad: "127.0.0.1:1", good: "SERVER", "IT/fine"),
    seeded("zookeeper-host", "connect/name-not-resolved", bad: "zk.invalid:2181", good: "SERVER", "IT/fine"),
    seeded("zookeeper-prefix", "registry/zookeeper-no-prefix", bad: "nowhere", good: "fine"),
    seeded("zookeeper-empty", "registry/empty", bad: "vacant", good: "fine"),
    seeded("zookeeper-layout", "registry/zookeeper-other-layout", bad: "rpc", good: "fine"),
    seeded("zookeeper-data", "registry/zookeeper-no-data", bad: "nodata", good: "fine"),
    seeded("zookeeper-form", "registry/zookeeper-not-nodes", bad: "odd", good: "fine"),
    seeded("zookeeper-rights", "registry/zookeeper-not-allowed", bad: "closed", good: "fine"),
  ]

  private static let running = """
    deployment: {role: data_plane, role_data_plane: {config_provider: yaml}}
    discovery: {eureka: {host: ["http://HOST"], prefix: /eureka/}}
    apisix: {status: {ip: 127.0.0.1, port: STATUS}}
    """
  private static let orders = "discovery_type: eureka, service_name: WEB"

  /// What a gateway that runs says itself.
  static let gateway = [
    RegistryFault(
      "gateway-no-list", "gateway/not-ready", bad: "NOLIST", good: "READY",
      running.replacing("STATUS", with: "IT"), orders, flags: ["--control", "CONTROL"]),
    RegistryFault(
      "gateway-no-worker", "gateway/not-ready", bad: "NOWORKER", good: "READY",
      running.replacing("STATUS", with: "IT"), orders, flags: ["--control", "CONTROL"]),
    RegistryFault(
      "gateway-refuses", "gateway/refuses", bad: "REFUSING", good: "TAKING",
      running.replacing("STATUS", with: "READY"), orders, flags: ["--admin", "IT"]),
  ]
}
