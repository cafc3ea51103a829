import Findings
import Foundation
import Inputs
import TestSupport
import Testing

@testable import Logs

/// A long log is looked at in windows of 2 MB, which lie in the file itself.
@Suite struct MappedLogTests {
  private static let window = 2 << 20

  private static func line(_ id: Int, _ rest: String = "") -> String {
    """
    2026/11/28 11:02:\(10 + id / 5000) [error] 51#51: *\(id) [lua] init.lua:646: handle_upstream(): failed to set \
    upstream: no valid upstream node: nil\(rest), client: 10.0.0.\(id % 250), server: _, request: "GET /s\(id % 9) \
    HTTP/1.1", host: "gw.example.com"\n
    """
  }

  private func told(_ reading: borrowing LogReading) -> [String] {
    reading.groups.map { "\($0.id) \($0.explanation.rule.id) \($0.count) \($0.first ?? 0) \($0.last ?? 0)" }
      + ["\(reading.counts)"]
  }

  /// A log that is longer than three windows, with something at the edge of the first.
  private func log(_ edge: String, at place: Int) -> String {
    var text = ""
    var id = 0
    func fill(to size: Int) {
      while text.utf8.count < size {
        id += 1
        text += Self.line(id)
      }
    }
    fill(to: Self.window - 2000)
    let rest = Self.window - place - text.utf8.count - 1
    text += String(repeating: "x", count: max(0, rest)) + "\n" + edge
    fill(to: 3 * Self.window + 100_000)
    return text
  }

  /// What lies at the edge of a window, by name.
  private static let edges: [String: String] = [
    "an entry": line(7), "one with CR LF": line(8).replacingOccurrences(of: "\n", with: "\r\n"),
    "a trace": line(9, "\nstack traceback:\n\t[C]: in function 'error'\n\tinit.lua:1: in function <init.lua:1>"),
    "an entry of 100 KB": line(10, String(repeating: "y", count: 100_000)),
    "a line of 5 MB": String(repeating: "z", count: 5 << 20) + "\n" + line(11), "empty lines": "\n\n\r\n",
    "zeros": String(repeating: "\0", count: 70_000) + "\n",
  ]

  @Test(arguments: edges.keys.sorted()) func itSaysWhatItsBytesSay(_ name: String) throws {
    let edge = try #require(Self.edges[name])
    for place in [0, 1, 60] {
      let text = log(edge, at: place)
      let folder = try Folder(["error.log": text])
      var mapped = LogReading()
      try mapped.read([folder["error.log"]])
      var read = LogReading()
      try read.read(ByteStream(Array(text.utf8), name: folder["error.log"]), named: folder["error.log"])
      #expect(told(mapped) == told(read), "\(place)")
      #expect(mapped.counts.read > 9_000)
    }
  }

  /// Whatever is kept of the pieces before.
  @Test func aWindowFollowsWhatIsRead() throws {
    let folder = try Folder(["error.log": log("", at: 0)])
    var stream = try ByteStream(folder["error.log"])
    var buffer = LogBuffer(capacity: 256 << 10)
    var pieces = 0
    while buffer.map(&stream) == nil, pieces < 12 {
      _ = try stream.read(into: buffer.room(behind: 137))
      pieces += 1
    }
    #expect((8...10).contains(pieces))
    #expect(buffer.map(&stream) == Self.window)
  }

  /// As logrotate's copytruncate does it, whenever that is.
  @Test func aLogThatIsCutOffEndsThere() throws {
    let text = log("", at: 0)
    for round in 0..<12 {
      let folder = try Folder(["error.log": text])
      let path = folder["error.log"]
      let cutter = Thread {
        usleep(UInt32(round * 3_000))
        truncate(path, off_t(round % 3 * 100_000))
      }
      cutter.start()
      var reading = LogReading()
      try reading.read([path])
      #expect(reading.groups.allSatisfy { $0.explanation.rule.id == "log/no-valid-upstream-node" })
      #expect(reading.groups.count <= 1)
    }
  }
}
