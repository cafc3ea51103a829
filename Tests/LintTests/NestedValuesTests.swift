import Findings
import SourceText
import Testing

@testable import Lint

/// Values that stand in a block of values, in pairs, or in the ConfigMap of a release.
@Suite struct NestedValuesTests {
  private static let application = """
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata: {name: apisix, namespace: argocd}
    spec:
      project: default
      source:
        repoURL: https://charts.bitnami.com/bitnami
        chart: apisix
        targetRevision: 3.3.0
        helm:
          values: |
            # the gateway
            dataPlane:
              enabled: true

              defaultConfig: |
                apisix:
                  node_listen: 9080
                discovery:
                  kubernetes:
                    service:
                      schema: https
                      host: 10.0.0.1
                      port: 6443
                    client:
                      token: "eyJhbGciOiJSUzI1NiJ9.secretsecretsecret"
      destination: {server: https://kubernetes.default.svc, namespace: apisix}

    """

  @Test func aBlockInsideABlock() throws {
    let result = LintResult.of(("app.yaml", Self.application))
    #expect(
      result.findings.filter { $0.rule.id == "kubernetes/port-not-string" }.lines == ["24 kubernetes/port-not-string"])
    #expect(result.findings.first { $0.rule.id == "kubernetes/port-not-string" }?.range?.start.column == 25)
    let plan = FixPlan(
      result.findings.filter { $0.rule.id == "kubernetes/port-not-string" }, in: Array(Self.application.utf8))
    #expect(
      String(decoding: plan.bytes, as: UTF8.self)
        == Self.application.replacing("port: 6443", with: "port: \"6443\""))
    let secrets = try #require(result.sources["app.yaml"]).secrets.map {
      String(decoding: Array(Self.application.utf8)[$0], as: UTF8.self)
    }
    #expect(secrets.contains { $0.contains("secretsecretsecret") })
  }

  /// What is merged into the chart's own need not be whole.
  @Test func aPartInsideABlock() {
    let part = Self.application.replacing("defaultConfig", with: "extraConfig")
      .replacing("port: 6443", with: "port: \"6443\"").replacing("              client:\n", with: "")
      .split(separator: "\n").filter { !$0.contains("token:") && !$0.contains("client:") }.joined(separator: "\n")
    #expect(LintResult.of(("app.yaml", part)).findings.lines == [])
  }

  private static let helmfile = """
    repositories:
      - name: apisix
        url: https://charts.apiseven.com
    releases:
      - name: apisix
        namespace: apisix
        chart: apisix/apisix
        version: 2.8.0
        set:
          - name: apisix.discovery.enabled
            value: true
          - name: apisix.discovery.registry.kubernetes.service.port
            value: 6443
          - name: rbac.create
            value: true

    """

  @Test func theSetOfAHelmfile() {
    let findings = LintResult.of(("helmfile.yaml", Self.helmfile)).findings
    #expect(findings.lines == ["13 kubernetes/port-not-string"])
    #expect(findings.first?.fix == nil && findings.first?.help?.contains("setString") == true)
    #expect(LintResult.of(("helmfile.yaml", Self.helmfile.replacing("set:", with: "setString:"))).findings.lines == [])
  }

  private static let release = """
    apiVersion: helm.toolkit.fluxcd.io/v2
    kind: HelmRelease
    metadata: {name: apisix, namespace: apisix}
    spec:
      chart: {spec: {chart: apisix, version: 2.8.0, sourceRef: {kind: HelmRepository, name: apisix}}}
      valuesFrom: [{kind: ConfigMap, name: apisix-values}]

    """
  private static let map = """
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: apisix-values, namespace: apisix}
    data:
      values.yaml: |
        apisix:
          discovery:
            registry:
              kubernetes:
                service:
                  port: 6443

    """

  @Test func theValuesOfAReleaseInAConfigMap() {
    let findings = LintResult.of(("release.yaml", Self.release), ("values-map.yaml", Self.map)).findings
    #expect(findings.lines == ["11 kubernetes/port-not-string"])
    let other = Self.map.replacing("kubernetes:", with: "backends:")
    #expect(LintResult.of(("release.yaml", Self.release), ("values-map.yaml", other)).findings.lines == [])
  }
}
