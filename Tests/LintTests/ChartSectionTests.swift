import APISIX
import Findings
import SourceText
import Testing

@testable import Lint

/// Which section of a chart's values counts, and what its values are.
@Suite struct ChartSectionTests {
  @Test func parametersAreTypedAsHelmDoes() {
    let text =
      ChartValuesTests.application + """
              parameters:
                - name: apisix.discovery.enabled
                  value: "true"
                - name: apisix.discovery.registry.kubernetes.service.port
                  value: "6443"
        """
    #expect(ChartValuesTests.lint(text) == ["14 kubernetes/port-not-string"])
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
    #expect(ChartValuesTests.lint(text) == rules)
  }

  @Test func theChartBesideTheValuesTellsItsVersion() {
    let values = "apisix:\n  discovery: {enabled: true, registry: {dns: {servers: [\"10.0.0.10:53\"]}}}\n  rbac: {}\n"
    let chart = { (version: String) in
      "apiVersion: v2\nname: platform\ndependencies:\n  - {name: apisix, version: \(version), repository: \"@apisix\"}\n"
    }
    for (version, rules) in [("2.3.0", ["2 helm/discovery-place"]), ("1.9.2", []), ("'>=1'", [])] {
      let result = LintResult.of(("c/Chart.yaml", chart(version)), ("c/values.yaml", values), named: false)
      #expect(result.findings.lines == rules)
    }
  }

  /// What another chart hands on stands below the dependency's name: its `apisix.discovery` is the top level there.
  @Test(arguments: [
    ("gw", "0.11.3", "apisix", "apisix", nil), ("gw", "1.3.1", "apisix", "apisix", nil),
    ("gw", "2.8.0", "apisix", "apisix", "apisix.apisix.discovery.registry"),
    ("gw", "2.8.0", "edge", "edge", "edge.apisix.discovery.registry"), ("gw", "1.3.1", "edge", "edge", nil),
    ("apisix", "2.8.0", "apisix", "apisix.apisix", nil),
    ("apisix", "0.11.3", "apisix", "apisix.apisix", "apisix.discovery.registry"),
    ("gw", "2.8.0", "edge", "apisix", nil),
  ])
  func anUmbrellaHandsOnWhatStandsBelowAName(
    name: String, version: String, alias: String, place: String, right: String?
  ) {
    let chart = """
      apiVersion: v2
      name: \(name)
      version: 1.0.0
      dependencies: [{name: apisix, version: \(version), alias: \(alias), repository: "https://charts.apiseven.com"}]

      """
    let open = place.split(separator: ".").map { "\($0): {" }.joined()
    let section = "discovery: {enabled: true, registry: {dns: {servers: [\"10.0.0.10:53\"]}}}"
    let values = open + section + String(repeating: "}", count: place.split(separator: ".").count) + "\n"
    let result = LintResult.of(("c/Chart.yaml", chart), ("c/values.yaml", values), named: false)
    #expect(result.findings.map(\.rule.id) == (right == nil ? [] : ["helm/discovery-place"]))
    #expect(result.findings.first?.help == right.map { "move it to \($0)" })
  }

  /// A file for each environment holds what differs from the one for all.
  @Test func valuesMayBeLaidOverOthers() {
    let registry = "registry: {kubernetes: {default_weight: 10}}"
    let base = "rbac: {create: true}\napisix: {discovery: {enabled: true, registry: {kubernetes: {}}}}\n"
    let more = "image: {tag: 3.9.1}\napisix:\n  discovery:\n    \(registry)\n"
    let test = more.replacing("    registry", with: "    enabled: true\n    registry")
    let layers = LintResult.of(("c/values.yaml", base), ("c/values-prod.yaml", more), ("c/env/test.yaml", test))
    #expect(layers.findings.lines == [])
    let discovery = "{discovery: {enabled: true, \(registry)}}"
    let release = "releases: [{name: a, chart: apisix/apisix, values: [{apisix: \(discovery)}]}]\n"
    #expect(LintResult.of(("c/values.yaml", base), ("c/helmfile.yaml", release)).findings.lines == ["1 helm/rbac-off"])
    #expect(LintResult.of(("c/values-prod.yaml", more)).findings.lines == ["4 helm/discovery-disabled"])
    #expect(LintResult.of(("c/env/test.yaml", test)).findings.lines == ["5 helm/rbac-off"])
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
    let own = "apiVersion: v2\nname: apisix\nversion: 1.9.0\ndependencies: [{name: etcd, version: 8.7.7}]\n"
    for (chart, rules) in [
      (chart, []), (chart.replacing("2.10.0", with: "1.9.0"), ["7 helm/discovery-place"]),
      (own, ["7 helm/discovery-place"]),
    ] {
      let result = LintResult.of(("c/Chart.yaml", chart), ("c/values.yaml", values), named: false)
      #expect(result.findings.lines == rules)
    }
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
    #expect(ChartValuesTests.lint(text) == rules)
  }
}
