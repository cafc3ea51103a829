import Foundation
import TestSupport
import Testing

@testable import Logs

/// A line of a log, and when it was written.
struct TimedLine: Sendable {
  var text: String
  /// Seconds since 1970.
  var time: Int
  /// From 0.
  var index: Int

  /// `2026-11-28T11:02:16`
  var local: String { LogTimes.iso(time) ?? "" }
  /// As a container has it, with parts of a second.
  var iso: String { "\(local).\(100_000_007 + index)Z" }
  var nanos: String { "\(time)\(100_000_007 + index)" }
  var micros: String { "\(time)\(100_007 + index)" }

  /// Of a log of a gateway whose clock shows UTC; a line without a time was written with the one before.
  static func lines(of log: String) -> [TimedLine] {
    var time = 1_795_863_600
    return log.split(separator: "\n", omittingEmptySubsequences: false).dropLast().enumerated().map { index, line in
      if case .at(let seconds) = LogTime(String(line.prefix(19))) { time = seconds.lowerBound }
      return TimedLine(text: String(line), time: time, index: index)
    }
  }

  /// Its UTF-8 in pieces of some length, no letter cut.
  func pieces(of length: Int, _ end: String = "") -> [String] {
    var pieces = [""]
    for letter in (text + end).unicodeScalars {
      if pieces[pieces.count - 1].utf8.count + UTF8.width(letter) > length { pieces.append("") }
      pieces[pieces.count - 1].unicodeScalars.append(letter)
    }
    return pieces
  }
}

/// How a program passes a log on.
struct LogForm: Sendable, CustomTestStringConvertible {
  let name: String
  /// Whether each line of the log is a line of what comes of it.
  var keepsLines = true
  let wrap: @Sendable ([TimedLine]) -> Data

  var testDescription: String { name }

  /// A line at a time.
  static func each(_ name: String, keepsLines: Bool = true, _ wrap: @escaping @Sendable (TimedLine) -> String)
    -> LogForm
  { LogForm(name: name, keepsLines: keepsLines) { Data($0.map(wrap).joined().utf8) } }

  /// One document.
  static func whole(_ name: String, _ wrap: @escaping @Sendable ([TimedLine]) -> Any) -> LogForm {
    LogForm(name: name) { Data(json(wrap($0), [.prettyPrinted]).utf8) }
  }

  static func json(_ value: Any, _ more: JSONSerialization.WritingOptions = []) -> String {
    let data = try? JSONSerialization.data(withJSONObject: value, options: more.union([.sortedKeys]))
    return String(decoding: data ?? Data(), as: UTF8.self)
  }

  static let all = containers + journals + exports

  // MARK: Containers

  static let containers: [LogForm] = [
    .each("as it is") { "\($0.text)\n" },
    .each("lines of Windows") { "\($0.text)\r\n" },
    LogForm(name: "gzip of several members") { lines in
      let text = Data(lines.map { "\($0.text)\n" }.joined().utf8)
      return (try? gzip(text.prefix(text.count / 2)) + gzip(text.suffix(from: text.count / 2))) ?? Data()
    },
    .each("a byte order mark") { ($0.index == 0 ? "\u{FEFF}" : "") + "\($0.text)\n" },
    LogForm(name: "UTF-16, as PowerShell writes it") { lines in
      Data([0xFF, 0xFE])
        + lines.flatMap { "\($0.text)\r\n".utf16 }.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    },
    .each("kubectl --prefix") { "[pod/gw-7d9f8b-x2x4z/apisix] \($0.text)\n" },
    .each("kubectl --timestamps") { "\($0.iso) \($0.text)\n" },
    .each("kubectl --prefix --timestamps") { "[pod/gw-7d9f8b-x2x4z/apisix] \($0.iso) \($0.text)\n" },
    .each("stern") { "gw-7d9f8b-x2x4z apisix \($0.text)\n" },
    .each("stern --timestamps") { "gw-7d9f8b-x2x4z apisix \($0.iso) \($0.text)\n" },
    .each("stern in colour") { "\u{1B}[38;5;2mgw-7d9f8b-x2x4z\u{1B}[0m \u{1B}[32mapisix\u{1B}[0m \($0.text)\n" },
    .each("stern -o json") { json(["message": $0.text, "podName": "gw-1", "containerName": "apisix"]) + "\n" },
    .each("compose") { "apisix-1  | \($0.text)\n" },
    .each("compose --timestamps") { "apisix-1  | \($0.iso) \($0.text)\n" },
    .each("compose in colour") { "\u{1B}[36mapisix-1  | \u{1B}[0m\($0.text)\n" },
    .each("all in colour") { "\u{1B}[31m\($0.text)\u{1B}[0m\n" },
    .each("CRI") { "\($0.iso) stderr F \($0.text)\n" },
    .each("CRI, in pieces", keepsLines: false) { line in
      let pieces = line.pieces(of: 7 + line.index % 90)
      return pieces.enumerated().map { index, piece in
        "\(line.iso) stderr \(index + 1 < pieces.count ? "P" : "F") \(piece)\n"
          + "\(line.iso) stdout F 10.0.0.1 - - [28/Nov/2026:11:02:18 +0000] h \"GET /a HTTP/1.1\" 200 0 0.000\n"
      }.joined()
    },
    .each("docker") { json(["log": "\($0.text)\n", "stream": "stderr", "time": $0.iso]) + "\n" },
    .each("docker, in pieces", keepsLines: false) { line in
      line.pieces(of: 7 + line.index % 90, "\n").map {
        json(["log": $0, "stream": "stderr", "time": line.iso]) + "\n"
          + json(["log": "started\n", "stream": "stdout", "time": line.iso]) + "\n"
      }.joined()
    },
    .each("docker logs --timestamps") { "\($0.iso) \($0.text)\n" },
  ]

  static func gzip(_ data: Data) throws -> Data {
    let folder = try Folder()
    try folder.write("part", data)
    _ = try bash("gzip part", in: folder.path)
    return try Data(contentsOf: URL(fileURLWithPath: folder["part.gz"]))
  }

  // MARK: journald

  /// journalctl leaves out empty lines.
  private static func journal(_ name: String, _ front: @escaping @Sendable (TimedLine) -> String) -> LogForm {
    .each(name, keepsLines: false) { $0.text.isEmpty ? "" : "\(front($0))\($0.text)\n" }
  }

  static let journals: [LogForm] = [
    journal("journalctl") { "Nov 28 \($0.local.suffix(8)) gw-1 apisix[812]: " },
    journal("rsyslog") { "Nov 28 \($0.local.suffix(8)) gw-1 apisix: " },
    journal("rsyslog's files") { "\($0.local).000001+00:00 gw-1 apisix: " },
    journal("RFC 5424") { "<11>1 \($0.iso) gw-1 apisix 812 - - " },
    journal("journalctl -o short-precise") { "Nov 28 \($0.local.suffix(8)).000001 gw-1 apisix[812]: " },
    journal("journalctl -o short-iso") { "\($0.local)+0000 gw-1 apisix[812]: " },
    journal("journalctl -o short-iso-precise") { "\($0.local).000001+00:00 gw-1 apisix[812]: " },
    journal("journalctl -o short-full") { "Sat \($0.local.replacing("T", with: " ")) UTC gw-1 apisix[812]: " },
    journal("journalctl -o short-unix") { "\($0.time).100000 gw-1 apisix[812]: " },
    journal("journalctl -o short-monotonic") { "[\(90 + $0.index).100000] gw-1 apisix[812]: " },
    .each("journalctl -o json", keepsLines: false) { $0.text.isEmpty ? "" : json(fields($0)) + "\n" },
    .each("journalctl -o json-seq", keepsLines: false) { $0.text.isEmpty ? "" : "\u{1E}" + json(fields($0)) + "\n" },
    .each("journalctl -o json-sse", keepsLines: false) { $0.text.isEmpty ? "" : "data: " + json(fields($0)) + "\n\n" },
    .each("journald's longest lines", keepsLines: false) { line in
      let pieces = line.pieces(of: 100)
      return pieces.enumerated().map { index, piece in
        var fields = fields(line)
        fields["MESSAGE"] = piece
        if index + 1 < pieces.count { fields["_LINE_BREAK"] = "line-max" }
        return json(fields) + "\n"
      }.joined()
    },
    .each("numbers for bytes", keepsLines: false) { line in
      json(["MESSAGE": Array(line.text.utf8).map(Int.init), "__REALTIME_TIMESTAMP": line.micros]) + "\n"
    },
    LogForm(name: "journalctl -o export", keepsLines: false) { lines in
      lines.reduce(into: Data()) { data, line in
        let length = (0..<8).map { UInt8(truncatingIfNeeded: line.text.utf8.count >> ($0 * 8)) }
        data += Data("__CURSOR=s=\(line.index)\n__REALTIME_TIMESTAMP=\(line.micros)\n_AUDIT\n".utf8)
        data += Data([3, 0, 0, 0, 0, 0, 0, 0]) + Data("a\n\n\n".utf8)
        let isText = line.index % 2 == 0 && !line.text.contains { $0 < " " && $0 != "\t" }
        data += isText ? Data("MESSAGE=".utf8) : Data("MESSAGE\n".utf8) + Data(length)
        data += Data("\(line.text)\n_PID=812\n\n".utf8)
      }
    },
  ]

  private static func fields(_ line: TimedLine) -> [String: String] {
    [
      "MESSAGE": line.text, "__REALTIME_TIMESTAMP": line.micros, "_HOSTNAME": "gw-1", "_PID": "812",
      "SYSLOG_IDENTIFIER": "apisix",
    ]
  }
}
