import Foundation
import TestSupport
import Testing

@testable import Logs

/// Wrapped logs that are damaged, or have other things among their lines.
@Suite struct CutLogTests {
  private func noNode(_ id: Int = 6) -> String {
    "2026/11/28 11:02:16 [error] 41#41: *\(id) [lua] init.lua:646: handle_upstream(): failed to set upstream: no valid "
      + "upstream node: nil, client: 10.0.0.1, server: _, request: \"GET /a HTTP/1.1\""
  }

  private func docker(_ line: String) -> String {
    LogForm.json(["log": line + "\n", "stream": "stderr", "time": "2026-11-28T11:02:16.1Z"])
  }

  /// A host that lost its power leaves half a line; what comes after it is whole.
  @Test(arguments: [5, 60, 150, 240, 262, 280]) func halfALineOfJSON(_ length: Int) throws {
    let whole = docker(noNode())
    let half = String(whole.prefix(length))
    let one = half.contains("node: nil") ? 1 : 0
    let found = try Read([whole, half, whole, whole].joined(separator: "\n"))
    #expect(found.groups.map(\.count) == [3 + one])
    // At the end of the file.
    #expect(try Read("\(whole)\n\(half)").groups.map(\.count) == [1 + one])
  }

  /// JSON comes first, and lines of another kind after it.
  @Test func otherLinesAmongJSON() throws {
    let found = try Read(
      [
        docker(noNode()), "[pod/a/apisix] \(noNode(7))", "2026-11-28T11:02:16.1Z stderr F \(noNode(8))", "[]", "",
        "apisix-1  | \(noNode(9))", docker(noNode(10)), LogForm.json(["uri": "/a"]), noNode(11),
      ].joined(separator: "\n"))
    #expect(found.groups.map(\.count) == [6] && found.counts.read == 7)
  }

  @Test(arguments: [
    "[]", "{}", "{\"hits\":{\"hits\":[]}}", "", "\n", "[", "{", "\u{FEFF}", "_", "__CURSOR", "\"message\"\n",
  ])
  func whatHasNoLines(_ text: String) throws {
    let found = try Read(text)
    #expect(found.groups.isEmpty && found.counts.explained == 0 && found.counts.read < 2)
  }

  /// What another program says is none of the gateway's entry, though that has no end.
  @Test func othersInTurns() throws {
    let body =
      "2026/11/28 11:02:16 [error] 41#41: *6 [lua] informer_factory.lua:316: list failed, kind: Endpoints, "
      + "reason: Unauthorized, message : {\"kind\":\"Status\",\"code\":401}"
    for (gateway, other) in [
      ("apisix-1  | ", "etcd-1    | "), ("gw-0 apisix ", "etcd-0 etcd "), ("[pod/gw/apisix] ", "[pod/etcd/etcd] "),
    ] {
      let found = try Read(
        ["\(gateway)\(body)", "\(other){\"level\":\"info\",\"msg\":\"x\"}", "\(gateway), context: ngx.timer"]
          .joined(separator: "\n"))
      #expect(found.groups.map(\.sample) == ["\(body)\n, context: ngx.timer"])
      #expect(found.counts == LogCounts(read: 3, explained: 2))
    }
  }

  /// A collector may fall behind: nginx' own time counts then.
  @Test func timesThatCameLate() throws {
    for late in ["2026-11-28T11:05:59Z", "2026-12-24T00:00:00Z", "2026-11-28T12:07:16Z"] {
      let found = try Read(LogForm.json(["message": noNode(), "@timestamp": late]))
      #expect(found.groups.first?.first == 1_795_863_736, "\(late)")
    }
    // Of half an hour and of three quarters.
    for (zone, clock) in [(5.5, "05:32:16"), (5.75, "05:17:16"), (-3, "14:02:16")] {
      let found = try Read(LogForm.json(["message": noNode(), "@timestamp": "2026-11-28T\(clock)Z"]))
      #expect(found.groups.first?.first == 1_795_863_736 - Int(zone * 3600))
    }
  }

  /// Lines of a trace have the numbers of their own lines before them.
  @Test(arguments: ["error.log:%d:", "%d:", "%6d\t", "<187>Nov 28 11:02:16 gw-1 nginx: ", "gw/apisix/4f "])
  func prefixesThatCount(_ prefix: String) throws {
    let text = try Checkout.text("Tests/Fixtures/logs/consul-html.log")
    let lines = TimedLine.lines(of: text).map { String(format: prefix, $0.index + 8) + $0.text + "\n" }
    let (raw, found) = (try Read(text), try Read(lines.joined()))
    #expect(found.groups.map(\.sample) == raw.groups.map(\.sample))
    #expect(found.groups.map(\.id) == raw.groups.map(\.id) && found.counts == raw.counts)
  }

  /// More lines than are turned round at a time.
  @Test func aLongExportOfTheNewestFirst() throws {
    let lines = (0..<30_000).map { index in
      let time = String(format: "%02d:%02d:%02d", 20 - index / 3600, 59 - index / 60 % 60, 59 - index % 60)
      return LogForm.json(["line": noNode(index).replacing("11:02:16", with: time), "timestamp": "2026-11-28T\(time)Z"])
    }
    let found = try Read(lines.joined(separator: "\n"))
    #expect(found.groups.map(\.count) == [30_000] && found.counts == LogCounts(read: 30_000, explained: 30_000))
    #expect(found.groups[0].place.line == 30_000)
  }
}
