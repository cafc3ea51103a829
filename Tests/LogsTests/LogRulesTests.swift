import Findings
import Testing

@testable import Logs

@Suite struct LogRulesTests {
  @Test func everyRuleIsOfTheArea() {
    #expect(LogRules.all.allSatisfy { $0.id.hasPrefix("log/") })
    #expect(Set(LogRules.all.map(\.id)).count == LogRules.all.count)
  }

  @Test func everyRuleHasAWholePage() {
    for rule in LogRules.all {
      #expect([rule.checks, rule.why, rule.example, rule.fix].allSatisfy { !$0.isEmpty }, "\(rule.id)")
      #expect(!rule.summary.isEmpty && rule.summary.count <= 90 && !rule.summary.contains("\n"), "\(rule.summary)")
    }
  }

  /// The line of a page is explained by it.
  @Test func theExampleOfAPageIsItsOwn() {
    for rule in LogRules.all {
      let line = "2026/11/28 11:06:21 [error] 1#1: *6 [lua] init.lua:1: \(rule.example), context: ngx.timer"
      let found = [rule.example, line, request(rule.example), request("[lua] init.lua:1: " + rule.example)].map(explain)
      #expect(found.contains { $0?.rule == rule }, "\(rule.id): \(rule.example)")
    }
  }
}
