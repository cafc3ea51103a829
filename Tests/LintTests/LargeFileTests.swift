import APISIX
import Findings
import TestSupport
import Testing

@testable import Lint

/// Generated files of 5 MB: none of the cross-checks may compare everything with everything.
@Suite struct LargeFileTests {
  @Test func manyObjectsAreCheckedInOnePass() throws {
    let objects = (0..<4000).map { number in
      RBACRuleTests.good.replacing("apisix-test", with: "apisix-test-\(number)")
    }
    #expect(try Run(objects.joined(separator: "\n---\n")).rules == [])
  }

  @Test func manyRoutesAreCheckedInOnePass() throws {
    var text = "routes:\n"
    for number in 0..<10000 {
      text += "  - {id: \(number), uri: /\(number), service_id: s\(number), upstream_id: u\(number)}\n"
    }
    text += "services:\n"
    for number in 0..<10000 {
      text += "  - {id: s\(number), upstream: {service_name: default/web-\(number):http, discovery_type: kubernetes}}\n"
    }
    text += "upstreams:\n"
    for number in 0..<10000 { text += "  - {id: u\(number), nodes: {\"a-\(number):80\": 1}}\n" }
    let run = try Run(text + "#END\n")
    #expect(Set(run.rules) == ["standalone/route-overrides-service"])
    #expect(run.rules.count == 10000)
  }

  @Test func manyNumbersBetweenBracketsAreLookedUp() {
    let upstream = { (number: Int) in
      "  - id: u\(number)\n    type: roundrobin\n    nodes: {\"a:80\": 1, \"b:80\": 1}\n"
    }
    let old = Conditions(release: Release(3, 9, 0))
    #expect(
      growth(300, old, finding: ["upstream/number-in-braces"]) {
        [("apisix.yaml", "upstreams:\n" + (0..<$0).map(upstream).joined() + "#END\n")]
      } < 8)
  }

  @Test func manyUnknownKeysAreComparedWithThoseThatAreMissing() {
    let head = "upstreams:\n  - id: one\n    service_name: A\n    discovery_type: eureka\n"
    #expect(
      growth(500, finding: ["upstream/unknown-key"]) {
        [("apisix.yaml", head + (0..<$0).map { "    nodez\($0): 1\n" }.joined() + "#END\n")]
      } < 8)
  }

  /// Each folder has a config.yaml and its routes, which lack the marker.
  @Test func manyFoldersAreEachComparedWithThemselves() {
    let config = "deployment: {role: data_plane, role_data_plane: {config_provider: yaml}}\n"
    let routes = "routes: [{uri: /a, upstream: {type: roundrobin, nodes: {\"a:80\": 1}}}]\n"
    #expect(
      growth(200, Conditions(environment: .known([:])), finding: ["standalone/end-marker"]) {
        (0..<$0).flatMap { [("envs/\($0)/conf/config.yaml", config), ("envs/\($0)/conf/apisix.yaml", routes)] }
      } < 8)
  }

  /// Up to 3.16 APISIX fills nothing into comments.
  @Test func manyVariablesInCommentsAreLookedUp() {
    #expect(
      growth(2000, Conditions(release: Release(3, 9, 0), environment: .known([:])), finding: []) {
        [("apisix.yaml", "routes: []\n" + String(repeating: "# ${{HOST}}\n", count: $0) + "#END\n")]
      } < 8)
  }

  /// Between deeper lines, so that each asks what stands above and below it.
  @Test func manyTemplatesAreReadInOnePass() {
    let head = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: 5\n"
    #expect(
      growth(1000, finding: ["manifest/not-a-string"]) {
        [("map.yaml", head + String(repeating: "{{ .Values.x }}\n", count: $0) + "data:\n  a: 6\n")]
      } < 8)
  }

  @Test func aReferenceIsNotSoughtAmongAllIDsAnew() {
    let route = { (number: Int) in "  - {id: \(number), uri: /\(number), upstream_id: gone\(number)}\n" }
    let upstream = { (number: Int) in "  - {id: u\(number), type: roundrobin, nodes: {\"a:80\": 1}}\n" }
    #expect(
      growth(500, finding: ["standalone/reference-not-found"]) {
        let text = "routes:\n" + (0..<$0).map(route).joined() + "upstreams:\n" + (0..<$0).map(upstream).joined()
        return [("apisix.yaml", text + "#END\n")]
      } < 8)
  }

  @Test func whatAWideCommaEndsIsReadOnce() {
    #expect(
      growth(2000) {
        let name = String(repeating: "a", count: $0) + String(repeating: "\u{FF0C}", count: $0)
        return [("config.yaml", "discovery:\n  dns: {servers: [\(name)]}\n")]
      } < 8)
  }

  @Test(arguments: ["{{/* ", "{{- /* ", "{{ /* "]) func aNoteThatNeverEndsIsSoughtOnce(note: String) {
    #expect(growth(1000) { [("config.yaml", "a: b " + String(repeating: note, count: $0) + "\n")] } < 8)
  }

  @Test func whatChangesIsToldApartInOnePass() {
    let role = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: r}\n"
    let rules = "rules: [{apiGroups: [''], resources: [endpoint], verbs: [list, watch]}]\n---\n"
    let grown = growth(200, Conditions(release: Release(3, 8)), upTo: Release(3, 18)) {
      [("roles.yaml", String(repeating: role + rules, count: $0))]
    }
    #expect(grown < 8)
  }

  @Test func secretsOfAFileThatChangesAreLookedUp() {
    let head = "discovery:\n  consul:\n    servers: [\"http://127.0.0.1:8500\"]\n"
    #expect(
      growth(500, Conditions(release: Release(3, 8)), upTo: Release(3, 18)) {
        [("config.yaml", head + (0..<$0).map { "    token\($0): q9VwZt3Xk7Lm2Rb8Yc4N\($0)\n" }.joined())]
      } < 8)
  }

  @Test func wordsOfCommentsAreComparedOnce() {
    let line = "# q9VwZt3Xk7Lm2Rb8Yc4N http://u:pw@h/\n"
    #expect(growth(2000) { [("config.yaml", "apisix:\n" + String(repeating: line, count: $0))] } < 8)
  }

  /// How often what a text of so many pieces costs goes into what one of four times as many does, counted in the time
  /// that this thread computes: 4, or with what the first run alone has to do less; 16 where each is compared with
  /// each.
  private func growth(
    _ count: Int, _ conditions: Conditions = Conditions(), finding rules: Set<String>? = nil,
    upTo target: Release? = nil, _ files: (Int) -> [(path: String, text: String)]
  ) -> Double {
    func cost(_ count: Int) -> Double {
      let inputs = files(count).map { LintInput(path: $0.path, bytes: Array($0.text.utf8), named: true) }
      let linter = Linter(Catalogue([]), now: 0, upgradeTo: target) { _ in conditions }
      let times = (0..<3).map { _ in
        var found: [Finding] = []
        let time = threadTime { found = linter.check(inputs, threads: 1).findings }
        if let rules { #expect(Set(found.map(\.rule.id)) == rules) }
        return time
      }
      return Double(times.min() ?? 1)
    }
    return cost(4 * count) / cost(count)
  }

  @Test func aReleaseDoesNotCostTheWholeFile() {
    let application = { (number: Int) in
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
              - name: apisix.discovery.registry.kubernetes.default_weight
                value: "5"

      """
    }
    #expect(growth(100) { [("apps.yaml", (0..<$0).map(application).joined(separator: "---\n"))] } < 8)
    let release = { (number: Int) in
      """
      apiVersion: helm.toolkit.fluxcd.io/v2
      kind: HelmRelease
      metadata: {name: a\(number)}
      spec:
        chart: {spec: {chart: apisix, version: 2.8.0}}
        values:
          serviceAccount: {create: true}
          rbac: {create: true}
          apisix: {discovery: {enabled: true, registry: {dns: {servers: ["127.0.0.1:8600"]}}}}

      """
    }
    #expect(growth(100) { [("releases.yaml", (0..<$0).map(release).joined(separator: "---\n"))] } < 8)
  }

  @Test func aVariableDoesNotCostTheWholeFile() {
    let servers = { (count: Int) in (0..<count).map { "      - ${A\($0)}:x\n" }.joined() }
    #expect(growth(200) { [("config.yaml", "discovery:\n  dns:\n    servers:\n" + servers($0))] } < 8)
    // Braces that are nowhere closed.
    let open = { (count: Int) in (0..<count).map { _ in "# ${\n" }.joined() }
    #expect(growth(2_000) { [("config.yaml", "discovery:\n  dns:\n    servers: [\"${A}\"]\n" + open($0))] } < 8)
  }

  @Test func aDocumentDoesNotCostTheWholeFile() {
    #expect(growth(1_000) { [("docs.yaml", String(repeating: "---\nroutes:\n- a: b\n", count: $0) + "#END\n")] } < 8)
  }

  @Test func aBindingIsNotComparedWithAllOthers() {
    let role = """
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRole
      metadata: {name: apisix}
      rules:
        - {apiGroups: [""], resources: [endpoints], verbs: [get, list, watch]}

      """
    let binding = { (number: Int) in
      """
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRoleBinding
      metadata: {name: apisix\(number)}
      roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: apisix}
      subjects: [{kind: ServiceAccount, name: a\(number), namespace: apisix}]

      """
    }
    let token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzeXN0ZW06c2VydmljZWFjY291bnQ6bm9wZTpub2JvZHkifQ.c2ln"
    let config = """
      discovery:
        kubernetes:
          service: {host: 10.0.0.1, port: "6443"}
          client: {token: \(token)}

      """
    #expect(
      growth(75) { [("rbac.yaml", role + (0..<$0).map(binding).joined()), ("deep/config.yaml", config)] } < 8)
  }
}
