import Findings
import JSON
import SourceText
import TestSupport
import Testing

@testable import Logs

/// One sentence that came of several causes, and causes that ceased before the log did.
@Suite struct SharedEffectTests {
  private static let request =
    #", client: 10.0.0.9, server: _, request: "GET /a HTTP/1.1", host: "gw.example.com""#

  private static func line(_ text: String, _ clock: String, id: Int = 6) -> String {
    "2026/11/28 \(clock) [error] 31#31: *\(id) [lua] \(text)"
  }

  /// What a request for a service that Consul does not know leaves in the log.
  private static func request(for name: String, _ clock: String, id: Int) -> [String] {
    [
      line(
        "init.lua:549: nodes(): fetch nodes failed by \(name), error: consul service not found: default/\(name)"
          + request, clock, id: id), without(clock, id: id),
    ]
  }

  private static func without(_ clock: String, id: Int) -> String {
    line(
      "init.lua:646: handle_upstream(): failed to set upstream: no valid upstream node: nil" + request, clock, id: id)
  }

  /// A list that fails each 40 seconds, ten times.
  private static func lists(_ reason: String, hour: Int) -> [String] {
    (0..<10).map { index in
      let clock = "\(hour):0\(index * 40 / 60):\(index * 40 % 60 == 0 ? "00" : "\(index * 40 % 60)")"
      return line(
        "informer_factory.lua:316: list failed, kind: Endpoints, reason: \(reason), context: ngx.timer", clock,
        id: 1_000 * hour + index + (reason == refused ? 0 : 500))
    }
  }

  private static let refused = "Unauthorized, message : Unauthorized\n"
  private static let forbidden =
    #"Forbidden, message : endpoints is forbidden: User "system:serviceaccount:apisix:gw" cannot list resource "#
    + #""endpoints" in API group "" at the cluster scope"# + "\n"

  private func answer(_ lines: [String]) throws -> LogAnswer {
    let folder = try Folder(["error.log": lines.map { $0 + "\n" }.joined()])
    var reading = LogReading(range: Int.min...Int.max)
    try reading.read([folder["error.log"]])
    return LogAnswer(LogRead(reading))
  }

  private func text(_ answer: LogAnswer) -> String {
    answer.report("logs explain", version: "0", Selection()).rendered(as: .text, options: RenderOptions(width: 200))
  }

  /// A part stands below each of them, with how often.
  @Test func ofTwoServices() throws {
    let lines =
      (0..<3).flatMap { Self.request(for: "web", "11:00:0\($0)", id: 100 + $0) }
      + Self.request(for: "pay", "11:00:09", id: 200)
    let answer = try answer(lines)
    let told = answer.told(Selection())
    #expect(told.map { $0.followers.map(\.part) } == [[3], [1]])
    let text = text(answer)
    #expect(text.has("3 of 4 times") && text.has("1 of 4 times"), "\(text)")
    let json = answer.members(Selection())["groups"]?.array ?? []
    #expect(json.last?["causes"]?.array?.compactMap { $0["count"]?.int } == [3, 1])
    #expect(json.last?["causedBy"] == json.first?["id"])
    #expect(json.dropLast().allSatisfy { $0["causes"] == nil })
  }

  /// What came without a cause as well stands for itself, and below what explains a part of it.
  @Test func ofOneServiceAndNothing() throws {
    let lines = Self.request(for: "web", "11:00:01", id: 100) + [Self.without("11:00:05", id: 300)]
    let told = try answer(lines).told(Selection())
    #expect(told.map { $0.followers.map(\.part) } == [[1], []])
  }

  /// It goes on below the cause that came once the first was gone.
  @Test func oneCauseAfterTheOther() throws {
    let effects = ["11:03:00", "11:05:30", "13:02:00"].enumerated().map { Self.without($1, id: 100 + $0) }
    let lines = (Self.lists(Self.refused, hour: 11) + Self.lists(Self.forbidden, hour: 13) + effects)
    let answer = try answer(lines)
    #expect(
      answer.told(Selection()).map { $0.entry.finding.rule.id } == ["log/list-unauthorized", "log/list-forbidden"])
    #expect(answer.told(Selection()).map { $0.followers.map(\.part) } == [[0], [0]], "\(text(answer))")
    // While the first still came, it is the cause of all.
    let one = try self.answer(
      Self.lists(Self.refused, hour: 11) + Self.lists(Self.forbidden, hour: 11) + effects.prefix(2))
    #expect(one.told(Selection()).map(\.followers.count) == [1, 0], "\(text(one))")
  }

  /// What goes on for long when its cause is over has another one as well: it stands for itself, and below that cause.
  @Test func longAfterItsCause() throws {
    let soon = try answer(Self.lists(Self.refused, hour: 11) + [Self.without("11:05:00", id: 100)])
    #expect(soon.told(Selection()).map(\.followers.count) == [1])
    let later = ["11:05:00", "11:40:00"].enumerated().map { Self.without($1, id: 100 + $0) }
    let told = try answer(Self.lists(Self.refused, hour: 11) + later).told(Selection())
    #expect(told.map { $0.entry.finding.rule.id } == ["log/list-unauthorized", "log/no-valid-upstream-node"])
    #expect(told.map(\.followers.count) == [1, 0])
  }

  private static let other = "init.lua:20: something else, context: ngx.timer"

  /// A cause that ceased an hour before the log's end is told with its end.
  @Test func ceased() throws {
    let end = [Self.line(Self.other, "12:05:00"), Self.line(Self.other, "12:06:00")]
    let message = try #require(try answer(Self.lists(Self.refused, hour: 11) + end).entries.first?.finding.message)
    #expect(message.hasSuffix("; not since 2026-11-28 11:06:00, and the log goes on for 60 minutes"), "\(message)")
  }

  /// Not where it may go on: soon after, with one entry whose clock is wrong, where the rest is not wanted, in several
  /// pods' lines, and in several files.
  @Test func mayGoOn() throws {
    let lists = Self.lists(Self.refused, hour: 11)
    let end = [Self.line(Self.other, "12:05:00"), Self.line(Self.other, "12:06:00")]
    func said(_ lines: [[String]], until: Int = .max) throws -> String {
      let names = lines.indices.map { "\($0).log" }
      let folder = try Folder(
        Dictionary(uniqueKeysWithValues: zip(names, lines.map { $0.map { $0 + "\n" }.joined() })))
      var reading = LogReading(range: Int.min...until)
      try reading.read(names.map { folder[$0] })
      return LogAnswer(LogRead(reading)).entries.map(\.finding.message).joined()
    }
    #expect(try said([lists + end]).has("not since"))
    #expect(try !said([lists + [Self.line(Self.other, "11:08:00")]]).has("not since"))
    #expect(try !said([lists + [Self.line(Self.other, "23:08:00")]]).has("not since"))
    #expect(try !said([[Self.line(Self.other, "23:08:00")] + lists]).has("not since"))
    // 2026-11-28 11:04:00.
    #expect(try !said([lists + end], until: 1_795_863_840).has("not since"))
    #expect(try !said([lists, end]).has("not since"))
    let pods = lists.map { "[pod/a/apisix] " + $0 } + end.map { "[pod/b/apisix] " + $0 }
    #expect(try !said([pods]).has("not since"))
    #expect(try said([(lists + end).map { "[pod/a/apisix] " + $0 }]).has("not since"))
  }

  /// What heals by itself is not said to have healed by entries that nobody wanted.
  @Test func healedLater() throws {
    let watch = Self.line(
      "informer_factory.lua:316: watch failed, kind: Endpoints, reason: ReadBodyError, message : closed, context: ngx.timer",
      "11:00:00", id: 9)
    let folder = try Folder([
      "error.log": ([watch] + Self.lists(Self.refused, hour: 11).dropFirst()).map { $0 + "\n" }.joined()
    ])
    // 2026-11-28 11:00:20.
    var reading = LogReading(range: Int.min...1_795_863_620)
    try reading.read([folder["error.log"]])
    let answer = LogAnswer(LogRead(reading))
    #expect(answer.entries.first?.finding.rule.id == "log/watch-restarted")
    #expect(answer.entries.first?.finding.message.has("when this log ends") == true)
  }
}
