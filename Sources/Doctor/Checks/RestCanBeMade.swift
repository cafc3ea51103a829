import Findings
import Kubernetes
import Probes

extension Check {
  /// Whether whoever looks could make what is missing of what `rbac generate` prints.
  static func restCanBeMade(_ account: ServiceAccount, _ target: Target, _ missing: Fact<[String]>) -> Check {
    Check(.permissions, "\(target.prefix)what is still to be made can be made by whoever asks") {
      context throws(Unmet) in
      let kinds = try missing()
      guard !kinds.isEmpty else { throw .skipped("nothing is missing") }
      let answer = RBACMakingQuestion(account, target, kinds: kinds).ask(in: context)
      var outcome = Outcome(answer.findings)
      if !answer.makeable.isEmpty {
        outcome.detail = "in \(account.namespace): \(answer.makeable.joined(separator: ", "))"
      }
      guard answer.isWhole || !answer.findings.isEmpty else { throw .unknown("the API server does not say") }
      return outcome
    }
  }
}
