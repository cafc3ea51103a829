import Findings
import Foundation
import TestSupport
import Testing

@testable import Logs

/// A log says the same in whatever it is wrapped.
@Suite struct WrappedLogTests {
  /// Of a group all that its entries say.
  struct Said: Equatable, CustomStringConvertible {
    var id: String
    var count: Int
    var first, last: Int?
    var requests: [String]
    var sample: String
    var cause: String?

    /// - Parameter timed: whether lines without nginx' time may have one.
    static func all(of read: Read, timed: Bool) -> [Said] {
      let causes = LogChain(read.groups).causes
      let sorted = read.groups.indices.sorted { read.groups[$0].stands(before: read.groups[$1]) }
      return sorted.map { index in
        let group = read.groups[index]
        let isTimed = timed || group.record.head != nil
        return Said(
          id: group.id, count: group.count, first: isTimed ? group.first : nil, last: isTimed ? group.last : nil,
          requests: group.requests, sample: String(group.sample.unicodeScalars.filter { $0 != "\r" }),
          cause: causes[index].map { read.groups[$0].id })
      }
    }

    var description: String { "\n\(id) \(count) \(first ?? 0) \(last ?? 0) \(cause ?? "-") \(requests) \(sample)" }
  }

  /// Whole logs, and what they have not: a line longer than a container's pieces, cut ones, doubled ones.
  static let logs: [(name: String, text: String)] = {
    let logs = FixtureLogTests.rows.map(\.name).map { name in
      (name, (try? Checkout.text("Tests/Fixtures/logs/\(name).log")) ?? "")
    }
    let front = "2026/11/28 11:02:16 [error] 41#41: *"
    let end = ", client: 10.0.0.1, server: _, request: \"GET /a HTTP/1.1\", host: \"h\""
    let noNode = "[lua] init.lua:646: handle_upstream(): failed to set upstream: no valid upstream node: nil"
    return logs + [
      ("several", (logs.prefix(20) + logs.prefix(20)).map(\.1).joined()),
      (
        "long",
        "\(front)1 \(noNode)\(end)\n\(front)2 \(noNode), referrer: \"\(String(repeating: "x", count: 20_000))\"\n"
      ),
      ("cut", "\(String("\(front)1 \(noNode)\(end)\(String(repeating: "y", count: 4096))".prefix(4095)))\n"),
      ("letters", "\(front)1 \(noNode)\(end.replacing("/a", with: "/ü\u{3000}\"\\<&>\u{1}"))\n"),
    ]
  }()

  @Test(arguments: LogForm.all) func itsGroupsAreThoseOfTheLog(_ form: LogForm) throws {
    let folder = try Folder()
    for (name, text) in Self.logs {
      let raw = try Read(text)
      try folder.write("log", form.wrap(TimedLine.lines(of: text)))
      let read = try Read([folder["log"]])
      #expect(Said.all(of: read, timed: false) == Said.all(of: raw, timed: false), "\(name)")
      if form.keepsLines, name != "long" { #expect(read.counts == raw.counts, "\(name)") }
    }
  }

  /// Exports give the newest line first, or are asked to.
  @Test(arguments: LogForm.exports.filter { !$0.name.contains("pieces") } + LogForm.containers.prefix(1))
  func theNewestLineFirst(_ form: LogForm) throws {
    let folder = try Folder()
    for name in ["k8s-403-role-missing", "consul-html", "consul_kv-https", "stub-500", "k8s-token-file-emptied-later"] {
      let text = try Checkout.text("Tests/Fixtures/logs/\(name).log")
      try folder.write("log", form.wrap(TimedLine.lines(of: text).reversed()))
      let (read, raw) = (try Read([folder["log"]]), try Read(text))
      #expect(Said.all(of: read, timed: false) == Said.all(of: raw, timed: false), "\(name)")
    }
  }

  /// The gateway's clock is eight hours ahead, and what wraps its lines tells UTC.
  @Test(arguments: [
    "kubectl --timestamps", "stern --timestamps", "compose --timestamps", "CRI", "docker", "logcli",
    "journalctl -o json", "journalctl -o export", "journalctl -o short-iso", "logcli -o jsonl", "Loki's query_range",
    "Elasticsearch's _search", "OpenTelemetry's",
  ])
  func timesAreThoseOfUTC(_ name: String) throws {
    let form = try #require(LogForm.all.first { $0.name == name })
    let folder = try Folder()
    for name in ["k8s-apiserver-restart", "consul-down", "stub-500"] {
      let text = try Checkout.text("Tests/Fixtures/logs/\(name).log")
      let ahead = TimedLine.lines(of: text).map { line in
        guard line.text.hasPrefix("2026/"), let local = LogTimes.iso(line.time + 8 * 3600) else { return line }
        let clock = local.replacing("-", with: "/").replacing("T", with: " ")
        return TimedLine(text: clock + line.text.dropFirst(19), time: line.time, index: line.index)
      }
      try folder.write("east.log", form.wrap(ahead))
      try folder.write("utc.log", form.wrap(TimedLine.lines(of: text)))
      let raw = try Read(text).groups
      for files in [["east.log"], ["utc.log", "east.log"]] {
        let read = try Read(files.map { folder[$0] }).groups
        #expect(read.map(\.first) == raw.map(\.first) && read.map(\.last) == raw.map(\.last), "\(files)")
        #expect(read.map(\.id) == raw.map(\.id) && read.map(\.count) == raw.map { $0.count * files.count }, "\(files)")
      }
    }
  }

  /// Lines of many pods in turns: of kubectl, stern, compose, and in JSON.
  @Test(arguments: [2, 100]) func podsInTurns(_ count: Int) throws {
    let forms: [(Int, TimedLine) -> String] = [
      { "[pod/gw-\($0)/apisix] \($1.text)\n" }, { "gw-\($0) apisix \($1.text)\n" }, { "apisix-\($0)  | \($1.text)\n" },
      { "Nov 28 11:02:16 gw\($0) apisix[812]: \($1.text)\n" }, { "gw\($0): \($1.text)\n" },
      { LogForm.json(["message": $1.text, "podName": "gw-\($0)"]) + "\n" },
    ]
    for name in ["consul-html", "k8s-403-role-missing"] {
      let text = try Checkout.text("Tests/Fixtures/logs/\(name).log")
      let raw = try Read(text)
      for (index, form) in forms.enumerated() {
        let turns = TimedLine.lines(of: text).flatMap { line in (0..<count).map { form($0, line) } }
        let read = try Read(turns.joined())
        #expect(read.groups.map(\.id) == raw.groups.map(\.id), "\(name) \(index)")
        #expect(read.groups.map(\.count) == raw.groups.map { $0.count * count }, "\(name) \(index)")
        #expect(read.groups.map(\.sample) == raw.groups.map(\.sample), "\(name) \(index)")
        #expect(read.counts.explained == raw.counts.explained * count, "\(name) \(index)")
      }
    }
  }

  /// Parts of a rotated log, one of them packed, in all orders.
  @Test(arguments: ["as it is", "CRI", "docker", "journalctl -o export", "logcli -o jsonl", "Elasticsearch's _search"])
  func aRotatedSet(_ name: String) throws {
    let form = try #require(LogForm.all.first { $0.name == name })
    let folder = try Folder()
    let parts = try ["consul-html", "k8s-403-role-missing", "stub-500"].enumerated().map { index, name in
      try Checkout.text("Tests/Fixtures/logs/\(name).log").replacing("2026/11/28", with: "2026/11/2\(index + 6)")
    }
    for (index, file) in ["error.log.2", "error.log.1", "error.log"].enumerated() {
      try folder.write(file, form.wrap(TimedLine.lines(of: parts[index])))
    }
    _ = try bash("gzip error.log.2", in: folder.path)
    let raw = Said.all(of: try Read(parts.joined()), timed: false)
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
      let files = order.map { folder[["error.log", "error.log.1", "error.log.2.gz"][$0]] }
      #expect(Said.all(of: try Read(files), timed: false) == raw, "\(order)")
    }
  }
}
