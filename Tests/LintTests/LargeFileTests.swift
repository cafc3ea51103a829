import APISIX
import Findings
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

  /// The time stays far below what comparing everything with everything takes.
  private func expectLittleTime(for inputs: [LintInput], _ conditions: Conditions, _ found: [String]) {
    let linter = Linter(Catalogue([]), now: 0) { _ in conditions }
    let clock = ContinuousClock()
    var rules: [String] = []
    let time = clock.measure { rules = linter.check(inputs).findings.map(\.rule.id) }
    #expect(Set(rules) == Set(found))
    #expect(time < .seconds(10))
  }

  @Test func manyNumbersBetweenBracketsAreLookedUp() {
    let upstreams = (0..<5000).map {
      "  - id: u\($0)\n    type: roundrobin\n    nodes: {\"a:80\": 1, \"b:80\": 1}\n"
    }
    let text = "upstreams:\n" + upstreams.joined() + "#END\n"
    expectLittleTime(
      for: [LintInput(path: "apisix.yaml", bytes: Array(text.utf8), named: true)],
      Conditions(release: Release(3, 9, 0)), ["upstream/number-in-braces"])
  }

  @Test func manyUnknownKeysAreComparedWithThoseThatAreMissing() {
    let keys = (0..<8000).map { "    nodez\($0): 1\n" }
    let text = "upstreams:\n  - id: one\n    service_name: A\n    discovery_type: eureka\n" + keys.joined() + "#END\n"
    expectLittleTime(
      for: [LintInput(path: "apisix.yaml", bytes: Array(text.utf8), named: true)], Conditions(),
      ["upstream/unknown-key"])
  }

  /// Each folder has a config.yaml and its routes, which lack the marker.
  @Test func manyFoldersAreEachComparedWithThemselves() {
    let config = "deployment: {role: data_plane, role_data_plane: {config_provider: yaml}}\n"
    let routes = "routes: [{uri: /a, upstream: {type: roundrobin, nodes: {\"a:80\": 1}}}]\n"
    let inputs = (0..<4000).flatMap { number in
      [("config.yaml", config), ("apisix.yaml", routes)].map { name, text in
        LintInput(path: "envs/\(number)/conf/\(name)", bytes: Array(text.utf8), named: true)
      }
    }
    expectLittleTime(for: inputs, Conditions(environment: .known([:])), ["standalone/end-marker"])
  }

  /// Up to 3.16 APISIX fills nothing into comments.
  @Test func manyVariablesInCommentsAreLookedUp() {
    let text = "routes: []\n" + String(repeating: "# ${{HOST}}\n", count: 30000) + "#END\n"
    expectLittleTime(
      for: [LintInput(path: "apisix.yaml", bytes: Array(text.utf8), named: true)],
      Conditions(release: Release(3, 9, 0), environment: .known([:])), [])
  }

  /// Between deeper lines, so that each asks what stands above and below it.
  @Test func manyTemplatesAreReadInOnePass() throws {
    let templates = String(repeating: "{{ .Values.x }}\n", count: 20000)
    let text = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: 5\n\(templates)data:\n  a: 6\n"
    let result = Linter(Catalogue([]), now: 0) { _ in Conditions() }
      .check([LintInput(path: "map.yaml", bytes: Array(text.utf8), named: true)])
    #expect(result.findings.map(\.rule.id) == ["manifest/not-a-string", "manifest/not-a-string"])
  }
}
