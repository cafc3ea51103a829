import Findings
import Probes
import Testing

@Suite struct ProbeRulesTests {
  @Test func everyRuleHasItsOwnIDAndAPage() {
    let rules = ProbeRules.all
    #expect(Set(rules.map(\.id)).count == rules.count)
    #expect(rules.allSatisfy { !$0.checks.isEmpty && !$0.why.isEmpty && !$0.fix.isEmpty && !$0.example.isEmpty })
  }
}
