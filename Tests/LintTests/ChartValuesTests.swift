import APISIX
import Findings
import SourceText
import Testing

@testable import Lint

/// The values of APISIX's charts where their users keep them: what is wrong is told at its line of the outer file.
@Suite struct ChartValuesTests {
  private func lint(_ text: String, path: String = "gateway.yaml") -> [String] {
    let linter = Linter(Catalogue([]), now: 0) { _ in Conditions() }
    let found = linter.check([LintInput(path: path, bytes: Array(text.utf8), named: true)]).findings
    return found.filter { $0.severity == .error }.map { "\($0.range?.start.line ?? 0) \($0.rule.id)" }
  }

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
    (
      """
      apiVersion: argoproj.io/v1alpha1
      kind: Application
      metadata: {name: apisix}
      spec:
        source:
          chart: apisix
          repoURL: https://charts.apiseven.com
          targetRevision: 2.8.0
          helm:
            values: |
      """, 8
    ),
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
    #expect(lint(head + "\n" + Self.values(at: column) + "\n") == ["\(line) kubernetes/port-not-string"])
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
    let linter = Linter(Catalogue([]), now: 0) { _ in Conditions() }
    let input = LintInput(path: "k3s.yaml", bytes: Array(text.utf8), named: true)
    let plan = FixPlan(linter.check([input]).findings, in: input.bytes)
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
    """
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata: {name: apisix}
    spec:
      source:
        chart: apisix
        repoURL: https://charts.apiseven.com
        targetRevision: 2.8.0
        helm:
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
    """
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata: {name: apisix}
    spec:
      source:
        chart: apisix
        repoURL: https://charts.apiseven.com
        targetRevision: 2.8.0
        helm:
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
    #expect(lint(text) == [])
  }

  @Test func parametersAreTypedAsHelmDoes() {
    let text = """
      apiVersion: argoproj.io/v1alpha1
      kind: Application
      metadata: {name: apisix}
      spec:
        source:
          chart: apisix
          repoURL: https://charts.apiseven.com
          targetRevision: 2.8.0
          helm:
            parameters:
              - name: apisix.discovery.enabled
                value: "true"
              - name: apisix.discovery.registry.kubernetes.service.port
                value: "6443"
      """
    #expect(lint(text) == ["14 kubernetes/port-not-string"])
  }

  @Test(arguments: [
    ("1.9.0", true, ["12 helm/discovery-place"]), ("1.9.0", false, []), ("0.13.0", true, ["12 helm/discovery-place"]),
    ("2.0.0", false, ["11 helm/discovery-place"]), ("^2.1", false, ["11 helm/discovery-place"]), ("2.0.0", true, []),
    (">=1.0.0", true, []), (">=1.0.0", false, []), ("*", false, []),
  ]) func theVersionTellsWhichSectionCounts(_ version: String, isNested: Bool, rules: [String]) {
    let section = "discovery: {enabled: true, registry: {dns: {servers: [\"10.0.0.10:53\"]}}}"
    let text = """
      apiVersion: helm.toolkit.fluxcd.io/v2
      kind: HelmRelease
      metadata: {name: apisix}
      spec:
        chart:
          spec:
            chart: apisix
            version: "\(version)"
            sourceRef: {kind: HelmRepository, name: apisix}
        values:
          \(isNested ? "apisix:\n      " + section : section)
      """
    #expect(lint(text) == rules)
  }

  @Test func theChartBesideTheValuesTellsItsVersion() {
    let values = "apisix:\n  discovery: {enabled: true, registry: {dns: {servers: [\"10.0.0.10:53\"]}}}\n  rbac: {}\n"
    let chart = { (version: String) in
      "apiVersion: v2\nname: platform\ndependencies:\n  - {name: apisix, version: \(version), repository: \"@apisix\"}\n"
    }
    for (version, rules) in [("2.3.0", ["2 helm/discovery-place"]), ("1.9.2", []), ("'>=1'", [])] {
      #expect(lint(values, beside: chart(version)) == rules)
    }
  }

  private func lint(_ values: String, beside chart: String) -> [String] {
    lint([("c/Chart.yaml", chart), ("c/values.yaml", values)])
  }

  private func lint(_ files: [(path: String, text: String)]) -> [String] {
    let linter = Linter(Catalogue([]), now: 0) { _ in Conditions() }
    let inputs = files.map { path, text in
      LintInput(path: path, bytes: Array(text.utf8), named: false)
    }
    return linter.check(inputs).findings.map { "\($0.range?.start.line ?? 0) \($0.rule.id)" }
  }

  /// A file for each environment holds what differs from the one for all.
  @Test func valuesMayBeLaidOverOthers() {
    let registry = "registry: {kubernetes: {default_weight: 10}}"
    let layers = [
      ("c/values.yaml", "rbac: {create: true}\napisix: {discovery: {enabled: true, registry: {kubernetes: {}}}}\n"),
      ("c/values-prod.yaml", "image: {tag: 3.9.1}\napisix:\n  discovery:\n    \(registry)\n"),
      ("c/env/test.yaml", "image: {tag: 3.9.1}\napisix:\n  discovery:\n    enabled: true\n    \(registry)\n"),
    ]
    #expect(lint(layers) == [])
    #expect(lint(Array(layers[1...1])) == ["4 helm/discovery-disabled"])
    #expect(lint(Array(layers[2...])) == ["5 helm/rbac-off"])
  }

  /// The values below `apisix` are those of the dependency, whatever version the chart around it has.
  @Test func aChartMayHaveTheNameOfItsDependency() {
    let values = """
      apisix:
        serviceAccount:
          create: true
        rbac:
          create: true
        apisix:
          discovery:
            enabled: true
            registry:
              kubernetes: {}
      """
    let chart = """
      apiVersion: v2
      name: apisix
      version: 0.1.0
      dependencies:
        - name: apisix
          version: 2.10.0
          repository: https://charts.apiseven.com
      """
    #expect(lint(values, beside: chart) == [])
    #expect(lint(values, beside: chart.replacing("2.10.0", with: "1.9.0")) == ["7 helm/discovery-place"])
    let own = "apiVersion: v2\nname: apisix\nversion: 1.9.0\ndependencies: [{name: etcd, version: 8.7.7}]\n"
    #expect(lint(values, beside: own) == ["7 helm/discovery-place"])
  }

  @Test(arguments: [
    (
      """
      dataPlane:
        defaultConfig: |
          {{- if .Values.dataPlane.metrics.enabled }}
          plugin_attr: {}
          {{- end }}
          apisix:
            node_listen: {{ .Values.dataPlane.containerPorts.http }}
          discovery:
            kubernetes:
              service:
                port: 6443
      rbac:
        create: false
      """, ["11 kubernetes/port-not-string"]
    ),
    (
      """
      dataPlane:
        extraConfig:
          discovery:
            kubernetes: {default_weight: "50"}
      controlPlane:
        extraConfig:
          discovery:
            nacos:
              host: http://192.168.33.1:8848
      """, ["4 kubernetes/weight-invalid", "9 discovery/invalid-value"]
    ),
    (
      """
      apisix:
        fullCustomConfig:
          enabled: true
          config:
            apisix:
              node_listen: 9080
            discovery:
              kubernetes:
                service:
                  port: 6443
      serviceAccount:
        create: true
      """, ["10 kubernetes/port-not-string"]
    ),
  ]) func wholeConfigurationsInValuesAreJudged(_ text: String, _ rules: [String]) {
    #expect(lint(text) == rules)
  }

  @Test func aCredentialInAnInnerTextIsHidden() throws {
    let linter = Linter(Catalogue([]), now: 0) { _ in Conditions() }
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
    let result = linter.check([LintInput(path: "k3s.yaml", bytes: Array(text.utf8), named: true)])
    let source = try #require(result.sources["k3s.yaml"])
    let hidden = source.secrets.map { String(decoding: source.text.bytes[$0], as: UTF8.self) }
    #expect(hidden.contains { $0.contains("mK7pQ2vT9xW4zB6d") })
  }

  @Test func aCredentialInAnyReleasesParametersIsHidden() throws {
    let linter = Linter(Catalogue([]), now: 0) { _ in Conditions() }
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
    let result = linter.check([LintInput(path: "apps.yaml", bytes: Array(text.utf8), named: true)])
    let source = try #require(result.sources["apps.yaml"])
    let hidden = source.secrets.map { String(decoding: source.text.bytes[$0], as: UTF8.self) }
    for number in 1...3 {
      #expect(hidden.contains("hidden-\(number)-for-good"))
      #expect(hidden.contains { $0.contains("secret\(number)word") })
    }
  }
}
