import Findings

/// Files whose fixes were made until nothing was left to fix.
public struct FixedFiles: Sendable {
  /// The files as they are then, in the order given.
  public private(set) var inputs: [LintInput]
  /// What the last look says of them.
  public private(set) var result: LintResult
  /// How many findings were mended, by path.
  public private(set) var applied: [String: Int] = [:]
  /// The files whose fixes undo each other or come to no end, by path. Each is left in the best state that it had: as
  /// it was, unless there was less to say of a later one.
  public private(set) var unsettled: Set<String> = []

  private var past: [String: [State]] = [:]

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
    for round in 0...Self.mostRounds {
      guard fixOnce(unsafe: unsafe, isLast: round == Self.mostRounds) else { return }
      self.result = try look(self.inputs)
    }
  }

  /// Whether a file changed.
  private mutating func fixOnce(unsafe: Bool, isLast: Bool) -> Bool {
    let findings = Dictionary(grouping: result.findings) { $0.file ?? "" }
    var changed = false
    for (index, input) in inputs.enumerated() where !unsettled.contains(input.path) {
      guard let found = findings[input.path] else { continue }
      let plan = FixPlan(found, in: input.bytes, unsafe: unsafe, trial: result.trials[input.path])
      guard plan.changes, plan.bytes != input.bytes else { continue }
      let count = applied[input.path, default: 0]
      let left = Summary(found)
      let state = State(bytes: input.bytes, applied: count, left: (left.errors, left.warnings, left.notes))
      let states = past[input.path, default: []] + [state]
      if isLast || states.contains(where: { $0.bytes == plan.bytes }) {
        unsettled.insert(input.path)
        // The first of equals: rather as it was.
        guard let best = states.min(by: { $0.left < $1.left }) else { continue }
        inputs[index] = LintInput(path: input.path, bytes: best.bytes, named: input.named)
        applied[input.path] = best.applied
      } else {
        past[input.path] = states
        inputs[index] = LintInput(path: input.path, bytes: plan.bytes, named: input.named)
        applied[input.path] = count + plan.applied.count
      }
      changed = true
    }
    return changed
  }

  /// What a file was before a round.
  private struct State {
    let bytes: [UInt8]
    let applied: Int
    /// Errors, warnings and notes.
    let left: (Int, Int, Int)
  }
}
