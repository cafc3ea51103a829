import APISIX
import Findings
import HTTP
import JSON
import Kubernetes
import Lint
import Registries

/// What an administrator's kubeconfig beside the token tells: the cause behind a 401 or 403. It sends GET only.
struct AdministratorView {
  private let client: KubernetesClient

  init(_ connection: KubernetesConnection, http: HTTPClient, trace: @escaping (String) -> Void) {
    client = KubernetesClient(connection, http: http, trace: trace)
  }

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

  /// Why the server does not accept the token of a ServiceAccount.
  func cause(of jwt: JWT, prefix: String) -> Finding? {
    if let cause = foreignKey(jwt, prefix) { return cause }
    guard let account = jwt.serviceAccount else { return nil }
    let path = APIResource.serviceAccounts.path(namespace: account.namespace, object: account.name)
    switch get(path) {
    case .missing:
      return Finding(
        rule: TokenVerifyRules.accountDeleted,
        message: "\(prefix)there is no ServiceAccount \(account.name) in the namespace \(account.namespace)",
        help: "make it, and a new token: gatecheck rbac generate --name \(Shell.quoted(account.name)) --namespace "
          + "\(Shell.quoted(account.namespace)) | kubectl apply -f -")
    case .found(let object):
      let uid = object["metadata"]?["uid"]?.string
      if let claimed = jwt.kubernetes?.serviceAccountUID, let uid, claimed != uid {
        return Finding(
          rule: TokenVerifyRules.accountRecreated,
          message: "\(prefix)the ServiceAccount \(account.name) was deleted and made again after this token was issued",
          help: "take its new token")
      }
    case .unknown: break
    }
    guard let secret = jwt.kubernetes?.secret,
      case .missing = get(APIResource.secrets.path(namespace: account.namespace, object: secret))
    else { return nil }
    return Finding(
      rule: TokenVerifyRules.secretDeleted,
      message: "\(prefix)there is no Secret \(secret) in the namespace \(account.namespace); its token went with it",
      help: "make a new one: gatecheck rbac generate --name \(Shell.quoted(account.name)) --namespace "
        + "\(Shell.quoted(account.namespace)) | kubectl apply -f -")
  }

  /// A key id that this server does not have means another cluster's token.
  private func foreignKey(_ jwt: JWT, _ prefix: String) -> Finding? {
    guard let id = jwt.keyID, case .found(let keys) = get("/openid/v1/jwks", accept: "application/jwk-set+json"),
      let all = keys["keys"]?.array,
      !all.isEmpty, !all.contains(where: { $0["kid"]?.string == id })
    else { return nil }
    return Finding(
      rule: TokenVerifyRules.otherCluster,
      message:
        "\(prefix)the token is signed with a key that this server does not have: it is another cluster's, or older "
        + "than the keys", help: "take a token of this cluster, or ask the cluster that the token is of")
  }

  /// Where the chain from the ServiceAccount over bindings and roles breaks.
  func breaks(_ request: AccessRequest, for account: ServiceAccount, prefix: String) -> [Finding] {
    guard let objects else { return [] }
    let decision = objects.decide(request, for: Identity(account))
    return decision.nearMisses.prefix(3).map { finding($0, request, account, prefix) }
  }

  /// All roles and bindings; nil where not all of them may be seen.
  var objects: RBACObjects? {
    let kinds: [APIResource] = [.clusterRoles, .clusterRoleBindings, .roles, .roleBindings]
    let objects = kinds.compactMap { kind -> JSONValue? in
      if case .found(let list) = get(kind.path()) { list } else { nil }
    }
    return objects.count == kinds.count ? RBACObjects(objects) : nil
  }

  func finding(
    _ miss: RBACNearMiss, _ request: AccessRequest, _ account: ServiceAccount, _ prefix: String
  ) -> Finding {
    let binding = miss.binding
    let kind = binding.namespace == nil ? "ClusterRoleBinding" : "RoleBinding"
    let chain = "\(account.name) <- \(kind) \(binding.name) -> \(binding.roleKind) \(binding.roleName)"
    func found(_ rule: Rule, _ message: String, _ help: String) -> Finding {
      Finding(rule: rule, severity: .error, message: prefix + message, help: "\(chain)\n\(help)")
    }
    let role = "the \(binding.roleKind) \(binding.roleName)"
    switch miss.reason {
    case .roleMissing:
      return found(.roleTypo, "\(role) is not there; the \(kind) \(binding.name) names it", "make the role")
    case .namespaceOnly(let namespace):
      return found(
        .namespacedRole, "\(request.verb) is granted in the namespace \(namespace) only; APISIX asks for all at once",
        "use a ClusterRoleBinding and a ClusterRole")
    case .verb(let verbs):
      return found(
        .missingVerb, "\(role) grants \(verbs.joined(separator: ", ")) on \(request.resource), not \(request.verb)",
        "add the verb \(request.verb)")
    case .group(let groups):
      let named = groups.map { "\"\($0)\"" }.joined(separator: ", ")
      return found(
        .wrongAPIGroup, "\(role) grants \(request.resource) in the API group \(named), where there is none",
        "its group is \"\(request.group)\"")
    case .resourceNames(let names):
      return found(
        .resourceNames, "\(role) is limited to objects named \(names.prefix(3).joined(separator: ", "))",
        "take resourceNames out: a list cannot be limited to names")
    case .subjectNamespace(let namespace):
      return found(
        .subjectNotFound,
        "the \(kind) \(binding.name) is for a ServiceAccount \(account.name) in "
          + "\(namespace.map { "the namespace \($0)" } ?? "no namespace"), not in \(account.namespace)",
        "correct the subject's namespace")
    }
  }
}
