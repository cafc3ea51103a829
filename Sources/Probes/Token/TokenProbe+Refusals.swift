import Common
import Findings
import Kubernetes

/// Why a named user may not: asks on, and names the command that ends it.
extension TokenProbe {
  /// Nil where nothing was refused.
  mutating func explainRefusals() -> Finding? {
    guard let first = refusals.first, !server.isOfPath(first.status) else { return nil }
    let user = first.status.forbidden?.user ?? identity?.username
    let requests = refusals.map { AccessRequest($0.verb, server.resource) }
    let isAllowed = requests.filter { (try? server.mayI($0))?.word == true }.count == requests.count
    if let user, let stranger = stranger(user) { return stranger }
    var refusal = RBACRefusal(
      server: server, needed: ["list", "watch"].map { AccessRequest($0, server.resource) }, refused: requests,
      identity: user.map {
        Identity(username: $0, groups: identity?.groups ?? ServiceAccount(username: $0)?.groups ?? [])
      },
      objects: server.administrator?.objects)
    refusal.answer = " (403)"
    refusal.missingRole = first.status.forbidden?.missingRoles.first
    if isAllowed { refusal.remark = "the server's own review allows it: granted a moment ago? Try again" }
    if refusal.objects == nil, refusal.missingRole == nil, first.verb == "list", !isAllowed {
      let namespace = user.flatMap(ServiceAccount.init(username:))?.namespace
      refusal.listed = server.rules(in: namespace ?? "default")
    }
    return refusal.finding()
  }

  /// Rights for APISIX's ServiceAccount do nothing for others.
  private func stranger(_ user: String) -> Finding? {
    guard ServiceAccount(username: user) == nil, target.impersonated == nil else { return nil }
    if user.hasPrefix("system:node:") {
      return server.finding(
        TokenVerifyRules.nodeIdentity, "\(user) is a node: it may see only what its own pods need (403)",
        help: server.newAccount)
    }
    guard target.token != nil else { return nil }
    return server.finding(
      TokenRules.notServiceAccount, severity: .error,
      "the server knows the token as \(user), which is not a ServiceAccount, and may not "
        + "\(refusals.map(\.verb).joined(separator: " and ")) \(server.resource.name) (403)", help: server.newAccount)
  }
}
