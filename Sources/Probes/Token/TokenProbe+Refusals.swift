import APISIX
import Findings
import Kubernetes
import Lint
import Registries

/// Why a named user may not: asks on, and names the manifest that mends it.
extension TokenProbe {
  mutating func explainRefusals() {
    guard let first = refusals.first else { return }
    let user = first.status.forbidden?.user ?? check.identity?.username
    var reviews: [String: SelfSubjectAccessReview.Answer] = [:]
    for (verb, _) in refusals { reviews[verb] = mayI(AccessRequest(verb, resource)) }
    let requests = refusals.map { AccessRequest($0.verb, resource) }
    let stranger = user.flatMap { self.stranger($0) }
    if let stranger { server.append(stranger) }
    if let user, let administrator, let objects = administrator.objects {
      let groups = check.identity?.groups ?? ServiceAccount(username: user)?.groups ?? []
      let identity = Identity(username: user, groups: groups)
      server += administrator.breaks(requests, for: identity, in: objects, prefix: target.prefix)
    } else if let role = first.status.forbidden?.missingRoles.first {
      server.append(missingRole(role, user: user))
    } else if stranger == nil, first.verb == "list", reviews["list"]?.allowed != true,
      let cause = cause(of: requests[0], user)
    {
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

  /// Where the right is, or nearly, by the rules that the server lists for one namespace.
  private mutating func cause(of request: AccessRequest, _ user: String?) -> Finding? {
    let account = user.flatMap(ServiceAccount.init(username:))
    let namespace = account?.namespace ?? "default"
    guard let listed = rules(in: namespace) else { return nil }
    let reasons = listed.rules.compactMap { rule -> RBACNearMiss.Break? in
      rule.allows(request) ? .namespaceOnly(namespace) : rule.nearMiss(request)
    }
    guard let reason = reasons.first else {
      guard !listed.isIncomplete else { return nil }
      return Finding(
        rule: RBACRules.notBound,
        message: "\(target.prefix)no binding gives \(user ?? "the identity") anything on \(noun)",
        help: "which bindings there are: add --kubeconfig FILE of an administrator")
    }
    let told = reason.words(request, role: "a role of it", account)
    return Finding(
      rule: told.rule, severity: .error, message: target.prefix + told.message,
      help: "\(told.help): \(generate(user))")
  }

  /// Rights for APISIX's ServiceAccount do nothing for others.
  private func stranger(_ user: String) -> Finding? {
    guard ServiceAccount(username: user) == nil else { return nil }
    let help = "make a ServiceAccount and its token: gatecheck rbac generate"
    if user.hasPrefix("system:node:") {
      return Finding(
        rule: TokenVerifyRules.nodeIdentity,
        message: "\(target.prefix)\(user) is a node: it may see only what its own pods need", help: help)
    }
    guard !flaws.contains(where: { $0.rule == .tokenNotServiceAccount }) else { return nil }
    return Finding(
      rule: .tokenNotServiceAccount,
      message: "\(target.prefix)the server knows the token as \(user), which is no ServiceAccount", help: help)
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
