import Findings
import Foundation
import Inputs
import TestSupport
import Testing

@testable import Logs

/// Several files, their order, and what has no end.
@Suite struct LogLimitTests {
  private func unexpected(_ name: String, _ clock: String = "11:02:16", id: Int = 6, day: Int = 28) -> String {
    "2026/11/\(day) \(clock) [error] 41#41: *\(id) [lua] init.lua:549: nodes(): fetch nodes failed by \(name), error: "
      + "consul service not found: default/\(name), client: 10.0.0.1, server: _, request: \"GET /\(name) HTTP/1.1\"\n"
  }

  private func noNode(_ clock: String = "11:02:16", id: Int = 6) -> String {
    "2026/11/28 \(clock) [error] 41#41: *\(id) [lua] init.lua:646: handle_upstream(): failed to set upstream: no valid "
      + "upstream node: nil, client: 10.0.0.1, server: _, request: \"GET /a HTTP/1.1\"\n"
  }

  /// Without what tells one user's from another's: all are of one group.
  private func forbidden(_ user: String) -> String {
    "2026/11/28 11:02:16 [error] 41#41: *6 [lua] informer_factory.lua:316: list failed, kind: Endpoints, reason: Forbidden, "
      + "message : endpoints is forbidden: \(user) cannot list resource, context: ngx.timer\n"
  }

  @Test func rotatedFilesAreReadInTheOrderOfTime() throws {
    let folder = try Folder([
      "error.log": unexpected("c", day: 28), "error.log.1": unexpected("b", day: 27),
      "error.log.2": unexpected("a", day: 26),
    ])
    _ = try bash("gzip error.log.2", in: folder.path)
    let names = ["error.log", "error.log.1", "error.log.2.gz"].map { folder[$0] }
    let first = try Read(names)
    #expect(first.groups.map { $0.record.tail.request } == ["a", "b", "c"].map { "GET /\($0) HTTP/1.1" })
    #expect(first.groups[0].place == LogGroup.Place(file: folder["error.log.2.gz"], line: 1))
    let other = try Read(names.reversed())
    #expect(other.groups.map(\.id) == first.groups.map(\.id))
    #expect(try Read(names).groups.map(\.id) == first.groups.map(\.id))
    // Stable from release to release.
    #expect(first.groups[0].id.hasPrefix("v1:") && first.groups[0].id.utf8.count == 19)
  }

  /// One gateway's clock is UTC, the other's eight hours ahead; the container's times tell it.
  @Test func clocksOfTwoTimeZones() throws {
    let folder = try Folder([
      "east.log": "2026-11-28T03:02:20.5Z stderr F \(unexpected("late", "11:02:20"))\(unexpected("later", "11:02:21"))",
      "utc.log": "2026-11-28T03:02:16.5Z stderr F \(unexpected("early", "03:02:16"))",
    ])
    let found = try Read([folder["east.log"], folder["utc.log"]])
    #expect(
      found.groups.map { $0.explanation.values.first { $0.name == .service }?.text } == ["early", "late", "later"])
    // The line that lacks the container's time as well.
    #expect(found.groups.map { ($0.first ?? 0) - (found.groups[0].first ?? 0) } == [0, 4, 5])
  }

  @Test func whatIsOutOfTheRangeIsLeftOut() throws {
    let text = (10..<20).map { unexpected("a", "11:02:\($0)") }.joined()
    let folder = try Folder(["log": text])
    let all = try Read([folder["log"]])
    let start = try #require(all.groups[0].first)
    let part = try Read([folder["log"]], range: start + 2...start + 4)
    #expect(part.groups[0].count == 3 && part.groups[0].first == start + 2 && part.groups[0].last == start + 4)
    #expect(part.counts.read == 3)
  }

  @Test func aRequestTiesItsGroupsTogether() throws {
    let found = try Read(
      (1...5).map { unexpected("a", id: $0).replacing("GET /a", with: "GET /a") + noNode(id: $0) }.joined())
    #expect(
      found.groups.map(\.count) == [5, 5] && found.groups[1].explained == [0: 5] && found.groups[0].explained.isEmpty)
  }

  /// Of a rule with too many values those that have a group are counted there and nowhere else, at whatever level they
  /// come, and though other messages come between.
  @Test func whoHasAGroupIsCountedInIt() throws {
    var text = ""
    for round in 0..<20 {
      let isWarning = round % 3 == 1
      for number in isWarning ? Array((0..<300).reversed()) : Array(0..<300) {
        text += unexpected("svc\(number)", id: round).replacing("[error]", with: isWarning ? "[warn]" : "[error]")
        if number < 200 { text += forbidden("user\(200 * round + number)") }
      }
    }
    let found = try Read(text)
    let named = found.groups.filter { $0.explanation.rule.id == "log/consul-service-not-found" }
    #expect(named.count == Grouping.ruleLimit && named.allSatisfy { $0.count == 20 })
    let folded = try #require(found.folded.first { $0.rule.id == "log/consul-service-not-found" })
    #expect(folded.count == 20 * (300 - Grouping.ruleLimit))
  }

  /// nginx cuts an entry at 2,048 bytes, OpenResty at 4,096, line break and all.
  @Test(arguments: [2047, 4095, 2048, 4096, 1900]) func entriesThatAreCut(_ length: Int) throws {
    let whole = unexpected("a").dropLast()
    let padded = whole + ", host: \"" + String(repeating: "x", count: length - whole.utf8.count - 9)
    let found = try Read(String(padded) + "\n" + noNode())
    #expect(found.groups.count == 2 && found.groups[0].record.isCut == (length != 1900))
  }

  /// What a registry answered may be long: the sentence ends in it, and what would follow is missing.
  @Test(
    arguments: [
      "connect consul: 127.0.0.1:8500 by sub url: /catalog/services, got catalog result: {\"body\":\"rpc error: BODY"
        + "\",\"status\":403}, with error: ",
      "list failed, kind: Endpoints, reason: Forbidden, message : {\"kind\":\"Status\",\"metadata\":{\"a\":\"BODY\"}}",
      "list failed, kind: EndpointSlice, reason: Unauthorized, message : {\"kind\":\"Status\",\"message\":\"BODY\"}",
      "invalid response body: <html>BODY</html> err: Expected value but found invalid token at character 1",
      "server name parse error, server_name_prefix: http://127.0.0.1:8500/v1/kv/upstreams/, node: {\"Key\":\"BODY\"}",
    ], [2047, 4095])
  func aSentenceThatIsCut(_ said: String, _ length: Int) throws {
    func line(_ body: String) -> String {
      "2026/11/28 11:07:14 [error] 41#41: *6 [lua] client.lua:206: " + said.replacing("BODY", with: body)
    }
    let short = try Read(line("x") + ", context: ngx.timer\n")
    let cut = try Read(line(String(repeating: "x", count: 5000)).prefix(length) + "\n" + noNode())
    #expect(short.groups.count == 1 && cut.groups.count == 2)
    #expect(cut.groups.contains { $0.explanation.rule == short.groups.first?.explanation.rule })
  }

  @Test func aLineWithoutEnd() throws {
    for length in [70 << 10, 300 << 10, 10 << 20] {
      let found = try Read(
        noNode() + unexpected("a").dropLast() + String(repeating: "x", count: length) + "\n" + noNode()
          + unexpected("b"))
      #expect(found.groups.map(\.count) == [2, 1, 1] && found.counts.read == 4)
      #expect(found.groups.allSatisfy { $0.sample.utf8.count <= LogGroup.sampleLimit })
      #expect(found.groups[2].place.line == 4)
    }
  }

  @Test func bytesThatAreNoText() throws {
    var random = SystemRandomNumberGenerator()
    let folder = try Folder()
    for round in 0..<20 {
      let noise = Data(
        (0..<20_000).map { _ in
          round < 10
            ? UInt8.random(in: 0...255, using: &random)
            : [0x0A, 0x00, 0xFF, 0x7B, 0x22, 0x5B][Int.random(in: 0..<6, using: &random)]
        })
      try folder.write("log", Data(noNode().utf8) + noise + Data("\n\(noNode())".utf8))
      #expect(try Read([folder["log"]]).groups.map(\.count) == [2])
    }
  }

  /// However many different values there are, there are no more groups; what is folded is told.
  @Test func valuesWithoutEnd() throws {
    let text = (0..<5000).map { unexpected("svc\($0)", "11:0\($0 / 1000):\(10 + $0 / 20 % 50)", id: $0) }.joined()
    let found = try Read(text + noNode())
    #expect(found.groups.count == 65)
    #expect(found.folded.map(\.rule.id) == ["log/consul-service-not-found"])
    #expect(found.groups.reduce(0) { $0 + $1.count } + found.folded[0].count == 5001)
    #expect(found.counts.explained == 5001 && found.folded[0].first != nil)
  }

  @Test func linesThatAreNoneOfOurs() throws {
    let lines = (0..<5000).map {
      "2026/11/28 11:02:16 [warn] 41#41: *\($0) [lua] plugin.lua:\($0): rejected \($0), client: 10.0.0.1\n"
    }
    let found = try Read(lines.joined() + noNode())
    #expect(found.groups.map(\.count) == [1] && found.counts.other == 5000 && found.folded.isEmpty)
  }

  @Test func theHistogramWidens() {
    var histogram = Histogram()
    let times = [1000, 1001, 1063, 1064, 990, 1_000_000, -5, 1000]
    for time in times { histogram.add(time) }
    #expect(histogram.counts.count == Histogram.size && histogram.counts.reduce(0, +) == times.count)
    let width = histogram.width
    #expect(width.nonzeroBitCount == 1 && histogram.start % width == 0)
    #expect(histogram.start <= -5 && histogram.start + Histogram.size * width > 1_000_000)
    for time in Set(times) { #expect(histogram.counts[(time - histogram.start) / width] > 0) }
  }

  /// One entry a minute: all bars are as high, and what is missing is seen.
  @Test func aRowIsEven() throws {
    func row(without gap: Range<Int> = 0..<0) throws -> [Character] {
      let minutes = (0..<300).filter { !gap.contains($0) }
      let clocks = minutes.map { "1\($0 / 60):\($0 % 60 < 10 ? "0" : "")\($0 % 60):00" }
      let groups = try Read(clocks.map { noNode($0) }.joined()).groups
      return Array(LogHistogram.Frame(groups, width: 120)?.row(groups[0])?.dropFirst(9).dropLast(9) ?? "")
    }
    let even = try row()
    #expect(even.count == 64 && Set(even).isSubset(of: "▇█"), "\(String(even))")
    let gap = try row(without: 150..<156)
    #expect(gap.contains { "·▁▂▃".contains($0) } && gap.count { !"▇█".contains($0) } < 5, "\(String(gap))")
    #expect(try row(without: 150..<170).contains("·"))
  }

  /// More rules than there is room for: each is told of at least once.
  @Test func noRuleIsFoldedWhole() throws {
    let forms: [(String) -> String] = [
      { "init.lua:549: nodes(): fetch nodes failed by \($0), error: consul service not found: default/\($0)" },
      { "init.lua:400: nodes(): get unexpected upstream service_name: \($0)" },
    ]
    var grouping = Grouping(range: Int.min...Int.max, limit: 40)
    let text = forms.flatMap { form in
      (0..<50).map { "2026/11/28 11:02:16 [error] 41#41: *\($0) [lua] \(form("svc\($0)")), client: 10.0.0.1\n" }
    }
    var reader = LogFileReader(ByteStream(Array(text.joined().utf8), name: "log"))
    try reader.run(into: &grouping)
    #expect(grouping.groups.count == 41 && grouping.folded.map(\.count) == [10, 49])
  }

  /// Each entry is told as soon as it is whole, of several logs; a file takes another's place.
  @Test func following() throws {
    let folder = try Folder(["log": noNode(), "other": noNode()])
    let path = folder["log"]
    var told: [Int] = []
    var reading = LogReading()
    let whenQuiet = { (groups: [LogGroup]) in
      told.append(groups[0].count)
      switch told.count {
      case 1: append(noNode() + "x\n" + noNode(), to: folder["log"])
      case 2:
        rename(path, path + ".1")
        try? folder.write("log", noNode())
      // Without nginx' end it counts when nothing more comes.
      case 3: append(String(noNode().prefix { $0 != "," }) + "\n", to: folder["other"])
      default: break
      }
    }
    try reading.follow([path, folder["other"]], isCancelled: { told.last == 6 }, whenQuiet: whenQuiet)
    #expect(told == [2, 4, 5, 6])
  }

  /// What is there may be too old, what comes is not.
  @Test func aRangeThatOpens() throws {
    let folder = try Folder(["log": noNode()])
    var reading = LogReading(range: .max ... .max)
    var calls = 0
    let isCancelled = {
      calls += 1
      if calls == 4 { append(noNode() + noNode(), to: folder["log"]) }
      return calls > 10
    }
    try reading.follow(
      [folder["log"]], later: Int.min...Int.max, isCancelled: isCancelled, whenQuiet: { _ in })
    #expect(reading.groups.map(\.count) == [2])
  }
}

private func append(_ text: String, to path: String) {
  let file = FileHandle(forWritingAtPath: path)
  _ = try? file?.seekToEnd()
  try? file?.write(contentsOf: Data(text.utf8))
}
