import APISIX
import Findings
import Kubernetes
import Probes

extension Check {
  /// Whether nothing stands in the way of what `rbac generate` would make for an account whose token there is.
  /// - Parameter missing: the kinds of what is still to be made.
  static func namesAreFree(
    _ account: ServiceAccount, _ target: Target, _ token: Fact<TokenCheck>, gives missing: Fact<[String]>
  ) -> Check {
    Check(.permissions, name(account, target), gives: [missing.withhold]) { context throws(Unmet) in
      guard try !token().works else { throw .skipped("the account may do already what APISIX needs") }
      guard target.administrator != nil else { throw .skipped("the token may not see them: add --kubeconfig FILE") }
      let found = names(account, target, context)
      tell(found, missing)
      return outcome(found, found.findings)
    }
  }

  /// The same for an account that has no token yet, and whether it may do already what APISIX needs.
  /// - Parameters:
  ///   - server: what it answers to the kubeconfig's user, who looks.
  ///   - missing: the kinds of what is still to be made.
  static func namesAreFree(
    _ account: ServiceAccount, _ target: Target, _ installation: Installation, _ config: DiscoveryConfig?,
    _ server: Fact<TokenCheck>, gives rights: Fact<TokenCheck>, _ missing: Fact<[String]>
  ) -> Check {
    Check(.permissions, name(account, target), gives: [rights.withhold, missing.withhold]) {
      context throws(Unmet) in
      try server().reached()
      let found = names(account, target, context)
      tell(found, missing)
      let isAccount = { (name: String) in name.hasSuffix("ServiceAccount \(account.name)") }
      guard found.same.contains(where: isAccount) else {
        let shown = "ServiceAccount \(account.namespace)/\(account.name)"
        rights.withhold(
          found.missing.contains(where: isAccount)
            ? .skipped("there is no \(shown) yet") : .unknown("nobody says whether there is a \(shown)"))
        return outcome(found, found.findings)
      }
      var access = installation.access
      access.impersonate = account.username
      let check = access.plan(in: context, config: config).targets.first.map {
        TokenQuestion(AccessPlan($0)).ask(in: context).checks[0]
      }
      // By whatever names it came to its rights.
      if let check, check.works {
        rights.give(check)
        return outcome(found, [])
      }
      if let missing = found.missing.first {
        rights.withhold(.skipped("\(missing) is still to be made"))
      } else if let check {
        rights.give(check)
      }
      return outcome(found, found.findings)
    }
  }

  private static func name(_ account: ServiceAccount, _ target: Target) -> String {
    "\(target.prefix)the names that rbac generate gives for \(account.namespace)/\(account.name) are free, or its own"
  }

  private static func tell(_ found: RBACDiffAnswer, _ missing: Fact<[String]>) {
    if found.findings.contains(where: { $0.rule == ConnectRules.notAllowed }) {
      missing.withhold(.unknown("who asks may not see what is there"))
    } else {
      missing.give(found.missingKinds)
    }
  }

  private static func names(_ account: ServiceAccount, _ target: Target, _ context: Context) -> RBACDiffAnswer {
    do throws(RBACOptions.Problem) { return try RBACDiffQuestion(for: account, target).ask(in: context) } catch {
      return RBACDiffAnswer()
    }
  }

  /// What is not there is free.
  private static func outcome(_ found: RBACDiffAnswer, _ findings: [Finding]) -> Outcome {
    var outcome = Outcome(findings.filter { $0.rule != RBACRules.objectMissing })
    let parts = [("free: ", found.missing), ("there: ", found.same)].filter { !$0.1.isEmpty }
    outcome.detail = parts.isEmpty ? nil : parts.map { $0.0 + $0.1.joined(separator: ", ") }.joined(separator: "; ")
    return outcome
  }
}
