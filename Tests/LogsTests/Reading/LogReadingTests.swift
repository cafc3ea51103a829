import Findings
import Inputs
import TestSupport
import Testing

@testable import Logs

/// What is read of whole logs.
struct Read {
  var groups: [LogGroup] = []
  var counts = LogCounts()
  var folded: [FoldedEntries] = []

  init(_ files: [String], range: ClosedRange<Int> = Int.min...Int.max) throws {
    var reading = LogReading(range: range)
    try reading.read(files)
    (groups, counts, folded) = (reading.groups, reading.counts, reading.folded)
  }

  /// Of one log.
  init(_ text: String) throws {
    let folder = try Folder(["error.log": text])
    try self.init([folder["error.log"]])
  }

  var ids: Set<String> { Set(groups.map(\.id)) }
}

@Suite struct LogReadingTests {
  @Test(arguments: FixtureLogTests.rows) func aWholeLogHasTheGroupsOfItsEntries(_ row: FixtureLogTests.Row) throws {
    let text = try Checkout.text("Tests/Fixtures/logs/\(row.name).log")
    let expected = records(text).compactMap(LogRules.explanation)
    let read = try Read([Checkout.fixtures + "/logs/\(row.name).log"])
    #expect(Set(read.groups.map(\.explanation.rule.id)) == Set(expected.map(\.rule.id)))
    #expect(read.groups.reduce(0) { $0 + $1.count } == expected.count)
    #expect(read.counts.read == text.split(separator: "\n").count)
  }
}
