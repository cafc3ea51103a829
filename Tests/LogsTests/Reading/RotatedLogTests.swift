import Findings
import Foundation
import TestSupport
import Testing

@testable import Logs

/// An entry whose halves stand at the end of a rotated file and at the beginning of the next.
@Suite struct RotatedLogTests {
  private static let lines = [
    "2026/11/28 11:02:10 [error] 41#41: *5 [lua] client.lua:156: connect consul: http://127.0.0.1:8500/v1 by sub url: "
      + "/catalog/services, got watch result: null, with error: connection refused, context: ngx.timer",
    "2026/11/28 11:02:16 [error] 41#41: *6 [lua] init.lua:646: handle_upstream(): failed to set upstream: no valid "
      + "upstream node: nil, client: 10.0.0.1, server: _, request: \"GET /a HTTP/1.1\", host: \"h\"",
    "2026/11/28 11:02:17 [error] 41#41: *7 [lua] informer_factory.lua:316: list failed, kind: Endpoints, reason: "
      + "Unauthorized, message : {\"kind\":\"Status\",\"code\":401}",
    ", context: ngx.timer",
    "2026/11/28 11:02:18 [error] 41#41: *8 [lua] init.lua:400: nodes(): get unexpected upstream service_name: a.b, "
      + "client: 10.0.0.1, server: _, request: \"GET /b HTTP/1.1\"",
  ]
  private static let text = lines.map { $0 + "\n" }.joined()

  private func said(_ read: Read) -> [String] {
    read.groups.map { "\($0.id) \($0.count) \($0.first ?? 0) \($0.requests) \($0.sample) \($0.place.line)" }
  }

  /// Cut anywhere in the second, third or fifth line.
  @Test(arguments: [
    ("error.log.1", "error.log"), ("error.log-20261128", "error.log"), ("error.log.2.gz", "error.log.1"),
    ("2026-11-28_11-02-16__error.log", "error.log"), ("0.log.20261128-110216.gz", "0.log"),
  ])
  func cutAnywhere(_ first: String, _ second: String) throws {
    let bytes = Data(Self.text.utf8)
    let whole = try Read(Self.text)
    let starts = [Self.lines[0].utf8.count + 1, Self.lines.prefix(4).reduce(0) { $0 + $1.utf8.count + 1 }]
    let cuts = stride(from: starts[0] + 1, to: starts[0] + Self.lines[1].utf8.count, by: 5)
    for cut in Array(cuts) + [starts[0] + Self.lines[1].utf8.count, starts[1] - 30, starts[1] - 5, starts[1] + 40] {
      let folder = try Folder()
      let isPacked = first.hasSuffix(".gz")
      try folder.write(isPacked ? String(first.dropLast(3)) : first, bytes.prefix(cut))
      if isPacked { _ = try bash("gzip \(first.dropLast(3))", in: folder.path) }
      try folder.write(second, bytes.dropFirst(cut))
      for files in [[first, second], [second, first]] {
        let read = try Read(files.map { folder[$0] })
        #expect(read.groups.map(\.id) == whole.groups.map(\.id), "\(cut)")
        #expect(read.groups.map(\.sample) == whole.groups.map(\.sample) && read.counts == whole.counts, "\(cut)")
        // Where it begins.
        let broken = Self.text.utf8.prefix(cut).count { $0 == 0x0A }
        let places = whole.groups.map { group in
          let isBefore = group.place.line <= broken + (bytes[bytes.startIndex + cut - 1] == 0x0A ? 0 : 1)
          return "\(folder[isBefore ? first : second]) \(isBefore ? group.place.line : group.place.line - broken)"
        }
        #expect(read.groups.map { "\($0.place.file) \($0.place.line)" } == places, "\(cut)")
      }
    }
  }

  /// However much of it is unpacked at once.
  @Test func linesOfAPackedLogAreCounted() throws {
    let other = "2026/11/28 11:02:09 [error] 41#41: *4 no matter of ours, client: 10.0.0.1, server: _\n"
    let folder = try Folder(["error.log": String(repeating: other, count: 20_000) + Self.lines[1] + "\n"])
    _ = try bash("gzip error.log", in: folder.path)
    #expect(try Read([folder["error.log.gz"]]).groups.map(\.place.line) == [20_001])
  }

  @Test(arguments: ["CRI", "docker", "kubectl --prefix", "journalctl", "journalctl -o json", "lines of Windows"])
  func wrappedLinesAreCutToo(_ name: String) throws {
    let form = try #require(LogForm.all.first { $0.name == name })
    let wrapped = form.wrap(TimedLine.lines(of: Self.text))
    let folder = try Folder()
    let whole = try Read(Self.text)
    let start = (wrapped.firstIndex(of: 0x0A) ?? 0) + 1
    for cut in stride(from: start + 1, to: start + 240, by: 7) {
      try folder.write("error.log.1", wrapped.prefix(cut))
      try folder.write("error.log", wrapped.dropFirst(cut))
      let read = try Read(["error.log", "error.log.1"].map { folder[$0] })
      #expect(Set(read.groups.map(\.id)) == Set(whole.groups.map(\.id)), "\(cut)")
      #expect(read.counts.explained == whole.counts.explained && read.groups.map(\.count) == [1, 1, 1, 1], "\(cut)")
    }
  }

  /// Half of a line with nothing behind it, and over three files.
  @Test func whatFollowsIsShort() throws {
    let whole = try Read(Self.lines[0] + "\n" + Self.lines[1])
    let cut = Self.lines[1].prefix(150)
    let rest = Self.lines[1].dropFirst(150)
    let folder = try Folder(["error.log.1": Self.lines[0] + "\n" + cut, "error.log": String(rest)])
    let read = try Read(["error.log", "error.log.1"].map { folder[$0] })
    #expect(said(read) == said(whole) && read.counts == whole.counts)
    let three = try Folder([
      "error.log.2": Self.lines[0] + "\n" + cut, "error.log.1": "\(rest)\n\(Self.lines[4].prefix(120))",
      "error.log": Self.lines[4].dropFirst(120) + "\n",
    ])
    let joined = try Read(["error.log", "error.log.1", "error.log.2"].map { three[$0] })
    #expect(joined.groups.map(\.count) == [1, 1, 1] && joined.counts.read == 3)
  }

  /// A file that lacks its last line break only; half a line of a host that lost its power; other gateways' logs.
  @Test func whatBeginsByItselfIsNotJoined() throws {
    let half = String(Self.lines[1].prefix(100))
    for (last, next, count) in [
      (Self.lines[1], Self.lines[4], 3), (half, Self.lines[4], 2), (half, "[pod/a/apisix] \(Self.lines[4])", 2),
      (Self.lines[1], "certificate path /a.pem doesn't exist", 3),
      (Self.lines[1], "/usr/bin/luajit ./apisix/cli/apisix.lua init\ncertificate path /a.pem doesn't exist", 3),
      (
        Self.lines[1], LogForm.json(["log": Self.lines[4] + "\n", "stream": "stderr", "time": "2026-11-28T11:02:18Z"]),
        3
      ),
    ] {
      let folder = try Folder(["error.log.1": "\(Self.lines[0])\n\(last)", "error.log": next + "\n"])
      let read = try Read(["error.log.1", "error.log"].map { folder[$0] })
      #expect(read.groups.map(\.count) == Array(repeating: 1, count: count), "\(next)")
    }
    let folder = try Folder([
      "gw-a.log": "\(Self.lines[0])\n\(half)", "gw-b.log": "\(Self.lines[1].dropFirst(100))\n\(Self.lines[4])\n",
    ])
    #expect(try !Read(["gw-a.log", "gw-b.log"].map { folder[$0] }).groups.map(\.sample).contains(Self.lines[1]))
  }
}
