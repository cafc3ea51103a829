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

  /// Between deeper lines, so that each asks what stands above and below it.
  @Test func manyTemplatesAreReadInOnePass() throws {
    let templates = String(repeating: "{{ .Values.x }}\n", count: 20000)
    let text = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: 5\n\(templates)data:\n  a: 6\n"
    let result = Linter(Catalogue([]), now: 0) { _ in Conditions() }
      .check([LintInput(path: "map.yaml", bytes: Array(text.utf8), named: true)])
    #expect(result.findings.map(\.rule.id) == ["manifest/not-a-string", "manifest/not-a-string"])
  }
}
