import Findings
import Parallel
import Probes

/// Runs checks: each on a thread of its own, as it mostly waits for a server or for another check. One that needs a
/// fact stands behind the one that gives it, so that whoever waits, waits for somebody who is at work.
struct Engine: Sendable {
  let context: Context
  /// Is told each result when it is there. Called from several threads.
  let observe: @Sendable (CheckResult) -> Void

  /// - Returns: the results in the order of the checks, with those that they led to behind them.
  func run(_ checks: [Check]) -> (results: [CheckResult], evidence: Evidence) {
    let parts = inParallel(checks) { check in
      let (result, outcome) = check.result(in: context)
      observe(result)
      var (results, evidence) = outcome.more.isEmpty ? ([], Evidence()) : run(outcome.more)
      check.end(result)
      results.insert(result, at: 0)
      evidence.add(outcome.evidence)
      return (results, evidence)
    }
    var evidence = Evidence()
    for part in parts { evidence.add(part.1) }
    return (parts.flatMap(\.0), evidence)
  }
}
