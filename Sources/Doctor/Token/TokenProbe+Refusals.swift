import APISIX
import Findings
import Kubernetes
import Lint

/// Why a named user may not: asks on, and names the manifest that mends it.
extension TokenProbe {
  mutating func explainRefusals() {
    guard let first = refusals.first else { return }
    let user = first.status.forbidden?.user ?? check.identity?.username
    var reviews: [String: SelfSubjectAccessReview.Answer] = [:]
    for (verb, _) in refusals { reviews[verb] = mayI(AccessRequest(verb, resource)) }
    let missing = refusals.flatMap { verb, status in
      status.forbidden?.missingRoles ?? []
    }
    let account = user.flatMap(ServiceAccount.init(username:))
    let breaks =
      account.flatMap { account in
        administrator?.breaks(AccessRequest(first.verb, resource), for: account, prefix: target.prefix)
      } ?? []
    if !breaks.isEmpty {
      server += breaks
    } else if let role = missing.first {
      server.append(missingRole(role, user: user))
    } else if reviews[first.verb]?.allowed != true, let cause = granted(elsewhere: first.verb, user: user) {
      server.append(cause)
    }
    for (index, refusal) in refusals.enumerated() {
      let allowed = reviews[refusal.verb]?.allowed == true
      server.append(denied(refusal.verb, user, isFirst: index == 0, allowedByReview: allowed))
    }
  }

  private var noun: String { resource.name }

  private func missingRole(_ role: ForbiddenMessage.MissingRole, user: String?) -> Finding {
    let line = generate(user, role: role.kind == "ClusterRole" ? role.name : nil)
    return Finding(
      rule: .roleTypo, severity: .error,
      message: "\(target.prefix)a binding names the \(role.kind) \"\(role.name)\", which is not there",
      help: "make it: \(line)\na binding's roleRef cannot be changed: to name another role, delete the binding first")
  }

  /// Whether the right is there, but in the wrong place.
  private mutating func granted(elsewhere verb: String, user: String?) -> Finding? {
    let namespace = user.flatMap(ServiceAccount.init(username:))?.namespace
    if let namespace, mayI(AccessRequest(verb, resource, namespace: namespace))?.allowed == true {
      return Finding(
        rule: .namespacedRole,
        message:
          "\(target.prefix)\(verb) is granted in the namespace \"\(namespace)\" only; APISIX asks for all at once",
        help: "use a ClusterRole and a ClusterRoleBinding: \(generate(user))")
    }
    let wantsSlices = resource == .endpointSlices
    if wantsSlices, mayI(AccessRequest(verb: verb, resource: resource.name))?.allowed == true {
      return Finding(
        rule: .wrongAPIGroup,
        message: "\(target.prefix)\(noun) is granted in the API group \"\", where there is none",
        help: "its group is discovery.k8s.io: \(generate(user))")
    }
    return nil
  }

  private func denied(_ verb: String, _ user: String?, isFirst: Bool, allowedByReview: Bool) -> Finding {
    let rule = verb == "list" ? TokenVerifyRules.listMissing : TokenVerifyRules.watchMissing
    var help = isFirst ? generate(user) : "the same manifest grants it"
    if allowedByReview { help = "the server's own review allows it: granted a moment ago? Try again\n" + help }
    return Finding(
      rule: rule,
      message: "\(target.prefix)\(user ?? "the identity") may not \(verb) \(noun) in the whole cluster (403)",
      help: help)
  }

  /// The line that grants what is needed.
  private func generate(_ user: String?, role: String? = nil) -> String {
    guard let account = user.flatMap(ServiceAccount.init(username:)) else {
      let group = resource == .endpointSlices ? ".discovery.k8s.io" : ""
      return """
        kubectl create clusterrole apisix --verb=get,list,watch --resource=\(noun)\(group)
        kubectl create clusterrolebinding apisix --clusterrole=apisix --user=\(Shell.quoted(user ?? "USER"))
        """
    }
    var words = "gatecheck rbac generate --name \(Shell.quoted(account.name))"
    words += " --namespace \(Shell.quoted(account.namespace))"
    if let role { words += " --cluster-role \(Shell.quoted(role))" }
    if resource == .endpointSlices { words += " --watch-endpoint-slices" }
    return words + " | kubectl apply -f -"
  }
}
