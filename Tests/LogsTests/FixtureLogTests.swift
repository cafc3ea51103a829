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
    let found = try Read([Checkout.fixtures + "/logs/\(row.name).log"]).groups.map(\.explanation)
    if row.rules.isEmpty {
      #expect(found.allSatisfy { $0.severity == .note })
      return
    }
    func order(_ explanation: Explanation) -> Int {
      switch explanation.part {
      case .cause: 0
      case .request: 1
      case .effect: 2
      case .harmless: 3
      }
    }
    let first = found.enumerated().min { (order($0.element), $0.offset) < (order($1.element), $1.offset) }
    #expect(row.rules.contains(first?.element.rule.id ?? "-"), "\(found.map { "\($0.rule.id) \($0.part)" })")
  }
}
