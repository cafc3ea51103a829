import APISIX
import Findings
import SourceText

/// What a file comes to when the release changes: the effects of the older and of the newer release, held against each
/// other.
struct Upgrade {
  struct State: Sendable {
    /// By their subjects.
    var effects: [String: Effect] = [:]
    /// Whether the release does not take a config.yaml in the file.
    var isRefused = false

    /// Where values stand.
    fileprivate var places: Set<SourceRange?> {
      Set(effects.values.lazy.filter { $0.kind == .value }.map(\.found.range))
    }

    subscript(subject: String) -> Effect? { effects[subject] }
  }

  let older: State
  let newer: State
  /// Whether the newer release is the one to come to.
  let isUp: Bool

  /// What the releases make otherwise.
  var subjects: [String] {
    let places = newer.places
    return Set(older.effects.keys).union(newer.effects.keys).filter { subject in
      guard older[subject]?.state != newer[subject]?.state, isComparable(subject) else { return false }
      // To tinyyaml a key that stands again has another name.
      guard let old = older[subject], old.kind == .value, newer[subject] == nil else { return true }
      return !places.contains(old.found.range)
    }
  }

  /// What stands in a map that only one of them has is no matter of its own.
  private func isComparable(_ subject: String) -> Bool {
    let (old, new) = (older[subject], newer[subject])
    guard let effect = new ?? old else { return false }
    // What does not start does nothing.
    if effect.kind == .behaviour, isUp ? older.isRefused : newer.isRefused { return false }
    if old != nil, new != nil { return true }
    switch effect.kind {
    case .value: return effect.outer.map { older[$0] != nil && older[$0]?.state == newer[$0]?.state } ?? false
    case .fallback, .behaviour: return false
    case .finding: return !effect.found.rule.id.hasPrefix("ignore/") && effect.found.rule != UnknownVariable.rule
    }
  }

  /// - Parameter since: for each subject the first release that does as the newer one.
  func findings(since: [String: Release]) -> [Finding] {
    let all = subjects.sorted().compactMap { subject in
      since[subject].flatMap { finding(subject, since: $0.announced) }
    }
    let refused = Set(all.filter { $0.rule == UpgradeRules.refused }.map(line))
    let read = Set(all.filter { $0.rule == UpgradeRules.readOtherwise }.map(\.range))
    let ignored = Set(all.filter { $0.rule == UpgradeRules.ignored }.map(\.path))
    let told = Set(subjects.compactMap { (newer[$0] ?? older[$0])?.behaviourPath })
    var values: [Int: Int] = [:]
    for finding in all where finding.rule == UpgradeRules.readOtherwise { values[line(finding), default: 0] += 1 }
    var seen: Set<Int> = []
    return all.filter { finding in
      switch finding.rule {
      case UpgradeRules.readOtherwise:
        // One cause is told once a line.
        return !refused.contains(line(finding)) && seen.insert(line(finding)).inserted
      // What comes of another value is no second change.
      case UpgradeRules.behaviour: return !read.contains(finding.range)
      case UpgradeRules.nowRead: return !told.contains(finding.path ?? "") && !ignored.contains(finding.path)
      case UpgradeRules.ignored: return !told.contains(finding.path ?? "")
      default: return true
      }
    }.map { finding in
      let more = finding.rule == UpgradeRules.readOtherwise ? (values[line(finding)] ?? 1) - 1 : 0
      return more == 0
        ? finding
        : finding.saying("\(finding.message); \(more) more on this line", help: finding.help)
    }
  }

  private func line(_ finding: Finding) -> Int { finding.range?.start.line ?? 0 }

  private func finding(_ subject: String, since: Release) -> Finding? {
    let (old, new) = (older[subject], newer[subject])
    let (from, to) = isUp ? (old, new) : (new, old)
    guard let place = to ?? from else { return nil }
    let (before, after) = (old?.found.message ?? "nothing", new?.found.message ?? "nothing")
    switch place.kind {
    case .value:
      return place.found.saying(
        before == after
          ? "from \(since) on APISIX reads another value here than before"
          : "from \(since) on APISIX reads \(after) here; before, \(before)", help: help(from, to))
    case .fallback:
      let name = place.found.path?.split(separator: ".").last ?? ""
      return place.found.saying(
        "\(name) is not given: from \(since) on it is \(after); before, \(before)", help: from?.found.help)
    case .behaviour: return place.found.saying("from \(since) on \(after); before, \(before)", help: place.found.help)
    case .finding: return finding(from, to, since)
    }
  }

  /// How to write a value so that both releases read the same: as it was read, or will be where that did not start.
  private func help(_ from: Effect?, _ to: Effect?) -> String {
    let ways = [from, to].compactMap { $0?.found.help }
    guard let first = ways.first, from != nil else { return "remove it, or write it without anchors and merge keys" }
    if isUp ? older.isRefused : newer.isRefused { return ways[ways.count - 1] }
    // What is no text was most likely not meant to be one.
    guard let to, from?.isText == true, to.isScalar, ways.count == 2, ways[1] != first else { return first }
    return "\(first), or \(ways[1])"
  }

  /// Of what lint says for one of the releases only, or says worse.
  private func finding(_ from: Effect?, _ to: Effect?, _ since: Release) -> Finding? {
    if let to, from.map({ $0.found.severity < to.found.severity }) ?? true {
      let rule =
        to.isRefusal
        ? UpgradeRules.refused : Self.unread.contains(to.found.rule) ? UpgradeRules.ignored : UpgradeRules.behaviour
      return to.found.saying(
        "\(isUp ? "from \(since) on" : "before \(since)"): \(to.found.message)", rule,
        to.isRefusal ? .error : to.found.severity, help: to.found.help)
    }
    // A note on the way of writing says nothing of what is done.
    guard let from, from.found.rule != YAMLRules.syntax || from.found.severity != .note else { return nil }
    if Self.unread.contains(from.found.rule) {
      return from.found.saying(
        "from \(since) on APISIX reads this key; before, it ignores it", UpgradeRules.nowRead, .warning,
        help: "make sure that it says what you want, or remove it")
    }
    return from.found.saying(
      "\(isUp ? "no longer from \(since) on" : "not before \(since)"): \(from.found.message)", UpgradeRules.behaviour,
      .note, help: nil)
  }

  private static let unread: Set = [UnknownKey.tooNew, SharedDicts.unread, WatchSlices.inert]
}

extension Effect {
  /// The setting whose behaviour it is.
  fileprivate var behaviourPath: String? { kind == .behaviour ? found.path : nil }

  fileprivate var isText: Bool { state.hasPrefix("text ") }
  fileprivate var isScalar: Bool { !isText && !state.hasPrefix("a") && state != "nothing" }
}

extension Finding {
  fileprivate func saying(
    _ message: String, _ rule: Rule? = nil, _ severity: Severity? = nil, help: String?
  ) -> Finding {
    Finding(
      rule: rule ?? self.rule, severity: severity ?? self.severity, message: message, file: file, range: range,
      path: path, help: help, isCertain: isCertain)
  }
}
