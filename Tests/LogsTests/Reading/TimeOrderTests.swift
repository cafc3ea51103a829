import Findings
import TestSupport
import Testing

@testable import Logs

/// Short logs, newest line first: what an entry's lines are, and what explains what, is told by their order.
@Suite struct TimeOrderTests {
  private func fetch(_ clock: String, _ id: Int, process: Int = 41) -> String {
    "2026/11/28 \(clock) [error] \(process)#\(process): *\(id) [lua] init.lua:549: nodes(): fetch nodes failed by a, "
      + "error: consul service not found: default/a, client: 10.0.0.1, server: _, request: \"GET /a HTTP/1.1\""
  }

  private func noNode(_ clock: String, _ id: Int, process: Int = 41) -> String {
    "2026/11/28 \(clock) [error] \(process)#\(process): *\(id) [lua] init.lua:646: handle_upstream(): failed to set "
      + "upstream: no valid upstream node: nil, client: 10.0.0.1, server: _, request: \"GET /a HTTP/1.1\""
  }

  private func requests(_ clocks: [String]) -> [String] {
    clocks.enumerated().flatMap { [fetch($1, $0), noNode($1, $0)] }
  }

  /// Three seconds, whatever program gives them.
  @Test(arguments: LogForm.exports.filter { !$0.name.contains("pieces") } + LogForm.containers.prefix(1))
  func threeSeconds(_ form: LogForm) throws {
    let text = requests(["11:02:16", "11:02:17", "11:02:18"]).map { $0 + "\n" }.joined()
    let folder = try Folder()
    try folder.write("log", form.wrap(TimedLine.lines(of: text).reversed()))
    let read = try Read([folder["log"]])
    #expect(read.groups.map(\.explanation.rule.id) == ["log/consul-service-not-found", "log/no-valid-upstream-node"])
    #expect(read.groups.last?.explained == [0: 3] && read.counts.explained == 6)
  }

  /// The trace of a start that failed, written within a millisecond: Grafana shows the last line first.
  @Test(arguments: ["logcli -o jsonl", "Loki's query_range", "Grafana", "CRI", "docker", "OpenTelemetry's"])
  func partsOfASecond(_ name: String) throws {
    let form = try #require(LogForm.all.first { $0.name == name })
    let folder = try Folder()
    for name in ["start-config-yaml-tab", "start-apisix-yaml-broken"] {
      let text = try Checkout.text("Tests/Fixtures/logs/\(name).log")
      try folder.write("log", form.wrap(TimedLine.lines(of: text).reversed()))
      let (read, raw) = (try Read([folder["log"]]), try Read(text))
      #expect(read.groups.map(\.id) == raw.groups.map(\.id) && read.counts == raw.counts, "\(name)")
      #expect(read.groups.map(\.sample) == raw.groups.map(\.sample))
    }
  }

  /// Workers whose clocks are a second or two apart, one second only, and two.
  @Test(arguments: [
    ["11:02:17", "11:02:16", "11:02:17"], ["11:02:18", "11:02:16", "11:02:17", "11:02:18"],
    ["11:02:18", "11:02:17", "11:02:18", "11:02:17", "11:02:16", "11:02:17"], ["11:02:16", "11:02:16"],
    ["11:02:17", "11:02:16", "11:02:16"], ["11:02:18", "11:02:17", "11:02:16", "11:02:18"],
  ])
  func clocksOfSeveralWorkers(_ clocks: [String]) throws {
    let lines = clocks.enumerated().flatMap { index, clock in
      [fetch(clock, index, process: 41 + index % 3), noNode(clock, index, process: 41 + index % 3)]
    }
    let read = try Read(lines.joined(separator: "\n"))
    #expect(read.groups.map(\.explanation.rule.id) == ["log/consul-service-not-found", "log/no-valid-upstream-node"])
    #expect(read.groups.last?.explained == [0: clocks.count])
  }
}
