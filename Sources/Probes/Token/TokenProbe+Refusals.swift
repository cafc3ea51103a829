import Common
import Findings
import Kubernetes

/// Why a named user may not: asks on, and names the manifest that mends it.
extension TokenProbe {
  mutating func explainRefusals() -> [Finding] {
    guard let first = refusals.first else { return [] }
    let user = first.status.forbidden?.user ?? identity?.username
    let requests = refusals.map { AccessRequest($0.verb, server.resource) }
    let reviews = requests.map { (try? server.mayI($0))?.word == true }
    let stranger = user.flatMap { self.stranger($0) }
    var told = [stranger].compactMap { $0 }
    if let user, let administrator = server.administrator, let objects = administrator.objects {
      let groups = identity?.groups ?? ServiceAccount(username: user)?.groups ?? []
      let identity = Identity(username: user, groups: groups)
      told += administrator.breaks(requests, for: identity, in: objects, prefix: target.prefix)
    } else if let role = first.status.forbidden?.missingRoles.first {
      told.append(missingRole(role, user: user))
    } else if stranger == nil, first.verb == "list", !reviews[0], let cause = cause(of: requests[0], user) {
      told.append(cause)
    }
    for (index, request) in requests.enumerated() {
      told.append(denied(request.verb, user, isFirst: index == 0, allowedByReview: reviews[index]))
    }
    return told
  }

  private var noun: String { server.resource.name }

  private func missingRole(_ role: ForbiddenMessage.MissingRole, user: String?) -> Finding {
    let line = generate(user, role: role.kind == "ClusterRole" ? role.name : nil)
    return server.finding(
      BindingRules.roleNotFound, severity: .error,
      "a binding names the \(role.kind) \"\(role.name)\", which is not there",
      help: "make it: \(line)\na binding's roleRef cannot be changed: to name another role, delete the binding first")
  }

  /// Where the right is, or nearly, by the rules that the server lists for one namespace.
  private mutating func cause(of request: AccessRequest, _ user: String?) -> Finding? {
    let account = user.flatMap(ServiceAccount.init(username:))
    let namespace = account?.namespace ?? "default"
    guard let listed = server.rules(in: namespace) else { return nil }
    let reasons = listed.rules.compactMap { rule -> RBACNearMiss.Break? in
      rule.allows(request) ? .namespaceOnly(namespace) : rule.nearMiss(request)
    }
    guard let reason = reasons.first else {
      guard !listed.isIncomplete else { return nil }
      return server.finding(
        RBACRules.notBound, "no binding gives \(user ?? "the identity") anything on \(noun)",
        help: "which bindings there are: add --kubeconfig FILE of an administrator")
    }
    let told = reason.words(request, role: "a role of it", account)
    return server.finding(told.rule, severity: .error, told.message, help: "\(told.help): \(generate(user))")
  }

  /// Rights for APISIX's ServiceAccount do nothing for others.
  private func stranger(_ user: String) -> Finding? {
    guard ServiceAccount(username: user) == nil else { return nil }
    let help = "make a ServiceAccount and its token: gatecheck rbac generate"
    if user.hasPrefix("system:node:") {
      return server.finding(
        TokenVerifyRules.nodeIdentity, "\(user) is a node: it may see only what its own pods need", help: help)
    }
    guard !server.flaws.contains(where: { $0.rule == TokenRules.notServiceAccount }) else { return nil }
    return server.finding(
      TokenRules.notServiceAccount, "the server knows the token as \(user), which is no ServiceAccount", help: help)
  }

  private func denied(_ verb: String, _ user: String?, isFirst: Bool, allowedByReview: Bool) -> Finding {
    let rule = verb == "list" ? RBACRules.listMissing : RBACRules.watchMissing
    var help = isFirst ? generate(user) : "the same manifest grants it"
    if allowedByReview { help = "the server's own review allows it: granted a moment ago? Try again\n" + help }
    return server.finding(
      rule, "\(user ?? "the identity") may not \(verb) \(noun) in the whole cluster (403)", help: help)
  }

  /// The line that grants what is needed.
  private func generate(_ user: String?, role: String? = nil) -> String {
    guard let account = user.flatMap(ServiceAccount.init(username:)) else {
      let group = server.resource == .endpointSlices ? ".discovery.k8s.io" : ""
      return """
        kubectl create clusterrole apisix --verb=get,list,watch --resource=\(noun)\(group)
        kubectl create clusterrolebinding apisix --clusterrole=apisix --user=\(Shell.quoted(user ?? "USER"))
        """
    }
    var words = "gatecheck rbac generate --name \(Shell.quoted(account.name))"
    words += " --namespace \(Shell.quoted(account.namespace))"
    if let role { words += " --cluster-role \(Shell.quoted(role))" }
    if server.resource == .endpointSlices { words += " --watch-endpoint-slices" }
    return words + " | kubectl apply -f -"
  }
}
