import APISIX
import Findings
import SourceText
import Testing

@testable import Lint

/// Slips that APISIX or the API server refuses or passes over, in files of all kinds.
@Suite struct SlipTests {
  private func rules(_ texts: (path: String, text: String)...) -> [String] {
    let inputs = texts.map { LintInput(path: $0.path, bytes: Array($0.text.utf8), named: true) }
    return Linter(Catalogue(LintRules.all), now: 0) { _ in Conditions() }.check(inputs).findings.map {
      "\($0.severity) \($0.rule.id)"
    }
  }

  /// What the API server refuses of a binding.
  @Test(arguments: [
    ("apiGroup: rbac.authorization.k8s.io\n", "apiGroup: rbac.authorization.k8s.io/v1\n"),
    ("  kind: ClusterRole\n  name", "  kind: Clusterrole\n  name"),
    ("- kind: ServiceAccount", "- kind: serviceaccount"),
  ]) func aBindingIsRefused(_ old: String, _ new: String) throws {
    let run = try RBACRuleTests.changed(old, new)
    #expect(run.rules == ["rbac/binding-refused"])
    #expect(try run.fixed("rbac/binding-refused") == RBACRuleTests.good)
  }

  @Test func aRoleInARoleBindingIsRight() {
    let binding = """
      apiVersion: rbac.authorization.k8s.io/v1
      kind: RoleBinding
      metadata: {name: app, namespace: shop}
      roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: app}
      subjects:
        - {kind: User, apiGroup: rbac.authorization.k8s.io, name: jane}
        - {kind: Group, name: "system:serviceaccounts"}
        - {kind: ServiceAccount, name: app}
      """
    #expect(rules(("b.yaml", binding)) == [])
    #expect(
      rules(("b.yaml", binding.replacing("apiGroup: rbac.authorization.k8s.io, name: jane", with: "apiGroup: v1")))
        == ["error rbac/binding-refused"])
  }

  /// A misspelt field that must be there.
  @Test func whatMustBeThereIsMisspelt() throws {
    let binding = try RBACRuleTests.changed("roleRef:", "roleref:")
    #expect(try binding.first("manifest/unknown-field").severity == .error)
    let role = """
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRole
      metadata: {name: apisix}
      rules: [{apiGroup: [""], resource: [endpoints], verbs: [list, watch]}]
      """
    #expect(rules(("r.yaml", role)) == Array(repeating: "error manifest/unknown-field", count: 2))
  }

  @Test(arguments: [("/upstreams", "upstreams"), ("upstreams/", "upstreams"), ("/a/b/", "a/b")])
  func aPrefixOfConsulKV(_ prefix: String, _ mended: String) throws {
    let text = "discovery:\n  consul_kv:\n    servers: [\"http://127.0.0.1:8500\"]\n    prefix: \(prefix)\n"
    let found = LintResult.of(("config.yaml", text)).findings
    #expect(found.map(\.rule.id) == ["consul/kv-prefix"])
    #expect(found.first?.fix?.edits.map(\.text) == [mended])
    #expect(rules(("config.yaml", text.replacing(prefix, with: mended))) == [])
  }

  @Test func anIDOfNoList() {
    let text = "discovery:\n  kubernetes:\n    id: prod\n    service: {host: 10.0.0.1, port: \"6443\"}\n"
    #expect(rules(("config.yaml", text)) == ["warning discovery/unknown-key"])
  }

  @Test func aClusterThatIsNoMap() {
    #expect(rules(("config.yaml", "discovery:\n  kubernetes: [\"a\"]\n")) == ["error kubernetes/not-a-map"])
  }

  /// Also where the prefix lacks the slash that the address has.
  @Test(arguments: ["eureka/", "eureka", "/eureka/"]) func aPrefixThatTheAddressHas(_ prefix: String) {
    let text = "discovery:\n  eureka:\n    host: [\"http://e:8761/eureka/\"]\n    prefix: \(prefix)\n"
    let found = LintResult.of(("config.yaml", text)).findings
    #expect(found.map(\.rule.id) == ["eureka/prefix"])
    #expect(found.first?.fix?.edits.map(\.text) == ["\"http://e:8761\(prefix.hasPrefix("/") ? "" : "/")\""])
  }

  /// The keys of an upstream beside it.
  @Test func outsideTheUpstream() {
    let text = """
      routes:
        - {uri: /a, service_name: web, discovery_type: nacos}
        - {uri: /b, upstream: {service_name: web, discovery_type: nacos, type: roundrobin}}
      services:
        - {id: s, service_name: web, discovery_type: nacos, type: roundrobin}
      #END
      """
    #expect(rules(("apisix.yaml", text)) == ["error upstream/outside", "error upstream/outside"])
    let body = "{\"uri\": \"/a\", \"service_name\": \"web\", \"upstream\": {\"nodes\": {\"a:80\": 1}}}"
    #expect(rules(("route.json", body)) == ["error upstream/outside"])
  }

  /// The service name of consul_kv against the config.yaml beside it.
  @Test func anotherServerOfConsulKV() {
    func rules(_ name: String, _ section: String = "prefix: upstreams") -> [String] {
      let config = "discovery:\n  consul_kv: {servers: [\"http://127.0.0.1:8500\"], \(section)}\n"
      let upstream = "{id: 1, type: roundrobin, discovery_type: consul_kv, service_name: \"\(name)\"}"
      return self.rules(
        ("gateway/config.yaml", config), ("gateway/apisix.yaml", "upstreams:\n  - \(upstream)\n#END\n"))
    }
    let server = "http://127.0.0.1:8500"
    #expect(rules("\(server)/v1/kv/upstreams/web/") == [])
    #expect(rules("\(server)/v1/kv/upstreams/web/", "weight: 1") == [])
    #expect(rules("\(server)/v1/kv/other/a/web/", "prefix: other/a") == [])
    #expect(rules("\(server)/v1/kv/other/web/", "prefix: \"${{P}}\"") == ["note placeholder/unknown"])
    for name in [
      "http://consul:8500/v1/kv/upstreams/web/", "\(server)/v1/kv/other/web/", "\(server)/v1/kv/upstreams/",
      "https://127.0.0.1:8500/v1/kv/upstreams/web/",
    ] {
      #expect(rules(name) == ["error service-name/consul-kv-url"])
    }
  }

  /// The file that APISIX reads, with no list that it knows.
  @Test func aLoneMisspeltList() {
    let list = "route:\n  - {id: 1, uri: /a, upstream: {type: roundrobin, nodes: {\"a:80\": 1}}}\n"
    #expect(rules(("apisix.yaml", list + "#END\n")) == ["warning standalone/unknown-key"])
    let discovery = "discovery:\n  nacos: {host: [\"http://n:8848\"]}\n"
    #expect(
      rules(("apisix.yaml", list + discovery + "#END\n")) == [
        "warning standalone/unknown-key", "error standalone/wrong-file",
      ])
    #expect(rules(("other.yaml", list + "#END\n")) == ["note input/other-program"])
  }

  @Test(arguments: ["", "deployment: {role: data_plane, role_data_plane: {config_provider: yaml}}\n"])
  func registriesBelowAMisspeltDiscovery(_ before: String) {
    #expect(
      rules(("config.yaml", before + "dicovery:\n  kubernetes: {}\n")) == ["error discovery/not-top-level"])
  }

  /// Of a section that is dropped no key is taken.
  @Test func twiceInWhatIsThereTwice() {
    let text = """
      discovery:
        kubernetes:
          service: {host: a, port: "1"}
          service: {host: b, port: "2"}
      discovery:
        dns: {servers: ["1.1.1.1"]}
      """
    #expect(rules(("config.yaml", text)) == ["warning yaml/duplicate-key"])
  }
}
