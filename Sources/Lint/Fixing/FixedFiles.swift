public import Findings

/// Files whose fixes were made until nothing was left to fix: what `--fix` writes, and `--diff` shows.
public struct FixedFiles: Sendable {
  /// The files as they are then, in the order given.
  public private(set) var inputs: [LintInput]
  /// What the last look says of them.
  public private(set) var result: LintResult
  /// The files whose fixes undo each other or come to no end, by path. Each is left in the best state that it had: as
  /// it was, unless there was less to say of a later one.
  public private(set) var unsettled: Set<String> = []

  /// What there was to fix at first, by path.
  private let promised: [String: [Finding]]
  private var rounds: [String: [Round]] = [:]
  private let unsafe: Bool

  private static let mostRounds = 10

  /// Fixes and looks again, at all files together because one may tell about another, ten times at most.
  /// - Parameters:
  ///   - inputs: files, each with a path of its own.
  ///   - result: what lint says of them.
  ///   - unsafe: whether fixes that want a second look are made too.
  ///   - look: gives what lint says of files.
  public init<Failure: Error>(
    _ inputs: [LintInput], _ result: LintResult, unsafe: Bool = false,
    look: ([LintInput]) throws(Failure) -> LintResult
  ) throws(Failure) {
    self.inputs = inputs
    self.result = result
    self.unsafe = unsafe
    promised = Dictionary(grouping: result.findings.filter { $0.fix.map { $0.safe || unsafe } ?? false }) {
      $0.file ?? ""
    }
    for round in 0...Self.mostRounds {
      guard fixOnce(isLast: round == Self.mostRounds) else { return }
      self.result = try look(self.inputs)
    }
  }

  /// Whether a file changed.
  private mutating func fixOnce(isLast: Bool) -> Bool {
    let findings = Dictionary(grouping: result.findings) { $0.file ?? "" }
    let sources = result.sources
    var changed = false
    for (index, input) in inputs.enumerated() where !unsettled.contains(input.path) {
      guard let found = findings[input.path] else { continue }
      let plan = FixPlan(found, in: input.bytes, unsafe: unsafe, trial: result.trials[input.path])
      guard plan.changes, plan.bytes != input.bytes else { continue }
      let left = Summary(found)
      let round = Round(
        bytes: input.bytes, source: sources[input.path], left: (left.errors, left.warnings, left.notes),
        applied: plan.applied)
      let past = rounds[input.path, default: []] + [round]
      var bytes = plan.bytes
      rounds[input.path] = past
      if isLast || past.contains(where: { $0.bytes == plan.bytes }) {
        unsettled.insert(input.path)
        // The first of equals: rather as it was.
        guard let best = past.indices.min(by: { past[$0].left < past[$1].left }) else { continue }
        rounds[input.path] = Array(past[..<best])
        bytes = past[best].bytes
      }
      inputs[index] = LintInput(path: input.path, bytes: bytes, named: input.named)
      changed = true
    }
    return changed
  }

  /// What a file was before a round, and what was mended then.
  private struct Round {
    let bytes: [UInt8]
    let source: SourceFile?
    /// Errors, warnings and notes.
    let left: (Int, Int, Int)
    let applied: [Finding]
  }
}

extension FixedFiles {
  /// How many findings of a file were mended.
  public struct Count: Sendable, Equatable {
    /// Of those that the first look told, with a fix.
    public var told = 0
    /// Those that only showed when others were mended.
    public var later = 0
  }

  public func count(_ path: String) -> Count {
    var count = Count()
    guard let rounds = rounds[path], !rounds.isEmpty else { return count }
    // A report says nothing twice.
    let said = { (findings: [Finding]) in FixTrial.said(Array(Set(findings))) }
    var open = said(promised[path] ?? [])
    for mended in rounds.map(\.applied).map(said) {
      for (said, times) in mended {
        let told = min(times, open[said] ?? 0)
        open[said, default: 0] -= told
        count.told += told
        count.later += times - told
      }
    }
    // What another fix mended along.
    let left = said(result.findings.filter { $0.file == path })
    for (said, times) in open { count.told += max(0, times - (left[said] ?? 0)) }
    return count
  }

  /// What becomes of a file; nil where that is nothing.
  public func change(of path: String) -> FileChange? {
    guard let rounds = rounds[path], let source = rounds.first?.source else { return nil }
    let later = rounds.dropFirst().map(\.source) + [result.sources[path]]
    var change = FileChange(path, source)
    for (round, seen) in zip(rounds, later) { change.make(round.applied.compactMap(\.fix), seen: seen) }
    return change
  }
}
