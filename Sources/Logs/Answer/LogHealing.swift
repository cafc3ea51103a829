import APISIX
import Findings

/// Whether a watch that broke came back.
enum LogHealing {
  case healed(after: Int)
  case unknown
  /// - Parameter rest: how long nothing failed after that, in seconds; nil where it may go on.
  case broken(by: String, rest: Int?)

  /// APISIX lists anew so many seconds after a watch broke.
  static let pause = 40

  /// What fails is logged again within so many seconds: that pause, and a connection's timeout of 60.
  static let longest = 120

  var text: String {
    switch self {
    case .healed(let seconds): "it healed: nothing failed in the \(span(seconds)) after it"
    case .broken(let rule, let rest):
      "it did not heal at once: \(rule) came after it"
        + (rest.map { ", and then nothing failed for \(span($0))" } ?? "")
    case .unknown: "it heals by itself: APISIX lists anew after \(Self.pause) seconds, when this log ends"
    }
  }
}

extension LogGroup {
  /// nil where it is nothing that heals by itself.
  func healing(_ groups: [LogGroup], end: Int?) -> LogHealing? {
    guard explanation.rule.id == "log/watch-restarted", let last else { return nil }
    // What came only later is another matter: the list 40 seconds after the watch had succeeded.
    let later = groups.filter { other in
      other.isLasting && (other.registry == nil || other.registry == .kubernetes) && other.last ?? .min > last
        && other.first ?? .max <= last + 2 * LogHealing.pause
    }
    func rest(after last: Int) -> Int {
      let next = groups.filter { $0.isLasting && $0.first ?? .min > last }.compactMap(\.first).min()
      return (next ?? end ?? last) - last
    }
    if let first = later.min(by: { $0.stands(before: $1) }) {
      let rest = rest(after: later.compactMap(\.last).max() ?? last)
      return .broken(by: first.explanation.rule.id, rest: rest > LogHealing.longest ? rest : nil)
    }
    let rest = rest(after: last)
    return rest < LogHealing.pause ? .unknown : .healed(after: rest)
  }

  /// Of a cause that ceased long before the log did: since when.
  func silence(until end: Int?) -> String? {
    guard isLasting, let last, let ended, let end, ended < end, last + 600 <= end else { return nil }
    return "not since \(LogTimes.text(last)), and the log goes on for \(span(end - last))"
  }
}
