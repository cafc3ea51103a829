import Common
import Findings
import HTTP
import JSON
import Kubernetes
import Registries

/// What an administrator's kubeconfig beside the token tells: the cause behind a 401 or 403. It sends GET only.
struct AdministratorView {
  let client: KubernetesClient

  enum Object {
    case found(JSONValue)
    case missing
    /// No right to see it, or no answer.
    case unknown
  }

  func get(_ path: String, accept: String = "application/json") -> Object {
    guard let response = try? client.get(path, accept: accept) else { return .unknown }
    switch response.status {
    case 200: return (try? JSONValue.parse(response.body, skipping: ["managedFields"])).map(Object.found) ?? .unknown
    case 404: return .missing
    default: return .unknown
    }
  }

  /// What a token hangs on and is not there any more; nil where all of it is, or may not be seen.
  func deleted(_ jwt: JWT, prefix: String) -> Finding? {
    guard let account = jwt.serviceAccount else { return nil }
    func isMissing(_ kind: APIResource, _ name: String) -> Bool {
      if case .missing = get(kind.path(namespace: account.namespace, object: name)) { true } else { false }
    }
    let place = "in the namespace \(account.namespace)"
    switch get(APIResource.serviceAccounts.path(namespace: account.namespace, object: account.name)) {
    case .missing:
      return Finding(
        TokenVerifyRules.accountDeleted, "\(prefix)there is no ServiceAccount \(account.name) \(place)",
        help: "make it, and a new token: \(account.generate)")
    case .found(let object):
      let uid = object["metadata"]?["uid"]?.string
      if let claimed = jwt.kubernetes?.serviceAccountUID, let uid, claimed != uid {
        return Finding(
          TokenVerifyRules.accountRecreated,
          "\(prefix)the ServiceAccount \(account.name) was deleted and made again after this token was issued",
          help: "take its new token")
      }
    case .unknown: break
    }
    if let secret = jwt.kubernetes?.secret, isMissing(.secrets, secret) {
      return Finding(
        TokenVerifyRules.secretDeleted, "\(prefix)there is no Secret \(secret) \(place); its token went with it",
        help: "make a new one: \(account.generate)")
    }
    if let pod = jwt.kubernetes?.pod, isMissing(.pods, pod) {
      return Finding(
        TokenVerifyRules.podDeleted, "\(prefix)there is no pod \(pod) \(place); its token went with it",
        help: "outside that pod take the token of a Secret: \(account.generate)")
    }
    return nil
  }

  /// All roles and bindings; nil where not all of them may be seen.
  var objects: RBACObjects? {
    let kinds: [APIResource] = [.clusterRoles, .clusterRoleBindings, .roles, .roleBindings]
    let objects = kinds.compactMap { kind -> JSONValue? in
      if case .found(let list) = get(kind.path()) { list } else { nil }
    }
    return objects.count == kinds.count ? RBACObjects(objects) : nil
  }

  /// Where the chain from `identity` over bindings and roles breaks; one finding at least where nothing allows it.
  func breaks(
    _ requests: [AccessRequest], for identity: Identity, in objects: RBACObjects, prefix: String
  ) -> [Finding] {
    let account = identity.serviceAccount ?? ServiceAccount(namespace: "", name: identity.username)
    var found: [Finding] = []
    // What another authorizer than RBAC denies is none of its objects' doing.
    let refused = requests.filter { !objects.decide($0, for: identity).allowed }
    for request in refused {
      let misses = objects.decide(request, for: identity).nearMisses.prefix(3)
      found += misses.map { finding($0, request, account, prefix) }.filter { !found.contains($0) }
    }
    guard found.isEmpty, let first = refused.first else { return found }
    return [notBound(identity, first, objects, prefix)]
  }

  private func finding(
    _ miss: RBACNearMiss, _ request: AccessRequest, _ account: ServiceAccount, _ prefix: String
  ) -> Finding {
    let binding = miss.binding
    let chain = "\(account.name) <- \(binding.kind) \(binding.name) -> \(binding.roleKind) \(binding.roleName)"
    let told = miss.reason.words(request, role: "the \(binding.roleKind) \(binding.roleName)", account, of: binding)
    return Finding(told.rule, severity: .error, prefix + told.message, help: "\(chain)\n\(told.help)")
  }

  private func notBound(
    _ identity: Identity, _ request: AccessRequest, _ objects: RBACObjects, _ prefix: String
  ) -> Finding {
    let bindings = objects.bindings(for: identity).map(\.binding).filter { !$0.name.hasPrefix("system:") }
    let message =
      bindings.isEmpty
      ? "no binding names \(identity.username)"
      : "no binding of \(identity.username) is of a role with \(request.resource)"
    let roles = objects.roles.filter { role in
      role.namespace == nil && !role.name.hasPrefix("system:") && role.rules.contains { $0.allows(request) }
    }
    let names = roles.map(\.name).sorted().prefix(5).joined(separator: ", ")
    var lines = bindings.prefix(5).map { "\($0.kind) \($0.name) > \($0.roleKind) \($0.roleName)" }
    if !names.isEmpty { lines.append("ClusterRoles that would grant it: \(names)") }
    return Finding(RBACRules.notBound, prefix + message, help: lines.isEmpty ? nil : lines.joined(separator: "\n"))
  }
}

extension RBACNearMiss.Break {
  /// - Parameters:
  ///   - role: `the ClusterRole view`, or words for one whose name is not known.
  ///   - binding: nil where it is not known.
  func words(
    _ request: AccessRequest, role: String, _ account: ServiceAccount?, of binding: RBACBinding? = nil
  ) -> (rule: Rule, message: String, help: String) {
    let bound = binding.map { "the \($0.kind) \($0.name)" } ?? "a binding"
    switch self {
    case .roleMissing: return (BindingRules.roleNotFound, "\(role) is not there; \(bound) names it", "make the role")
    case .namespaceOnly(let namespace):
      return (
        BindingRules.namespacedRole,
        "\(request.verb) is granted in the namespace \(namespace) only; APISIX asks for all at once",
        "use a ClusterRoleBinding and a ClusterRole"
      )
    case .verb(let verbs):
      return (
        RoleRules.missingVerb,
        "\(role) grants \(verbs.joined(separator: ", ")) on \(request.resource), not \(request.verb)",
        "add the verb \(request.verb)"
      )
    case .group(let groups):
      let named = groups.map { "\"\($0)\"" }.joined(separator: ", ")
      return (
        RoleRules.wrongAPIGroup, "\(role) grants \(request.resource) in the API group \(named), where there is none",
        "its group is \"\(request.group)\""
      )
    case .resourceNames(let names):
      return (
        RoleRules.resourceNames, "\(role) is limited to objects named \(names.prefix(3).joined(separator: ", "))",
        "take resourceNames out: a list cannot be limited to names"
      )
    case .subjectNamespace(let namespace):
      return (
        BindingRules.subjectNotFound,
        "\(bound) is for a ServiceAccount \(account?.name ?? "") in "
          + "\(namespace.map { "the namespace \($0)" } ?? "no namespace"), not in \(account?.namespace ?? "")",
        "correct the subject's namespace"
      )
    }
  }
}
