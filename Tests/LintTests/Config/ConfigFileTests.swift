import APISIX
import Findings
import JSON
import SourceText
import Testing

@testable import Lint

/// The shape of the file and of its discovery section.
@Suite struct ConfigFileTests {
  @Test(arguments: samples) func says(_ sample: ConfigSample) {
    #expect(sample.found.map(ConfigSample.line) == sample.findings)
  }

  @Test(arguments: samples) func mends(_ sample: ConfigSample) { sample.expectFixes() }

  /// What another program fills in may be right: neither a finding nor a verdict.
  @Test func whatIsYetToBeFilledInHasNoVerdict() {
    func verdict(_ weight: String) -> JSONValue? {
      let text = "discovery:\n  nacos:\n    host: [\"http://n:8848\"]\n    weight: \(weight)\n"
      return LintResult.of(("config.yaml", text)).files.first?.verdict
    }
    let all: [(String, JSONValue)] = [("5", .bool(true)), ("five", .bool(false)), ("${WEIGHT:-5}", .null)]
    for (weight, accepts) in all {
      #expect(verdict(weight)?["accepts"] == accepts)
    }
    #expect(verdict("${WEIGHT:-5}")?["stage"] == .null && verdict("${WEIGHT:-5}")?["message"] == .null)
  }

  @Test func aSecretHoldsAConfigAsAConfigMapDoes() {
    let text = """
      apiVersion: v1
      kind: Secret
      metadata: {name: apisix}
      stringData:
        config.yaml: |
          discovery:
            kubernetes:
              service: {port: 6443}
      """
    #expect(LintResult.of(("secret.yaml", text)).findings.lines == ["8 kubernetes/port-not-string"])
  }

  static let samples: [ConfigSample] = [
    ConfigSample(
      "registries that are none",
      #"""
      discovery:
        k8s: {}
        Nacos: {host: ["http://127.0.0.1:8848"]}
        zookeeper: {hosts: ["127.0.0.1:2181"]}
        mine: {}
      """#,
      [
        "!2:3 discovery/unknown-registry",
        "!3:3 discovery/unknown-registry",
        "!4:3 discovery/unknown-registry",
        "!5:3 discovery/unknown-registry",
      ]),
    ConfigSample(
      "a registry without a value",
      #"""
      discovery:
        kubernetes:
        dns: {servers: ["127.0.0.1"]}
      """#,
      ["2:3 discovery/registry-empty"]),
    ConfigSample(
      "as in a Helm chart",
      #"""
      discovery:
        enabled: true
        registry:
          kubernetes: {}
      """#,
      ["!3:3 discovery/helm-style"]),
    ConfigSample(
      "discovery under apisix",
      #"""
      apisix:
        node_listen: 9080
        discovery:
          kubernetes: {}
      """#,
      ["!3:3 discovery/not-top-level"]),
    ConfigSample(
      "discovery in upper case",
      #"""
      Discovery:
        kubernetes: {}
      deployment:
        role: traditional
      """#,
      ["!1:1 discovery/not-top-level"]),
    ConfigSample(
      "discovery as a list",
      #"""
      discovery: [kubernetes]
      """#,
      ["!1:12 discovery/not-a-map"]),
    ConfigSample(
      "consul before it came",
      #"""
      discovery:
        consul: {servers: ["http://127.0.0.1:8500"]}
      """#,
      ["!2:3 discovery/registry-too-new"], release: Release(2, 15, 3)),
    ConfigSample(
      "keys twice",
      #"""
      discovery:
        dns: {servers: ["127.0.0.1"]}
      discovery:
        kubernetes: {}
      """#,
      ["3:1 yaml/duplicate-key"]),
    ConfigSample(
      "two documents",
      #"""
      apisix: {node_listen: 9080}
      ---
      discovery:
        kubernetes: {}
      """#,
      ["3:1 yaml/several-documents"]),
    ConfigSample(
      "no YAML: braces",
      #"""
      discovery:
        kubernetes:
          service: {host: ${KUBERNETES_SERVICE_HOST}}
      """#,
      ["!3:22 yaml/syntax"]),
    ConfigSample(
      "no YAML: a comma",
      #"""
      discovery:
        kubernetes:
          service:
            schema: "http",
            host: kube
      """#,
      ["!4:21 yaml/syntax"]),
    ConfigSample(
      "a variable without a value",
      #"""
      discovery:
        kubernetes:
          default_weight: "${{WEIGHT}}"
      """#,
      ["?3:21 placeholder/unknown"]),
    ConfigSample(
      "a variable that is missing",
      #"""
      discovery:
        kubernetes:
          default_weight: "${{WEIGHT}}"
      """#,
      ["!3:21 placeholder/missing"], environment: ["A": "1"]),
    ConfigSample(
      "another form than the default",
      #"""
      nginx_config:
        http:
          underscores_in_headers: on
      discovery:
        dns: {servers: ["127.0.0.1"]}
      """#,
      ["!3:29 discovery/start-failure"]),
    ConfigSample(
      "a list with a hole",
      #"""
      discovery:
        dns:
          servers: ["127.0.0.1", ~]
      """#,
      ["!3:28 discovery/invalid-value"]),
  ]

  /// Whatever stands beside it, a key of the Admin API is a credential, and a `key` elsewhere may be a name.
  @Test(arguments: [
    "admin_key:\n      - {name: admin, key: my-admin-password}\n",
    "admin_key:\n      - name: admin\n        value: x\n        key: my-admin-password\n        key: my-admin-password\n",
    "admin_key: {name: admin, key: my-admin-password}\n",
    "admin_key: [{name: admin, path: x, key: my-admin-password}\n",
  ])
  func aKeyOfTheAdminAPIIsNoName(key: String) {
    let text = "deployment:\n  admin:\n    \(key)  ref: {name: apisix, key: my-admin-name}\n"
    let linter = Linter(Catalogue(LintRules.all), now: 1_700_000_000) { _ in Conditions() }
    let result = linter.check([LintInput(path: "config.yaml", bytes: Array(text.utf8), named: true)])
    let source = result.sources["config.yaml"]
    let hidden = source?.secrets.map { String(decoding: source?.text.bytes[$0] ?? [], as: UTF8.self) } ?? []
    #expect(!hidden.isEmpty && hidden.allSatisfy { $0.contains("my-admin-password") })
    #expect(!hidden.contains { $0.contains("my-admin-name") })
  }
}
