import APISIX
import Findings
import SourceText

/// Which group explains which: what a request was told by what was said of the same request before, all else by a
/// cause that was there at the time.
struct LogChain {
  /// Of each group the index of the one that explains it; nil where nothing does.
  private(set) var causes: [Int?]
  /// Of each group all that explain a part of its entries, where `causes` does not say all.
  private(set) var parts: [[Part]]

  /// A group that explains some entries of another, with how many; nil where only the time tells.
  typealias Part = (index: Int, count: Int?)

  init(_ groups: [LogGroup]) {
    // A cause lasts from its first entry on; APISIX asks again and again, so one that stopped coming has been mended.
    let lasting = groups.indices.filter { groups[$0].isLasting }
    // What was left out may be all that a service has; it explains what nothing else does.
    let omissions = groups.indices.filter { groups[$0].isOmission }
    var causes = groups.indices.map { index in
      groups[index].told(by: groups) ?? groups[index].watched(in: groups)
        ?? groups[index].ofItsTime(among: lasting.lazy.map { ($0, groups[$0]) })
        ?? groups[index].ofItsTime(
          among: omissions.lazy.filter { groups[index].mayMiss(groups[$0]) }.map { ($0, groups[$0]) })
    }
    // What came first explains, so that nothing goes round in a circle.
    for index in causes.indices where causes.goesRound(from: index) { causes[index] = nil }
    let told = groups.map { $0.parts(among: groups) }
    parts = groups.indices.map { index in
      guard told[index].isEmpty, let cause = causes[index] else { return told[index] }
      return groups[index].ofItsTime(from: cause, among: lasting.map { ($0, groups[$0]) })
    }
    for index in causes.indices {
      // What goes on when all that may have brought it about is over has more to it.
      if let last = parts[index].last, last.count == nil, groups[index].outlasts(groups[last.index]) {
        causes[index] = nil
      } else if parts[index].count < 2, causes[index] == parts[index].first?.index {
        parts[index] = []
      }
    }
    self.causes = causes
  }

  /// How many explain a group, one the other.
  func depth(of index: Int) -> Int {
    var (index, depth) = (index, 0)
    while let cause = causes[index] { (index, depth) = (cause, depth + 1) }
    return depth
  }

  /// The first cause of a group: itself, where nothing explains it.
  func root(of index: Int) -> Int {
    var index = index
    while let cause = causes[index] { index = cause }
    return index
  }

  /// All that follows from a group, near or far, with how far; in the order of their entries below each.
  func followers(of index: Int, _ groups: [LogGroup], depth: Int = 0) -> [(index: Int, depth: Int)] {
    causes.indices.filter { causes[$0] == index }.sorted { groups[$0].stands(before: groups[$1]) }
      .flatMap { [($0, depth)] + followers(of: $0, groups, depth: depth + 1) }
  }
}

extension [Int?] {
  fileprivate func goesRound(from start: Int) -> Bool {
    var (index, steps) = (start, 0)
    while let next = self[index], steps <= count { (index, steps) = (next, steps + 1) }
    return steps > count
  }
}

extension LogGroup {
  /// Whether something is wrong that lasts until it is mended.
  var isLasting: Bool {
    guard case .cause = explanation.part else { return false }
    return severity == .error
  }

  /// Whether nodes are left out for good that a registry has.
  fileprivate var isOmission: Bool {
    guard case .cause = explanation.part else { return explanation.rule == SliceInvalid.rule }
    return severity == .warning
  }

  /// Whether what was left out may be of the service that a request was for.
  fileprivate func mayMiss(_ omission: LogGroup) -> Bool {
    guard case .request = explanation.part else { return true }
    func value(_ name: Explanation.Value, of group: LogGroup) -> String? {
      group.explanation.values.first { $0.name == name }?.text
    }
    guard let key = value(.object, of: omission), let end = key.utf8.lastIndex(of: UInt8(ascii: "/")) else {
      return false
    }
    return value(.service, of: self)?.has(String(key[...end])) ?? false
  }

  private var severity: Severity { explanation.severity }

  /// The registry that it speaks of.
  var registry: RegistryKind? { explanation.registry }

  /// In the order of the log.
  func stands(before other: LogGroup) -> Bool { (first ?? .min, number) < (other.first ?? .min, other.number) }

  /// The group that said before, of the same request or in the same run of a timer, why this came. Not where it came
  /// without that as well: a thing of its own.
  fileprivate func told(by groups: [LogGroup]) -> Int? {
    if case .harmless = explanation.part { return nil }
    let explained = explained.filter { groups[$0.key].mayExplain(self) }
    guard let best = explained.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }),
      explained.values.reduce(0, +) * 10 >= count * 9
    else { return nil }
    return groups[best.key].explanation.part == .harmless ? nil : best.key
  }

  /// What explains some of its entries, of the same request each.
  fileprivate func parts(among groups: [LogGroup]) -> [LogChain.Part] {
    switch explanation.part {
    case .cause, .harmless: return []
    case .effect, .request: break
    }
    return explained.filter {
      let other = groups[$0.key]
      return other.mayExplain(self) && other.explanation.part != .harmless && other.explained[number] == nil
    }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, $0.value) }
  }

  /// What ended the watch, where the list that follows fails of the same.
  fileprivate func watched(in groups: [LogGroup]) -> Int? {
    let pairs = [(Unauthorized.list, Unauthorized.watch), (Forbidden.list, Forbidden.watch)]
    guard let first, let watch = pairs.first(where: { $0.0 == explanation.rule })?.1 else { return nil }
    return groups.firstIndex {
      $0.explanation.rule == watch && ($0.first ?? .max) <= first && first <= ($0.last ?? .min) + 2 * Self.informerPause
    }
  }

  /// Of two causes, as of two services or two servers in one run of a timer, each stands for itself, but for another
  /// sentence about the same registry.
  private func mayExplain(_ other: LogGroup) -> Bool {
    // That APISIX waits is no reason.
    if severity == .note, other.severity != .note { return false }
    guard case .cause = other.explanation.part, explanation.part != .harmless else { return true }
    guard case .cause = explanation.part, explanation.rule != other.explanation.rule else { return false }
    return registry == nil || registry == other.registry
  }

  /// The cause of its registry, or of any, that was there when this came first: the one that began first.
  fileprivate func ofItsTime(among causes: some Sequence<(index: Int, group: LogGroup)>) -> Int? {
    guard follows else { return nil }
    let there = causes.filter { $0.group.mayBeOf(self) && $0.group.wasThere(for: self) }
    return there.filter { cause in !there.contains { cause.group.gaveWay(to: $0.group) } }
      .min { left, right in
        // One of its own registry explains it better than one of any.
        let (leftIsOwn, rightIsOwn) = (left.group.registry != nil, right.group.registry != nil)
        return leftIsOwn == rightIsOwn ? left.group.stands(before: right.group) : leftIsOwn
      }?.index
  }

  /// The cause of its time, and each that began when the one before had ended, as this came on; none where the first
  /// has no end.
  fileprivate func ofItsTime(
    from cause: Int, among causes: [(index: Int, group: LogGroup)]
  ) -> [LogChain.Part] {
    guard follows, let last, var until = causes.first(where: { $0.index == cause })?.group.ended else { return [] }
    var parts: [LogChain.Part] = [(cause, nil)]
    for (index, group) in causes.sorted(by: { $0.group.stands(before: $1.group) }) where group.mayBeOf(self) {
      guard let first = group.first, until < first, first <= last else { continue }
      parts.append((index, nil))
      guard let end = group.ended else { break }
      until = end
    }
    return parts
  }

  /// Whether it still came when a cause had long ended.
  fileprivate func outlasts(_ cause: LogGroup) -> Bool {
    guard let last, let ended = cause.ended else { return false }
    return ended + 600 < last
  }

  /// Whether a cause elsewhere brings it about. A name that no release of APISIX reads is the request's own matter;
  /// that a registry or APISIX does not know a name may come of the registry's silence.
  private var follows: Bool {
    switch explanation.part {
    case .effect: true
    case .request(let kind): kind != nil && kind != .kubernetes || explanation.rule == NoValidUpstreamNode.rule
    case .cause, .harmless: false
    }
  }

  /// In seconds: so often a list or a connection that fails is tried again.
  private static let informerPause = 40

  /// Whether a list or a connection to the API server that failed fails otherwise now.
  private func gaveWay(to other: LogGroup) -> Bool {
    guard isOfInformer, other.isOfInformer, let last, let next = other.first else { return false }
    return last + Self.informerPause - 1 <= next
  }

  private var isOfInformer: Bool {
    registry == .kubernetes && explanation.values.contains { [.kind, .resource, .cluster].contains($0.name) }
  }

  /// A timeout of 60 seconds is logged after what came of it.
  private static let delay = 75

  private func mayBeOf(_ effect: LogGroup) -> Bool {
    registry == nil || effect.registry == nil || registry == effect.registry
  }

  private func wasThere(for effect: LogGroup) -> Bool {
    guard let first, let start = effect.first, let end = effect.last else { return number < effect.number }
    return first <= end && first <= start + Self.delay && start <= (ended ?? .max)
  }

  /// When it had ended for certain: it came at least thrice, and then no more for three times as long as between two.
  /// consul_kv may be asked again only in hours.
  var ended: Int? {
    guard count > 2, registry != .consulKV, let first, let last, first < last else { return nil }
    return last + Swift.max(3 * (last - first) / (count - 1), 120)
  }
}
