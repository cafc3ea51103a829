import Findings
import Testing

@testable import Logs

@Suite struct LogRulesTests {
  @Test func everyRuleIsOfTheArea() {
    #expect(LogRules.all.allSatisfy { $0.id.hasPrefix("log/") })
  }
}
