import APISIX
import Findings
import Testing

@testable import Lint

/// What the schema of the kubernetes registry refuses.
@Suite struct ConfigKubernetesSchemaTests {
  @Test(arguments: samples) func says(_ sample: ConfigSample) {
    #expect(sample.found.map(ConfigSample.line) == sample.findings)
  }

  @Test(arguments: samples) func mends(_ sample: ConfigSample) { sample.expectFixes() }

  /// What a user or a password is, no message shows.
  @Test(
    arguments: [
      "https://jane:pw1@kube.example.org", "https://jane@kube.example.org:6443", "jane:pw1@kube:6443",
      "jane@kube", "https://jane:pw1@kube/api",
    ].map { ($0, "is-url") }
      + ["jane:pw1@kube_api:6443", "kube_api:6443", "https://kube_api"].map { ($0, "invalid") }
      + ["fd00::1", "[fd00::1]:6443", "https://jane:pw1@[fd00::1]:6443"].map { ($0, "ipv6") })
  func aHostWithMoreInIt(host: String, rule: String) {
    let config = "discovery:\n  kubernetes:\n    service: {host: \"\(host)\", port: \"6443\"}\n"
    let found = LintResult.of(("config.yaml", config)).findings.filter { $0.severity == .error }
    #expect(found.map(\.rule.id) == ["kubernetes/host-\(rule)"])
    #expect(found.allSatisfy { !($0.message + ($0.help ?? "")).contains(#/jane|pw1/#) }, "\(found.map(\.message))")
    #expect(rule != "is-url" || !host.contains("@") || found.allSatisfy { $0.message.contains("a user") })
  }

  static let samples: [ConfigSample] = [
    ConfigSample(
      "port as a number",
      #"""
      discovery:
        kubernetes:
          service:
            host: kube.example.org
            port: 6443
      """#,
      ["!5:13 kubernetes/port-not-string"]),
    ConfigSample(
      "port out of a placeholder",
      #"""
      discovery:
        kubernetes:
          service:
            host: kube.example.org
            port: "${{KUBE_PORT}}"
      """#,
      ["!5:13 kubernetes/port-becomes-number", "?5:13 placeholder/unknown"]),
    ConfigSample(
      "port with a leading zero",
      #"""
      discovery:
        kubernetes:
          service:
            host: kube.example.org
            port: "06443"
      """#,
      ["!5:13 kubernetes/port-invalid"]),
    ConfigSample(
      "host in upper case",
      #"""
      discovery:
        kubernetes:
          service:
            host: 0A1B2C3D.gr7.eu-west-1.eks.amazonaws.com
            port: "443"
      """#,
      ["!4:13 kubernetes/host-upper-case"]),
    ConfigSample(
      "host as a URL",
      #"""
      discovery:
        kubernetes:
          service:
            host: https://kube.example.org:6443
            port: "6443"
      """#,
      ["!4:13 kubernetes/host-is-url"]),
    ConfigSample(
      "host as IPv6",
      #"""
      discovery:
        kubernetes:
          service:
            host: "fd00::1"
            port: "6443"
      """#,
      ["!4:13 kubernetes/host-ipv6"]),
    ConfigSample(
      "host with an underscore",
      #"""
      discovery:
        kubernetes:
          service:
            host: kube_api
            port: "6443"
      """#,
      ["!4:13 kubernetes/host-invalid"]),
    ConfigSample(
      "scheme in upper case",
      #"""
      discovery:
        kubernetes:
          service:
            schema: HTTPS
            host: kube
            port: "6443"
      """#,
      ["!4:15 kubernetes/schema-unknown"]),
    ConfigSample(
      "variable that ends in a digit",
      #"""
      discovery:
        kubernetes:
          service:
            host: ${KUBE_HOST1}
            port: "6443"
      """#,
      ["!4:13 placeholder/ends-in-digit"]),
    ConfigSample(
      "two conditions",
      #"""
      discovery:
        kubernetes:
          namespace_selector:
            equal: default
            match: ["my-[a-z]+"]
      """#,
      ["!5:7 kubernetes/selector-several"]),
    ConfigSample(
      "no condition that is known",
      #"""
      discovery:
        kubernetes:
          namespace_selector:
            equals: default
      """#,
      ["!4:7 kubernetes/selector-unknown"]),
    ConfigSample(
      "match as a string",
      #"""
      discovery:
        kubernetes:
          namespace_selector:
            match: default
      """#,
      ["!4:14 kubernetes/selector-not-list"]),
    ConfigSample(
      "equal as a number",
      #"""
      discovery:
        kubernetes:
          namespace_selector:
            equal: 100
      """#,
      ["!4:14 kubernetes/selector-value"]),
    ConfigSample(
      "label_selector as a map",
      #"""
      discovery:
        kubernetes:
          label_selector:
            app: web
      """#,
      ["!4:7 kubernetes/label-selector-not-string"]),
    ConfigSample(
      "weight as a string",
      #"""
      discovery:
        kubernetes:
          default_weight: "50"
      """#,
      ["!3:21 kubernetes/weight-invalid"]),
    ConfigSample(
      "size with another unit",
      #"""
      discovery:
        kubernetes:
          shared_size: 1g
      """#,
      ["!3:18 kubernetes/shared-size-invalid"]),
    ConfigSample(
      "switch as a string",
      #"""
      discovery:
        kubernetes:
          watch_endpoint_slices: "true"
      """#,
      ["!3:28 kubernetes/flag-not-boolean"]),
    ConfigSample(
      "cluster without anything",
      #"""
      discovery:
        kubernetes:
          - id: a
      """#,
      ["!3:7 kubernetes/cluster-incomplete"]),
    ConfigSample(
      "cluster with a hyphen in its id and both credentials",
      #"""
      discovery:
        kubernetes:
          - id: prod-eu
            service: {host: a, port: "6443"}
            client: {token: abc, token_file: /t}
      """#,
      ["!3:11 kubernetes/id-invalid", "!5:28 kubernetes/credential-choice"]),
    ConfigSample(
      "two clusters of one id",
      #"""
      discovery:
        kubernetes:
          - id: a
            service: {host: a, port: "6443"}
            client: {token_file: /a}
          - id: a
            service: {host: b, port: "6443"}
            client: {token_file: /b}
      """#,
      ["!6:11 kubernetes/id-duplicate"]),
  ]
}
