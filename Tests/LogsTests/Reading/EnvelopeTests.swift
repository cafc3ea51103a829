import Findings
import Foundation
import Inputs
import TestSupport
import Testing

@testable import Logs

/// The same few entries, as each program passes them on.
@Suite struct EnvelopeTests {
  private static let refused =
    "2026/11/28 11:02:16 [error] 41#41: *6 [lua] client.lua:156: connect consul: http://127.0.0.1:8500/v1 by sub url: "
    + "/catalog/services, got watch result: null, with error: connection refused, context: ngx.timer"
  /// One entry of three lines.
  private static let trace = [
    "2026/11/28 11:02:17 [error] 42#42: *114 lua entry thread aborted: runtime error: "
      + "/usr/local/apisix/apisix/plugins/traffic-split.lua:149: bad argument #1 to 'isarray' (table expected, got nil)",
    "stack traceback:",
    "\t[C]: in function 'isarray', client: 10.0.0.1, server: _, request: \"GET /a HTTP/1.1\", host: \"h\"",
  ]
  private static let noNode =
    "2026/11/28 11:02:18 [error] 42#42: *120 [lua] init.lua:646: handle_upstream(): failed to set upstream: no valid "
    + "upstream node: nil, client: 10.0.0.1, server: _, request: \"GET /a?b=1 HTTP/1.1\", host: \"h\", request_id: \"7f\""
  private static let access = "10.0.0.1 - - [28/Nov/2026:11:02:18 +0000] h \"GET /a HTTP/1.1\" 503 0 0.000"
  private static let lines = [refused] + trace + [access, noNode, refused, "", access]

  private static let rules = ["log/consul-unreachable", "log/plugin-without-discovery", "log/no-valid-upstream-node"]

  /// - Parameter read: how many lines there are; nil where the program tells no blank ones.
  private func expect(
    _ text: String, time: Int? = 1_795_863_736, read: Int? = 9, explained: Int = 6,
    _ place: SourceLocation = #_sourceLocation
  ) throws {
    let found = try Read(text)
    #expect(found.groups.map(\.explanation.rule.id) == Self.rules, sourceLocation: place)
    #expect(found.groups.map(\.count) == [2, 1, 1], sourceLocation: place)
    #expect(found.counts.explained == explained, sourceLocation: place)
    if let read { #expect(found.counts.read == read, sourceLocation: place) }
    guard found.groups.count == 3 else { return }
    #expect(found.groups[0].first == time, sourceLocation: place)
    let sample = String(found.groups[1].sample.unicodeScalars.filter { $0 != "\r" })
    #expect(sample == Self.trace.joined(separator: "\n"), sourceLocation: place)
    #expect(found.groups[1].record.head?.process == 42 && found.groups[0].processes == [41], sourceLocation: place)
    #expect(found.groups[2].record.tail.requestID == "7f", sourceLocation: place)
    #expect(found.groups[2].requests == ["GET /a"] && found.groups[2].requestCount == 1, sourceLocation: place)
  }

  private func each(_ line: (Int, String) -> String) -> String {
    Self.lines.enumerated().map { line($0, $1) + "\n" }.joined()
  }

  /// The gateway's clock is eight hours ahead.
  private func stamp(_ index: Int, _ hour: String = "03", zone: String = "Z") -> String {
    "2026-11-28T\(hour):02:\(16 + index).123456789\(zone)"
  }
  /// Of 03:02:16 in UTC.
  private let utc = 1_795_834_936

  private func json(_ value: Any) -> String {
    let data = try? JSONSerialization.data(withJSONObject: value, options: [.sortedKeys])
    return String(decoding: data ?? Data(), as: UTF8.self)
  }

  @Test func asItIs() throws {
    try expect(each { $1 })
    try expect(each { $1 + "\r" })
    try expect(String(each { $1 }.dropLast()))
  }

  @Test func kubectl() throws {
    try expect(each { "[pod/gw-7d9/apisix] \($1)" })
    try expect(each { "\(stamp($0)) \($1)" }, time: utc)
    try expect(each { "[pod/gw-7d9/apisix] \(stamp($0)) \($1)" }, time: utc)
    try expect(each { "\(stamp($0, "11", zone: "+08:00")) \($1)" }, time: utc)
  }

  /// Lines of two pods in turns.
  @Test func severalPodsInTurns() throws {
    let turns = Self.lines.flatMap { line in ["a", "b"].map { "[pod/gw-\($0)/apisix] \(line)\n" } }.joined()
    let found = try Read(turns)
    #expect(found.groups.map(\.explanation.rule.id) == Self.rules && found.groups.map(\.count) == [4, 2, 2])
    #expect(found.counts.read == 18 && found.counts.explained == 12)
  }

  @Test func stern() throws { try expect(each { "gw-7d9 apisix \($1)" }, read: nil) }
  @Test func compose() throws { try expect(each { "apisix-1  | \($1)" }, read: nil) }

  @Test func containerRuntime() throws {
    try expect(each { "\(stamp($0)) stderr F \($1)" }, time: utc)
    let cut = Self.lines.enumerated().map { index, line in
      let middle = line.index(line.startIndex, offsetBy: line.count / 2)
      return "\(stamp(index)) stderr P \(line[..<middle])\n\(stamp(index)) stdout F \(Self.access)\n"
        + "\(stamp(index)) stderr F \(line[middle...])\n"
    }
    try expect(cut.joined(), time: utc, read: nil, explained: 12)
  }

  @Test func docker() throws {
    try expect(each { json(["log": $1 + "\n", "stream": "stderr", "time": stamp($0)]) }, time: utc)
    // In pieces of 16 KiB.
    let long = Self.noNode.replacing("/a?b=1", with: "/a?b=" + String(repeating: "1", count: 20_000))
    let pieces = [String(long.prefix(16 << 10)), String(long.dropFirst(16 << 10)) + "\n"]
    let found = try Read(pieces.map { json(["log": $0, "stream": "stderr", "time": stamp(0)]) + "\n" }.joined())
    #expect(found.groups.map(\.count) == [1] && found.groups[0].requests == ["GET /a"])
    #expect(found.counts.read == 2)
  }

  @Test func journal() throws {
    try expect(each { "Nov 28 11:02:1\($0) gw-1 apisix[123]: \($1)" }, read: nil)
    // As journalctl sets the lines of one message below each other.
    let indent = String(repeating: " ", count: 36)
    let short = Self.lines.map { line in
      Self.trace.dropFirst().contains(line) ? indent + line : "Nov 28 11:02:16 gw-1 apisix[123]: \(line)"
    }
    let found = try Read(short.joined(separator: "\n"))
    #expect(found.groups.map(\.explanation.rule.id) == Self.rules)
    let micros = { (index: Int) in "\(utc + index)123456" }
    try expect(
      each { json(["MESSAGE": $1, "__REALTIME_TIMESTAMP": micros($0), "_HOSTNAME": "h"]) }, time: utc, read: nil)
    try expect(
      each { json(["MESSAGE": Array($1.utf8).map(Int.init), "__REALTIME_TIMESTAMP": micros($0)]) }, time: utc, read: nil
    )
  }

  @Test func journalExport() throws {
    func entry(_ index: Int, _ line: String) -> Data {
      Data("__CURSOR=s=\(index)\n__REALTIME_TIMESTAMP=\(utc + index)123456\n_HOSTNAME=h\n".utf8) + message(line)
        + Data("\n".utf8)
    }
    func message(_ text: String) -> Data {
      guard text.contains("\n") else { return Data("MESSAGE=\(text)\n".utf8) }
      let length = (0..<8).map { UInt8(truncatingIfNeeded: text.utf8.count >> ($0 * 8)) }
      return Data("MESSAGE\n".utf8) + Data(length) + Data("\(text)\n".utf8)
    }
    let messages = [
      Self.refused, Self.trace.joined(separator: "\n"), Self.access, Self.noNode, Self.refused, Self.access,
    ]
    let folder = try Folder()
    try folder.write("log", messages.enumerated().reduce(into: Data()) { $0 += entry($1.offset, $1.element) })
    let found = try Read([folder["log"]])
    #expect(found.groups.map(\.explanation.rule.id) == Self.rules && found.groups.map(\.count) == [2, 1, 1])
    #expect(found.groups.first?.first == utc)
    #expect(found.groups[1].sample == Self.trace.joined(separator: "\n"))
  }

  @Test(arguments: ["message", "log", "line", "msg", "@message"]) func exports(_ field: String) throws {
    let whole = [Self.refused, Self.trace.joined(separator: "\n"), Self.access, Self.noNode, Self.refused]
    let items = whole.enumerated().map {
      [field: $1, "@timestamp": stamp($0), "level": "error", "n": [1, 2]] as [String: Any]
    }
    for text in [
      items.map { json($0) + "\n" }.joined(), json(items),
      json(["hits": ["total": 5, "hits": items.map { ["_source": $0] }]]),
      items.map { json(["fields": $0, "event": ["original": $0[field] ?? ""]]) }.joined(separator: "\n"),
    ] {
      let found = try Read(text)
      #expect(found.groups.map(\.explanation.rule.id) == Self.rules && found.groups.map(\.count) == [2, 1, 1])
      #expect(found.groups.first?.first == utc)
    }
    let pretty = try JSONSerialization.data(withJSONObject: items, options: [.prettyPrinted, .sortedKeys])
    #expect(try Read(String(decoding: pretty, as: UTF8.self)).groups.map(\.count) == [2, 1, 1])
  }

  @Test func loki() throws {
    let values = Self.lines.enumerated().map { ["\(utc + $0)000000000", $1] }
    let streams = ["a", "b"].map { ["stream": ["pod": $0], "values": values] as [String: Any] }
    let found = try Read(json(["status": "success", "data": ["resultType": "streams", "result": streams]]))
    #expect(found.groups.map(\.explanation.rule.id) == Self.rules && found.groups.map(\.count) == [4, 2, 2])
    #expect(found.groups[0].first == utc)
  }

  /// A container writes both, and another format may follow.
  @Test func severalFormsInOneFile() throws {
    let found = try Read(
      [
        Self.refused, "[pod/a/apisix] \(Self.noNode)", "\(stamp(0)) \(Self.noNode)", "apisix-1  | \(Self.refused)",
        json(["log": Self.refused + "\n", "stream": "stderr", "time": stamp(0)]), json(["uri": "/a", "status": 200]),
        Self.noNode,
      ].joined(separator: "\n"))
    #expect(found.groups.map(\.count) == [3, 3] && found.counts.read == 7)
  }

  @Test func whatCommandsPrint() throws {
    for name in ["start-apisix-yaml-broken", "start-config-yaml-tab", "start-env-placeholder-missing"] {
      let text = try Checkout.text("Tests/Fixtures/logs/\(name).log")
      let found = try Read(text)
      let lines = text.split(separator: "\n").count
      #expect(found.groups.count == 1 && found.counts.explained == lines && found.groups[0].first == nil)
    }
  }

  /// As people paste them.
  @Test func partsOfLines() throws {
    let found = try Read(
      [" " + Self.noNode, String(Self.noNode.dropFirst(20)), String(Self.noNode.dropFirst(38))].joined(separator: "\n"))
    #expect(found.groups.map(\.count) == [3])
  }

  /// As others than Kibana name the column.
  @Test(arguments: ["Message", "Content"]) func columns(_ name: String) throws {
    let line =
      "2026/11/28 11:02:16 [error] 31#31: *6 [lua] init.lua:646: handle_upstream(): failed to set upstream: no "
      + "valid upstream node: nil, client: 10.0.0.1, server: _, request: \"\"GET / HTTP/1.1\"\", host: \"\"gw\"\""
    let read = try Read("\"Date\",\"Host\",\"\(name)\"\n\"2026-11-28T11:02:16Z\",\"gw1\",\"\(line)\"\n")
    #expect(read.groups.map(\.explanation.rule.id) == ["log/no-valid-upstream-node"])
    #expect(read.groups.first?.requests == ["GET /"])
  }
}
