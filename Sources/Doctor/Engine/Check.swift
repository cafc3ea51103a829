import Findings
import Probes

/// One thing that is looked at. It is called what is so where all is well: `the API server takes the token`.
struct Check: Sendable {
  let category: Category
  let name: String
  /// Ends the waiting for each fact that it gives, where that did not come.
  let gives: [@Sendable (Unmet) -> Void]
  /// Throws where there is nothing to look at.
  let run: @Sendable (Context) throws(Unmet) -> Outcome

  struct Outcome: Sendable {
    var findings: [Finding]
    /// What else is to be looked at because of it.
    var more: [Check] = []
    var evidence = Evidence()
    /// The way of a request, link by link.
    var chain: [Link] = []
    /// Where it is worse than its findings, because another check tells them.
    var worst: Severity?
    /// What was found where all is well: a version, a number.
    var detail: String?
    /// Why that is not all that was to be found out; nil where it is, or where what was found is an error.
    var unmet: Unmet?
    /// No answer came, though the findings alone do not say it.
    var isUnanswered = false

    init(_ findings: [Finding] = [], more: [Check] = [], _ evidence: Evidence = Evidence()) {
      (self.findings, self.more, self.evidence) = (findings, more, evidence)
    }
  }

  init(
    _ category: Category, _ name: String, gives: [@Sendable (Unmet) -> Void] = [],
    _ run: @escaping @Sendable (Context) throws(Unmet) -> Outcome
  ) {
    (self.category, self.name, self.gives, self.run) = (category, name, gives, run)
  }

  func result(in context: Context) -> (CheckResult, Outcome) {
    var result = CheckResult(category: category, name: name)
    var outcome = Outcome()
    do throws(Unmet) {
      if context.isAlmostOver { throw .unknown("not asked: the time of --timeout was over") }
      outcome = try run(context)
      result.findings = outcome.findings
      result.unmet = outcome.unmet
      result.isUnanswered = outcome.isUnanswered || outcome.unmet?.kind == .unknown
      (result.chain, result.worst, result.detail) = (outcome.chain, outcome.worst, outcome.detail)
    } catch {
      result.unmet = error
      result.isUnanswered = error.kind == .unknown
    }
    return (result, outcome)
  }

  /// Nobody is to wait in vain, whatever became of it.
  func end(_ result: CheckResult) {
    let unmet = result.unmet ?? .skipped("it needs: \(name)")
    for withhold in gives { withhold(unmet) }
  }
}

/// What goes with findings.
struct Evidence: Sendable {
  /// The files that they quote.
  var sources: [String: SourceFile] = [:]
  /// Credentials that must show nowhere.
  var secrets: [String] = []
  /// What people must know though nothing is wrong.
  var notices: [String] = []
  /// What a bundle takes in.
  var kept: [Kept] = []

  mutating func add(_ other: Evidence) {
    sources.merge(other.sources) { first, _ in first }
    secrets += other.secrets
    notices += other.notices.filter { !notices.contains($0) }
    kept += other.kept
  }
}
