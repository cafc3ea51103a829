import Findings
import TestSupport
import Testing

@testable import Logs

/// Tests/Fixtures/logs: whole logs of running gateways, and the rule that tells the cause of each.
@Suite struct FixtureLogTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let name: String
    let rules: [String]
    var testDescription: String { name }
  }

  static let rows: [Row] = {
    let lines = (try? Checkout.text("Tests/Fixtures/logs/rules.txt"))?.split(separator: "\n") ?? []
    return lines.filter { !$0.hasPrefix("#") }.map { line in
      let words = line.split(separator: " ").map(String.init)
      return Row(name: words[0], rules: words.dropFirst().filter { $0 != "-" })
    }
  }()

  @Test func eachLogHasARow() {
    let logs = Checkout.files(below: Checkout.fixtures + "/logs", suffix: ".log").map { String($0.dropLast(4)) }
    #expect(logs == Self.rows.map(\.name))
  }

  /// The rules of other floors are known to their own tests.
  @Test(arguments: rows) func theCauseIsFound(_ row: Row) throws {
    let known = Set(LogRules.all.map(\.id))
    guard row.rules.isEmpty || row.rules.contains(where: known.contains) else { return }
    let groups = try Read([Checkout.fixtures + "/logs/\(row.name).log"]).groups
    if row.rules.isEmpty {
      #expect(groups.allSatisfy { $0.explanation.severity == .note })
      return
    }
    let causes = LogChain(groups).causes
    let ranked = groups.indices.map { (rank: groups[$0].rank(isTop: causes[$0] == nil), index: $0) }
    let first = ranked.min { $0 < $1 }.map { groups[$0.index].explanation.rule.id }
    #expect(row.rules.contains(first ?? "-"), "\(groups.map { "\($0.explanation.rule.id) \($0.explanation.part)" })")
  }
}
