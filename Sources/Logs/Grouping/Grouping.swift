import APISIX
import Findings
import SourceText

/// An entry as it lies in memory.
struct RawRecord {
  let bytes: Bytes
  let front: Front
  /// In seconds since 1970.
  let time: Int?
  /// Where its first line stands.
  let line: Int
  /// How many it has.
  let lines: Int
}

/// Puts like entries together. Each different message is judged once; those like it only count.
struct Grouping {
  private(set) var groups: [LogGroup] = []
  private(set) var counts = LogCounts()
  /// Of all entries, wanted or not.
  private(set) var end: Int?
  private(set) var folded: [FoldedEntries] = []
  /// The numbers of the groups that grew since this was emptied last.
  var changed: Set<Int> = []
  /// Whether those are wanted.
  var tellsChanges = false
  /// nil where it is not wanted.
  var order: LogOrder?
  /// Of the files that were read, as the user named them.
  var file = ""

  private let range: ClosedRange<Int>
  private var numbers: [String: Int] = [:]
  private var ofRule: [String: Int] = [:]
  private var exact = VerdictCache(bits: 14)
  /// By messages without their digits, and by words: only what is not ours for certain, or too much of a rule.
  private var masked = VerdictCache(bits: 12)
  private var worded = VerdictCache(bits: 12)
  private var tallies: [Tally] = []
  private var requests = RequestRing()

  /// At most so many groups of one rule, and so many in all but the first of each rule; what comes beyond is folded.
  static let ruleLimit = 64
  static let limit = 1024

  private let limit: Int

  init(range: ClosedRange<Int>, limit: Int = Grouping.limit) { (self.range, self.limit) = (range, limit) }

  /// Takes an entry with what follows it in its group.
  mutating func take(_ record: RawRecord) {
    if let time = record.time {
      order?.entries.add(time)
      if time > end ?? .min { end = time }
      guard range.contains(time) else { return }
    }
    counts.read += record.lines
    let tail = Scan.tail(of: record.bytes, from: record.front.end)
    let message = record.bytes.part(record.front.end..<tail)
    let seed: UInt64 = record.front.isEmergency ? 1 : 0
    let key = Scan.hash(message, seed: seed)
    let verdict = exact.find(key) ?? judge(record, message, tail, key, seed)
    switch Verdict(verdict) {
    case .other: return
    case .group(let number): count(record, number, tail)
    case .folded(let index): folded[index].count(record.time)
    }
    counts.explained += record.lines
  }

  /// A blank line, or what else is no entry.
  mutating func skip(lines: Int) { counts.read += lines }

  // MARK: Counting

  private mutating func count(_ record: RawRecord, _ number: Int, _ tail: Int) {
    if tellsChanges { changed.insert(number) }
    groups[number].count += 1
    if let time = record.time {
      if time < groups[number].first ?? .max {
        groups[number].first = time
        groups[number].place = LogGroup.Place(file: file, line: record.line)
      }
      if time > groups[number].last ?? .min { groups[number].last = time }
      groups[number].histogram.add(time)
    }
    let process = Int(record.front.process)
    if process != tallies[number].process { add(process: process, to: number) }
    guard tail < record.bytes.count else { return }
    let end = record.bytes.part(tail..<record.bytes.count)
    if let connection = record.front.connection {
      let seed = UInt64(truncatingIfNeeded: connection &* 1_000_003 ^ process)
      if let earlier = requests.take(Scan.hash(end, seed: seed), of: number) {
        groups[number].explained[earlier, default: 0] += 1
      }
    }
    if groups[number].requestCount < LogGroup.requestLimit { add(requestIn: end, to: number) }
  }

  private mutating func add(process: Int, to number: Int) {
    tallies[number].process = process
    guard process != 0, groups[number].processes.count < LogGroup.processLimit,
      !groups[number].processes.contains(process)
    else { return }
    groups[number].processes.append(process)
  }

  private mutating func add(requestIn tail: Bytes, to number: Int) {
    guard let request = TailReader.request(in: tail),
      tallies[number].requests.insert(Scan.hash(tail.part(request), seed: 0))
    else { return }
    groups[number].requestCount += 1
    if groups[number].requests.count < LogGroup.requestTexts {
      let text = tail.part(request.lowerBound..<min(request.upperBound, request.lowerBound + 256))
      groups[number].requests.append(String(decoding: text, as: UTF8.self))
    }
  }

  // MARK: Judging

  private enum Verdict {
    case other
    case group(Int)
    case folded(Int)

    init(_ number: Int16) {
      self = number == 0 ? .other : number > 0 ? .group(Int(number) - 1) : .folded(-Int(number) - 1)
    }

    var number: Int16 {
      switch self {
      case .other: 0
      case .group(let number): Int16(number + 1)
      case .folded(let index): Int16(-index - 1)
      }
    }
  }

  /// So many messages that differ in digits alone have to be none of ours, for all of them to be none.
  private static let enough: Int16 = 8
  /// Of a form of which one message was ours: from then on each is looked at.
  private static let open: Int16 = .max

  private mutating func judge(
    _ record: RawRecord, _ message: Bytes, _ tail: Int, _ key: UInt64, _ seed: UInt64
  ) -> Int16 {
    let form = Scan.maskedHash(message, seed: seed)
    if let known = known(masked.find(form)) { return known.number }
    let words = Scan.wordHash(message, seed: seed)
    let state = worded.find(words) ?? 0
    if let known = known(state) {
      masked.set(form, state)
      return known.number
    }
    let verdict = verdict(of: record, message, tail)
    if case .folded = verdict { worded.set(words, verdict.number) } else { exact.set(key, verdict.number) }
    if case .group = verdict { worded.set(words, Self.open) }
    if case .other = verdict, state != Self.open { worded.set(words, state + 1) }
    return verdict.number
  }

  /// What a form says without a look at the message.
  private func known(_ state: Int16?) -> Verdict? {
    guard let state, state != Self.open else { return nil }
    return state < 0 ? Verdict(state) : state >= Self.enough ? .other : nil
  }

  private mutating func verdict(of record: RawRecord, _ message: Bytes, _ tail: Int) -> Verdict {
    guard let (entry, explanation) = Judge.explain(record, message, tail) else { return .other }
    let id = Judge.id(explanation)
    if let number = numbers[id] { return .group(number) }
    let rule = explanation.rule.id
    let known = ofRule[rule, default: 0]
    // Each rule has one at least.
    guard known == 0 || groups.count < limit && known < Self.ruleLimit else {
      if let index = folded.firstIndex(where: { $0.rule.id == rule }) { return .folded(index) }
      folded.append(
        FoldedEntries(rule: explanation.rule, place: LogGroup.Place(file: file, line: record.line)))
      return .folded(folded.count - 1)
    }
    ofRule[rule, default: 0] += 1
    let number = groups.count
    numbers[id] = number
    let sample = record.bytes.part(0..<min(record.bytes.count, LogGroup.sampleLimit))
    groups.append(
      LogGroup(
        number: number, id: id, explanation: explanation, record: entry,
        sample: String(decoding: sample, as: UTF8.self),
        place: LogGroup.Place(file: file, line: record.line)))
    tallies.append(Tally())
    return .group(number)
  }
}

extension FoldedEntries {
  fileprivate mutating func count(_ time: Int?) {
    count += 1
    guard let time else { return }
    first = min(first ?? time, time)
    last = max(last ?? time, time)
  }
}

/// What is only needed to count.
private struct Tally {
  /// The one that wrote last.
  var process = 0
  var requests = HashSet()
}

/// A small set of hashes.
private struct HashSet {
  private var slots: [UInt64] = []
  private var count = 0

  /// Whether it is new.
  mutating func insert(_ hash: UInt64) -> Bool {
    if 2 * count >= slots.count {
      let old = slots
      slots = [UInt64](repeating: 0, count: max(16, 2 * old.count))
      for hash in old where hash != 0 { slots[slot(of: hash)] = hash }
    }
    let slot = slot(of: hash)
    guard slots[slot] != hash else { return false }
    slots[slot] = hash
    count += 1
    return true
  }

  private func slot(of hash: UInt64) -> Int {
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] != 0, slots[slot] != hash { slot = (slot + 1) & (slots.count - 1) }
    return slot
  }
}

/// The requests of the last few hundred entries, and the group that was the first to speak of each: 48 bits of a hash
/// and 16 of the group's number.
private struct RequestRing {
  private var slots = [UInt64](repeating: 0, count: 512)

  /// The group that spoke of the request before, where that is another one.
  mutating func take(_ key: UInt64, of group: Int) -> Int? {
    let place = Int(truncatingIfNeeded: key) & 511
    let known = slots[place]
    if (known ^ key) >> 16 == 0 { return known & 0xFFFF == UInt64(group) ? nil : Int(known & 0xFFFF) }
    slots[place] = key & ~0xFFFF | UInt64(group)
    return nil
  }
}
