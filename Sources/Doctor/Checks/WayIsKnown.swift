import APISIX
import Findings
import Probes

extension Check {
  /// Which API servers there are, and who asks them; each is then looked at.
  /// - Parameter known: what was found in config.yaml about its tokens.
  static func wayIsKnown(
    _ installation: Installation, _ judged: JudgedConfig?, gives facts: [@Sendable (Unmet) -> Void],
    then more: @escaping @Sendable (AccessPlan) -> [Check]
  ) -> Check {
    let name = installation.access.config.map { "\($0) says which API server to ask, and with which token" }
    return Check(.credentials, name ?? "the kubeconfig names an API server and a user", gives: facts) { context in
      let plan = installation.access.plan(in: context, config: judged?.config)
      let told = judged?.findings.of(.credentials) ?? []
      let evidence = Evidence(sources: plan.sources, secrets: plan.secrets, notices: plan.notices)
      return Outcome(told + plan.findings, more: more(plan), evidence)
    }
  }
}
