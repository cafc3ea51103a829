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
  /// With all that was counted once `settle` was called.
  private(set) var groups: [LogGroup] = []
  private(set) var counts = LogCounts()
  /// Of all entries that are wanted.
  private(set) var end: Int?
  /// The same without what one clock that is wrong says: within an hour of it came another.
  private(set) var steadyEnd: Int?
  private var ahead: Int?
  /// Whether all entries came in one stream of one file.
  private(set) var isOne = true
  private var stream: UInt64?
  private(set) var folded: [FoldedEntries] = []
  /// The numbers of the groups that grew since this was emptied last.
  var changed: Set<Int> = []
  /// Whether those are wanted.
  var tellsChanges = false
  /// nil where it is not wanted.
  var order: LogOrder?
  /// Of the files that were read, as the user named them.
  var file = ""

  /// Of the times that are wanted.
  var range: ClosedRange<Int>
  private var numbers: [String: Int] = [:]
  private var ofRule: [String: Int] = [:]
  private var exact = VerdictCache(bits: 14)
  /// By messages without their digits, and by words: only what is not ours for certain, or too much of a rule.
  private var masked = VerdictCache(bits: 12)
  private var worded = VerdictCache(bits: 12)
  private var tails = KnownTails()
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
      guard range.contains(time) else { return }
      if time > end ?? .min { end = time }
      if time > steadyEnd ?? .min { steady(time) }
    }
    counts.read += record.lines
    let (verdict, tail) = recall(record) ?? judge(record)
    switch Verdict(verdict) {
    case .other: return
    case .group(let number): count(record, number, tail)
    case .folded(let index): folded[index].count(record.time)
    }
    counts.explained += record.lines
  }

  private mutating func steady(_ time: Int) {
    let isSteady = [steadyEnd, ahead].contains { other in other.map { abs(time - $0) <= 3600 } ?? false }
    if isSteady { steadyEnd = time } else { ahead = time }
  }

  /// Says of which stream or file the entries to come are.
  mutating func turn(to stream: UInt64) {
    if let known = self.stream, known != stream { isOne = false }
    self.stream = stream
  }

  /// A blank line, or what else is no entry.
  mutating func skip(lines: Int) { counts.read += lines }

  // MARK: Counting

  mutating func settle() {
    for number in groups.indices { tallies[number].settle(in: &groups[number]) }
  }

  private mutating func count(_ record: RawRecord, _ number: Int, _ tail: Int) {
    if tellsChanges { changed.insert(number) }
    let (time, process) = (record.time ?? .min, record.front.process)
    if !tallies[number].add(time, process) {
      turn(number, to: time, record.line)
      add(process, to: number)
    }
    guard tail < record.bytes.count else { return }
    let end = record.bytes.part(tail..<record.bytes.count)
    if let connection = record.front.connection {
      let seed = UInt64(truncatingIfNeeded: connection &* 1_000_003 ^ Int(process))
      if let earlier = requests.take(Scan.hash(end, seed: seed), of: number) {
        // The last word on a request explains nothing, though a log with the newest line first begins with it.
        let isTurned = groups[earlier].explanation.isLastWord && !groups[number].explanation.isLastWord
        let (cause, effect) = isTurned ? (number, earlier) : (earlier, number)
        groups[effect].explained[cause, default: 0] += 1
      }
    }
    if tallies[number].requests.count < LogGroup.requestLimit { add(requestIn: end, to: number) }
  }

  /// Goes on to the entries of another second, if it is one, with the first of them.
  private mutating func turn(_ number: Int, to time: Int, _ line: Int) {
    let isOther = time != tallies[number].second
    if isOther { tallies[number].settle(in: &groups[number]) }
    tallies[number].second = time
    tallies[number].count += 1
    guard isOther, time != .min else { return }
    if time < groups[number].first ?? .max {
      groups[number].first = time
      groups[number].place = LogGroup.Place(file: file, line: line)
    }
    if time > groups[number].last ?? .min { groups[number].last = time }
  }

  private mutating func add(_ process: Int32, to number: Int) {
    let last = tallies[number].processes
    guard !any(last .== process) else { return }
    tallies[number].processes = [process, last[0], last[1], last[2]]
    guard process != 0, groups[number].processes.count < LogGroup.processLimit,
      !groups[number].processes.contains(Int(process))
    else { return }
    groups[number].processes.append(Int(process))
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

  /// The verdict on an entry whose like came before, and where its tail begins.
  ///
  /// Its beginning is not looked through: if the message is known as it stands, no tail began in it when all of it was.
  @inline(__always)
  private mutating func recall(_ record: RawRecord) -> (verdict: Int16, tail: Int)? {
    guard let (tail, slot) = tails.find(in: record.bytes, from: record.front.end) else { return nil }
    let message = record.bytes.part(record.front.end..<tail)
    let seed: UInt64 = record.front.isEmergency ? 1 : 0
    // What is none of ours is most of many a log: one look has to do.
    let areOthers = tails.areOthers(slot)
    if !areOthers, let verdict = exact.find(Scan.hash(message, seed: seed)) { return (verdict, tail) }
    let verdict = known(masked.find(Scan.maskedHash(message, seed: seed)))
    let isOther = verdict == Verdict.other.number
    if isOther != areOthers { tails.setOthers(slot, isOther) }
    return verdict.map { ($0, tail) }
  }

  private mutating func judge(_ record: RawRecord) -> (verdict: Int16, tail: Int) {
    let tail = Scan.tail(of: record.bytes, from: record.front.end)
    tails.set(tail, in: record.bytes, from: record.front.end)
    let message = record.bytes.part(record.front.end..<tail)
    let seed: UInt64 = record.front.isEmergency ? 1 : 0
    return (verdict(of: record, message, tail, seed), tail)
  }

  private mutating func verdict(of record: RawRecord, _ message: Bytes, _ tail: Int, _ seed: UInt64) -> Int16 {
    let key = Scan.hash(message, seed: seed)
    if let known = exact.find(key) { return known }
    let form = Scan.maskedHash(message, seed: seed)
    if let known = known(masked.find(form)) { return known }
    let words = Scan.wordHash(message, seed: seed)
    let state = worded.find(words) ?? 0
    if let known = known(state) {
      masked.set(form, state)
      return known
    }
    let verdict = verdict(of: record, message, tail)
    if case .folded = verdict { worded.set(words, verdict.number) } else { exact.set(key, verdict.number) }
    if case .group = verdict { worded.set(words, Self.open) }
    if case .other = verdict, state != Self.open { worded.set(words, state + 1) }
    return verdict.number
  }

  /// What a form says without a look at the message.
  @inline(__always)
  private func known(_ state: Int16?) -> Int16? {
    guard let state, state != Self.open else { return nil }
    return state < 0 ? state : state >= Self.enough ? Verdict.other.number : nil
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
