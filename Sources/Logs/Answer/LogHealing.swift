import APISIX
import Findings

/// Whether a watch that broke came back.
enum LogHealing {
  case healed(after: Int)
  case unknown
  case broken(by: String)

  /// APISIX lists anew so many seconds after a watch broke.
  static let pause = 40

  var text: String {
    switch self {
    case .healed(let seconds): "it healed: nothing failed in the \(span(seconds)) after it"
    case .broken(let rule): "it did not heal at once: \(rule) came after it"
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
    if let first = later.min(by: { $0.stands(before: $1) }) { return .broken(by: first.explanation.rule.id) }
    let next = groups.filter { $0.isLasting && $0.first ?? .min > last }.compactMap(\.first).min()
    let rest = (next ?? end ?? last) - last
    return rest < LogHealing.pause ? .unknown : .healed(after: rest)
  }

  /// Of a cause that ceased long before the log did: since when.
  func silence(until end: Int?) -> String? {
    guard isLasting, let last, let ended, let end, ended < end, last + 600 <= end else { return nil }
    return "not since \(LogTimes.text(last)), and the log goes on for \(span(end - last))"
  }
}
