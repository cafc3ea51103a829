import Findings
import Kubernetes

/// What is missing, where the chain breaks, and what closes the gap.
extension RBACProbe {
  mutating func explainGaps(
    _ identity: Identity?, _ objects: RBACObjects?, _ listed: SelfSubjectRulesReview.Answer?
  ) {
    let missing = missing
    guard !missing.isEmpty else { return }
    var refusal = RBACRefusal(server: server, needed: needed, refused: missing, identity: identity, objects: objects)
    if missing.contains(where: { $0.verb == "list" }) { refusal.listed = listed }
    refusal.missingRole = missingRole
    check.manifest = refusal.mend.manifest
    findings += refusal.finding()
  }
}
