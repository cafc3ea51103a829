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
  /// On the log's clock, in seconds since 1970: a second, or all of a minute or a day.
  case at(ClosedRange<Int>)
  /// So many seconds before the end.
  case before(Int)
  /// At this time of the last day on which it was before the end.
  case clock(ClosedRange<Int>)

  /// `2026-11-28T11:02:16Z`, `2026-11-28 11:02`, `2026/11/28 11:02:16`, as nginx writes it, `2026-11-28 11:02 +0800`,
  /// or a date; `1h`, `30m`, `1h30m`; `11:02`, `11:02:16`.
  public init?(_ text: String) {
    if text.utf8.count <= 8, text.contains(":"), case .at(let time)? = Self("1970-01-01 \(text)") {
      self = .clock(time)
      return
    }
    if let span = Self.span(text) {
      self = .before(span)
      return
    }
    let parts = text.split { $0 == " " || $0 == "T" || $0 == "t" }
    guard let day = parts.first, parts.count <= 3 else { return nil }
    let rest = parts.dropFirst().joined()
    let clock = rest.prefix { $0.isNumber || $0 == ":" || $0 == "." }
    var zone = String(rest[clock.endIndex...])
    if zone.utf8.count == 5 { zone.insert(":", at: zone.index(zone.startIndex, offsetBy: 3)) }
    let (whole, width) =
      clock.isEmpty ? ("00:00:00", 86_400) : clock.utf8.count == 5 ? ("\(clock):00", 60) : (String(clock), 1)
    let date = String(day.map { $0 == "/" ? "-" : $0 })
    guard let time = Timestamp.parse("\(date)T\(whole)\(zone.isEmpty ? "Z" : zone)") else { return nil }
    self = .at(time...time + width - 1)
  }

  private static func span(_ text: String) -> Int? {
    let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
    var (sum, number) = (0, "")
    for letter in text {
      if letter.isNumber {
        number.append(letter)
      } else {
        guard let unit = units[letter], let count = Int(number), count <= 100_000 else { return nil }
        (sum, number) = (sum + count * unit, "")
      }
    }
    return number.isEmpty && sum > 0 ? sum : nil
  }

  /// Whether it counts from an end that must be known.
  var isSpan: Bool { if case .at = self { false } else { true } }

  /// The first second of it.
  /// - Parameter end: the last entry, or now.
  func first(before end: Int) -> Int { bounds(end).lowerBound }

  /// The last second of it.
  func last(before end: Int) -> Int { bounds(end).upperBound }

  private func bounds(_ end: Int) -> ClosedRange<Int> {
    switch self {
    case .at(let time): time
    case .before(let span): end - span...end - span
    case .clock(let time):
      days(before: end - time.lowerBound) + time.lowerBound...days(before: end - time.lowerBound) + time.upperBound
    }
  }

  /// Whether it is later than another for certain: then nothing lies between them.
  public func isLater(than other: LogTime) -> Bool {
    switch (self, other) {
    case (.at(let first), .at(let last)): first.lowerBound > last.upperBound
    // The longer span is the earlier one.
    case (.before(let first), .before(let last)): first < last
    default: false
    }
  }

  /// The whole days until then, in seconds.
  private func days(before time: Int) -> Int { time - (time % 86_400 + 86_400) % 86_400 }
}

/// A number as people read it: `1,204`.
func grouped(_ number: Int) -> String {
  let digits = Array(String(number))
  return String(
    digits.enumerated().flatMap { index, digit in
      index > 0 && (digits.count - index) % 3 == 0 ? [",", digit] : [digit]
    })
}
