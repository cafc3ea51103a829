import Findings
import Testing

@testable import Lint

@Suite struct ServiceNameRuleTests {
  static let single = ConfigFacts(path: "config.yaml", registries: ["kubernetes"], kubernetes: .single)
  static let several = ConfigFacts(
    path: "config.yaml", registries: ["kubernetes"], kubernetes: .multiple(ids: ["release", "debug"]))

  static func run(_ name: String, _ kind: String = "kubernetes", configs: [ConfigFacts] = []) throws -> Run {
    try UpstreamRuleTests.standalone("service_name: \(name)\ndiscovery_type: \(kind)", configs: configs)
  }

  @Test(
    arguments: [
      ("default/plat-dev:port", nil), ("release/default/plat-dev:port", nil),
      ("cms.default.svc.cluster.local", "service-name/dns-name"),
      ("plat-dev.default.svc.cluster.local:80", "service-name/dns-name"),
      ("workflow.payment-switch", "service-name/dns-name"),
      ("http://plat-dev/", "service-name/dns-name"),
      ("nginx-service", "service-name/port-missing"),
      ("default/svc", "service-name/port-missing"),
      ("'default/svc:'", "service-name/port-missing"),
      ("svc:http", "service-name/malformed"), ("/svc:http", "service-name/malformed"),
      ("Default/svc:http", "service-name/malformed"), ("a/b/c/d:http", "service-name/malformed"),
      ("'default/svc: http'", "service-name/malformed"), ("svc/default:http", "service-name/malformed"),
      ("default/svc:80", "service-name/port-number"),
    ] as [(String, String?)])
  func kubernetesNamesWithoutAConfig(name: String, rule: String?) throws {
    #expect(try Self.run(name).rules == (rule.map { [$0] } ?? []))
  }

  @Test(
    arguments: [
      ("default/svc:http", nil, "service-name/cluster-id-missing"),
      ("release/default/svc:http", "service-name/cluster-id-extra", nil),
      ("relaese/default/svc:http", "service-name/cluster-id-extra", "service-name/cluster-id-unknown"),
    ] as [(String, String?, String?)])
  func theModeOfTheConfigDecides(name: String, single: String?, several: String?) throws {
    #expect(try Self.run(name, configs: [Self.single]).rules.first == single)
    #expect(try Self.run(name, configs: [Self.several]).rules.first == several)
    #expect(
      try Self.run(name, configs: [Self.single, Self.several]).rules.contains("service-name/cluster-id-missing")
        == false)
  }

  /// APISIX does not see it; two it does.
  @Test func oneFinalLineBreakDoesNoHarm() throws {
    #expect(try Self.run("|\n  default/plat-dev:port").rules == [])
    #expect(try Self.run("\"default/plat-dev:port\\n\"").rules == [])
    #expect(try Self.run("\"default/plat-dev:port\\n\\n\"").rules == ["service-name/malformed"])
    let several = try Self.run("|\n  default/plat-dev:port", configs: [Self.several])
    #expect(several.rules == ["service-name/cluster-id-missing"])
    #expect(several.findings.first?.message.contains("\n") == false)
  }

  @Test func helpNamesWhatToWrite() throws {
    #expect(
      try Self.run("cms.default.svc.cluster.local").findings.first?.help
        == "write default/cms:PORT, the name of the port in the Service")
    #expect(
      try Self.run("relaese/default/svc:http", configs: [Self.several]).findings.first?.help == "did you mean release?")
    #expect(
      try Self.run("release/default/svc:http", configs: [Self.single]).rulesAfterFix("service-name/cluster-id-extra")
        == [])
  }

  @Test(
    arguments: [
      ("webpages", "consul_kv", "service-name/consul-kv-url"),
      ("http://127.0.0.1:8500/v1/kv/upstreams/webpages", "consul_kv", "service-name/consul-kv-url"),
      ("http://127.0.0.1:8500/v1/kv/upstreams/webpages/", "consul_kv", nil),
      ("http://127.0.0.1:8500/v1/kv/upstreams/webpages/", "consul", "service-name/consul-url"),
      ("service_a", "consul", nil),
      ("user-service", "eureka", "service-name/eureka-case"), ("USER-SERVICE", "eureka", nil),
      ("http://example.com", "dns", "service-name/dns-host"), ("example.com:http", "dns", "service-name/dns-host"),
      ("example.com:80", "dns", nil), ("'[fd00::6]:80'", "dns", nil), ("example.com", "dns", nil),
      ("DEFAULT_GROUP@@user", "nacos", "service-name/nacos-name"), ("com.example.User:1.0", "nacos", nil),
    ] as [(String, String, String?)])
  func namesOfOtherRegistries(name: String, kind: String, rule: String?) throws {
    #expect(try Self.run(name, kind).rules == (rule.map { [$0] } ?? []))
  }

  @Test func passwordsInUrlsAreNotShown() throws {
    let run = try Self.run("http://me:hunter2@127.0.0.1:8500/x", "consul_kv")
    #expect(run.rules == ["service-name/consul-kv-url"])
    #expect(!run.findings[0].message.contains("hunter2"))
  }

  @Test func portsAreLookedUpInTheServicesOfTheRun() throws {
    let service = """
      apiVersion: v1
      kind: Service
      metadata: {name: web, namespace: default}
      spec:
        ports: [{name: http, port: 80, targetPort: 8080}]
      ---
      apiVersion: apisix.apache.org/v2
      kind: ApisixUpstream
      metadata: {name: web}
      spec:
        discovery: {serviceName: "default/web:80", type: kubernetes}
      """
    let run = try Run(service)
    #expect(run.rules == ["service-name/port-unknown"])
    #expect(try run.fixed("service-name/port-unknown").contains("serviceName: \"default/web:http\""))
    #expect(try run.rulesAfterFix("service-name/port-unknown") == [])
  }

  @Test func nacosArgumentsHaveTwoKeys() throws {
    let run = try UpstreamRuleTests.standalone(
      "service_name: a\ndiscovery_type: nacos\ndiscovery_args: {namespaceId: x, group_name: y}")
    #expect(run.rules == ["discovery-args/unknown"])
    #expect(try run.rulesAfterFix("discovery-args/unknown") == [])
  }

  @Test func anApisixUpstreamHasNamesOfItsOwn() throws {
    let run = try Run(
      """
      apiVersion: apisix.apache.org/v2
      kind: ApisixUpstream
      metadata: {name: web}
      spec:
        discovery:
          service_name: default/web:http
          discovery_type: kubernetes
      """)
    #expect(run.rules == ["apisixupstream/discovery", "apisixupstream/discovery"])
    #expect(try run.fixed("apisixupstream/discovery").contains("serviceName: default/web:http"))
  }

  @Test func endpointsHaveAddresses() throws {
    let run = try Run(
      """
      apiVersion: v1
      kind: Endpoints
      metadata: {name: db, namespace: default}
      subsets:
        - addresses: [{ip: 127.0.0.1}, {ip: db.example.com}, {hostname: a}, {ip: 10.0.0.1}]
          ports: [{port: 3306}]
      """)
    #expect(run.rules == ["endpoints/address", "endpoints/address", "endpoints/address", "endpoints/unnamed-port"])
    #expect(run.findings.last?.message == "this port has no name; its service_name is default/db:3306")
  }

  @Test func slicesNameTheirService() throws {
    #expect(
      try Run(
        """
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: db-1}
        addressType: IPv4
        endpoints: [{addresses: [10.0.0.1], conditions: {ready: true}}]
        ports:
        """
      ).rules == ["endpoints/slice-without-service", "endpoints/null-list"])
  }
}
