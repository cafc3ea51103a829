import APISIX
import Findings
import SourceText
import Testing

@testable import Lint

/// The values of APISIX's charts where their users keep them: what is wrong is told at its line of the outer file.
@Suite struct ChartValuesTests {
  /// The errors.
  static func lint(_ text: String) -> [String] {
    LintResult.of(("gateway.yaml", text)).findings.filter { $0.severity == .error }.lines
  }

  /// Argo CD's, up to what Helm gets.
  static let application = """
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata: {name: apisix}
    spec:
      source:
        chart: apisix
        repoURL: https://charts.apiseven.com
        targetRevision: 2.8.0
        helm:

    """

  private static let values = """
    apisix:
      discovery:
        enabled: true
        registry:
          kubernetes:
            service:
              port: 6443
    rbac:
      create: true
    """

  private static func values(at column: Int) -> String {
    values.split(separator: "\n").map { String(repeating: " ", count: column) + $0 }.joined(separator: "\n")
  }

  @Test(arguments: [
    (application + "      values: |", 8),
    (
      """
      apiVersion: argoproj.io/v1alpha1
      kind: ApplicationSet
      metadata: {name: apisix}
      spec:
        generators: [{list: {elements: [{cluster: east}]}}]
        template:
          metadata: {name: "apisix-{{cluster}}"}
          spec:
            sources:
              - chart: apisix
                repoURL: https://charts.apiseven.com
                targetRevision: 2.*
                helm:
                  valuesObject:
      """, 14
    ),
    (
      """
      apiVersion: helm.toolkit.fluxcd.io/v2
      kind: HelmRelease
      metadata: {name: apisix, namespace: apisix}
      spec:
        values:
      """, 4
    ),
    (
      """
      apiVersion: helm.cattle.io/v1
      kind: HelmChart
      metadata: {name: apisix, namespace: kube-system}
      spec:
        chart: apisix
        valuesContent: |-
      """, 4
    ),
    ("releases:\n  - name: apisix\n    chart: apisix/apisix\n    version: ~2.8\n    values:\n      -", 8),
    ("helmCharts:\n  - name: apisix\n    repo: https://charts.apiseven.com\n    valuesInline:", 6),
    ("defaultNamespace: apisix\nhelm:\n  chart: apisix\n  values:", 4),
    ("global: {}\ngateway:", 2),
    ("apisix:", 2),
  ]) func thePortIsFoundAtItsLine(_ head: String, _ column: Int) {
    let line = head.split(separator: "\n").count + 7
    #expect(Self.lint(head + "\n" + Self.values(at: column) + "\n") == ["\(line) kubernetes/port-not-string"])
  }

  @Test func aFixStandsInTheOuterFile() throws {
    let text = """
      apiVersion: helm.cattle.io/v1
      kind: HelmChart
      metadata: {name: apisix, namespace: kube-system}
      spec:
        chart: apisix
        valuesContent: |-
      \(Self.values(at: 4))

      """
    let plan = FixPlan(LintResult.of(("k3s.yaml", text)).findings, in: Array(text.utf8))
    #expect(String(decoding: plan.bytes, as: UTF8.self) == text.replacing("port: 6443", with: "port: \"6443\""))
  }

  @Test(arguments: [
    // Those of other charts.
    """
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata: {name: elasticsearch}
    spec:
      source:
        chart: elasticsearch
        repoURL: https://charts.example.com
        targetRevision: 2.8.0
        helm:
          values: |
            discovery:
              enabled: true
              registry: {hosts: [a]}
            port: 6443
    """,
    """
    releases:
      - name: redis
        chart: bitnami/redis
        version: 2.0.0
        values:
          - discovery: {enabled: true, registry: {master: redis}}
    """,
    // A layer of several, which need not be whole.
    """
    apiVersion: helm.toolkit.fluxcd.io/v2
    kind: HelmRelease
    metadata: {name: apisix}
    spec:
      chart: {spec: {chart: apisix, version: 2.8.0, sourceRef: {kind: HelmRepository, name: apisix}}}
      valuesFrom: [{kind: ConfigMap, name: common}]
      values:
        apisix:
          discovery:
            registry:
              nacos: {weight: 50}
    """,
    // Parameters that are laid over values.
    application + """
            valueFiles: [values.yaml]
            parameters:
              - name: apisix.discovery.enabled
                value: "true"
              - name: apisix.discovery.registry.nacos.host[0]
                value: http://192.168.33.1:8848
              - name: apisix.discovery.registry.kubernetes.service.port
                value: "6443"
                forceString: true
      """,
    // What Flux fills in.
    """
    apiVersion: helm.toolkit.fluxcd.io/v2
    kind: HelmRelease
    metadata: {name: apisix}
    spec:
      chart: {spec: {chart: apisix, version: 2.8.0}}
      values:
        rbac: {create: true}
        serviceAccount: {create: true}
        apisix:
          discovery:
            enabled: true
            registry:
              kubernetes:
                service: {host: "${API_HOST:=kubernetes.default.svc}", port: "${API_PORT1}"}
    """,
    // A list, whether its items are forced to be texts or not.
    application + """
            parameters:
              - name: apisix.discovery.enabled
                value: "true"
              - name: apisix.discovery.registry.dns.servers
                value: "{127.0.0.1:8600,10.0.0.1:53}"
              - name: apisix.discovery.registry.nacos.host
                value: "{http://192.168.33.1:8848}"
                forceString: true
      """,
    // A whole config.yaml that is not enabled.
    """
    apisix:
      fullCustomConfig:
        enabled: false
        config:
          discovery:
            kubernetes: {service: {port: 6443}}
    rbac: {create: true}
    """,
    // Nothing tells which chart this is.
    "apisix:\n  discovery:\n    enabled: true\n    registry:\n      dns: {servers: [\"10.0.0.10:53\"]}\nimage: {}\n",
    "discovery:\n  enabled: true\n  registry:\n    dns: {servers: [\"10.0.0.10:53\"]}\nimage: {}\n",
    // What is left over of an old chart proves nothing.
    """
    gateway: {type: NodePort}
    apisix:
      discovery:
        enabled: true
        registry:
          dns: {servers: ["10.0.0.10:53"]}
    """,
  ]) func nothingIsSaidOf(_ text: String) {
    #expect(Self.lint(text) == [])
  }

  @Test func aCredentialInAnInnerTextIsHidden() throws {
    let text = """
      apiVersion: helm.cattle.io/v1
      kind: HelmChart
      metadata: {name: apisix}
      spec:
        chart: apisix
        valuesContent: |-
          apisix:
            discovery:
              enabled: true
              registry:
                nacos:
                  host: ["http://192.168.33.1:8848"]
                  secret_key: mK7pQ2vT9xW4zB6d
                  wieght: 50
      """
    let source = try #require(LintResult.of(("k3s.yaml", text)).sources["k3s.yaml"])
    let hidden = source.secrets.map { String(decoding: source.text.bytes[$0], as: UTF8.self) }
    #expect(hidden.contains { $0.contains("mK7pQ2vT9xW4zB6d") })
  }

  @Test func aCredentialInAnyReleasesParametersIsHidden() throws {
    let release = { (number: Int) in
      """
      apiVersion: argoproj.io/v1alpha1
      kind: Application
      metadata: {name: a\(number)}
      spec:
        source:
          chart: apisix
          targetRevision: 2.8.0
          helm:
            parameters:
              - name: apisix.discovery.registry.kubernetes.client.token
                value: hidden-\(number)-for-good
              - {name: apisix.discovery.registry.consul.servers, value: "{http://user:secret\(number)word@10.0.0.1:8500}"}
      """
    }
    let text = (1...3).map(release).joined(separator: "\n---\n")
    let source = try #require(LintResult.of(("apps.yaml", text)).sources["apps.yaml"])
    let hidden = source.secrets.map { String(decoding: source.text.bytes[$0], as: UTF8.self) }
    for number in 1...3 {
      #expect(hidden.contains("hidden-\(number)-for-good"))
      #expect(hidden.contains { $0.contains("secret\(number)word") })
    }
  }
}
