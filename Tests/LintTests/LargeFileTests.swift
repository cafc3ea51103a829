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
}
