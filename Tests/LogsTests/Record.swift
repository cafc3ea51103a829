import APISIX
import Foundation

@testable import Logs

/// An entry of a log as a test writes it: whole lines, taken apart by what nginx writes.
func record(_ entry: String) -> LogRecord {
  let front = #/^(\S+ \S+) \[(\w+)\] (\d+)#\d+: (?:\*(\d+) )?/#
  var rest = entry[...]
  var head: LogHead?
  if let match = entry.prefixMatch(of: front), let level = LogHead.Level(rawValue: String(match.2)) {
    head = LogHead(time: 0, level: level, process: Int(match.3) ?? 0, connection: match.4.flatMap { Int($0) })
    rest = entry[match.range.upperBound...]
  }
  var tail = LogTail()
  if let start = rest.range(of: ", client: ") {
    let text = rest[start.lowerBound...]
    func value(_ name: String) -> String? {
      text.range(of: ", \(name): ").map { found in
        let value = text[found.upperBound...]
        return value.first == "\""
          ? String(value.dropFirst().prefix { $0 != "\"" }) : String(value.prefix { $0 != "," && $0 != "\n" })
      }
    }
    tail.client = value("client")
    tail.request = value("request")
    tail.upstream = value("upstream")
    tail.requestID = value("request_id")
    rest = rest[..<start.lowerBound]
  } else if let start = rest.range(of: ", context: ") {
    rest = rest[..<start.lowerBound]
  }
  return LogRecord(head: head, text: String(rest), tail: tail, words: Words(line: entry))
}

/// The entries of a whole log; lines without nginx' front belong to the one before.
func records(_ log: String) -> [LogRecord] {
  var entries: [String] = []
  for line in log.split(separator: "\n", omittingEmptySubsequences: true) {
    let begins = line.prefixMatch(of: #/\d{4}\/\d\d\/\d\d /#) != nil
    if begins || entries.isEmpty {
      entries.append(String(line))
    } else {
      entries[entries.count - 1] += "\n" + line
    }
  }
  return entries.map(record)
}

/// What an entry means.
func explain(_ entry: String) -> Explanation? { LogRules.explanation(of: record(entry)) }

extension Explanation {
  /// A value by its name.
  subscript(name: Value) -> String? { values.first { $0.name == name }?.text }
  /// Everything that is shown of it.
  var whole: String { ([message, help ?? ""] + values.map(\.text)).joined(separator: "\n") }
}

/// A line of a timer.
func timer(_ text: String, level: String = "error") -> String {
  "2026/11/28 11:06:21 [\(level)] 15686#15686: *6 [lua] \(text), context: ngx.timer"
}

/// A line of a request.
func request(_ text: String, level: String = "error", upstream: String? = nil) -> String {
  "2026/11/28 11:06:26 [\(level)] 15685#15685: *120 \(text), client: 127.0.0.1, server: _, request: \"GET /a HTTP/1.1\""
    + (upstream.map { ", upstream: \"\($0)\"" } ?? "") + ", host: \"127.0.0.1:32100\", request_id: \"48dc2ded8638b73f\""
}
