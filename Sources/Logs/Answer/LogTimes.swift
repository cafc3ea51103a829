import Findings
import Kubernetes
import SourceText

/// Times as a log's clock shows them, in seconds since 1970; their time zone is the log's own.
enum LogTimes {
  /// `2026-11-28T11:02:16`; without a zone, as the log has none.
  static func iso(_ seconds: Int) -> String? { Timestamp.iso(seconds).map { String($0.dropLast()) } }

  /// `2026-11-28 11:02:16`
  static func text(_ seconds: Int) -> String { iso(seconds).map { "\($0.prefix(10)) \($0.suffix(8))" } ?? "" }

  /// `2026-11-28 11:02:16 to 11:03:36`; both dates where they differ.
  static func text(_ first: Int, to last: Int) -> String {
    let (from, until) = (text(first), text(last))
    if first == last { return from }
    return "\(from) to \(from.prefix(10) == until.prefix(10) ? String(until.suffix(8)) : until)"
  }
}

/// What `--since` and `--until` say.
public enum LogTime: Sendable, Hashable {
  /// On the log's clock, in seconds since 1970.
  case at(Int)
  /// So many seconds before the end.
  case before(Int)

  /// `2026-11-28T11:02:16Z`, `2026-11-28 11:02`, `2026/11/28 11:02:16`, as nginx writes it, or a date; `1h`, `30m`.
  public init?(_ text: String) {
    let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
    if let unit = text.last.flatMap({ units[$0] }), let number = Int(text.dropLast()), (1...100_000).contains(number) {
      self = .before(number * unit)
      return
    }
    let parts = text.split { $0 == " " || $0 == "T" || $0 == "t" }
    guard let day = parts.first, parts.count < 3 else { return nil }
    var clock = parts.count == 2 ? String(parts[1]) : "00:00:00"
    let hasZone = clock.utf8.contains { $0 == UInt8(ascii: "Z") || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }
    if clock.utf8.count == 5 { clock += ":00" }
    let date = String(day.map { $0 == "/" ? "-" : $0 })
    guard let time = Timestamp.parse("\(date)T\(clock)\(hasZone ? "" : "Z")") else { return nil }
    self = .at(time)
  }

  /// Whether it counts from an end that must be known.
  var isSpan: Bool { if case .before = self { true } else { false } }

  /// - Parameter end: the last entry, or now.
  public func seconds(before end: Int) -> Int {
    switch self {
    case .at(let time): time
    case .before(let span): end - span
    }
  }
}

/// A number as people read it: `1,204`.
func grouped(_ number: Int) -> String {
  let digits = Array(String(number))
  return String(
    digits.enumerated().flatMap { index, digit in
      index > 0 && (digits.count - index) % 3 == 0 ? [",", digit] : [digit]
    })
}
