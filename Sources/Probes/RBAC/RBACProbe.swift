import APISIX
import Findings
import HTTP
import JSON
import Kubernetes
import Lint
import Registries

/// Asks one API server what an identity may do: by self reviews, and by its roles and bindings where an administrator's
/// kubeconfig lets one see them.
struct RBACProbe {
  let target: Target
  let client: KubernetesClient
  let administrator: AdministratorView?
  let needed: [AccessRequest]
  var check: RBACCheck
  var findings: [Finding] = []
  /// Turns answers that are no review into findings, as token verify does.
  private var answers: TokenProbe
  /// The server cannot be asked as this identity.
  private var isMute = false

  init(
    _ target: Target, needs: APIResourceChoice?, http: HTTPClient, now: Int, trace: @escaping (String) -> Void
  ) {
    self.target = target
    client = KubernetesClient(target.connection, http: http, trace: trace)
    administrator = target.administrator.map { AdministratorView($0, http: http, trace: trace) }
    answers = TokenProbe(target, http: http, now: now, trace: trace)
    check = RBACCheck(target: target)
    let resources: [APIResource] =
      switch needs {
      case .endpoints: [.endpoints]
      case .endpointSlices: [.endpointSlices]
      case .both: [.endpoints, .endpointSlices]
      case nil: target.settings.source == .endpoints ? [.endpoints] : [.endpointSlices]
      }
    needed = resources.flatMap { [AccessRequest("list", $0), AccessRequest("watch", $0)] }
  }

  mutating func run() {
    identify()
    let objects = administrator?.objects
    if isMute, objects == nil { return }
    let identity = check.identity.map { Identity(username: $0.username, groups: $0.groups) }
    for request in needed {
      var allowed = isMute ? nil : mayI(request)
      if let objects, let identity {
        let decision = objects.decide(request, for: identity)
        allowed = allowed ?? decision.allowed
        if let grant = decision.grants.first { check.chains.append(chain(grant, request)) }
      }
      check.permissions.append(permission(request, needed: true, allowed: allowed))
    }
    if let identity {
      if let account = identity.serviceAccount { look(at: account) }
      explainGaps(identity, objects)
    }
    // Somebody whose name the server does not tell has rights all the same.
    let somebody = identity ?? Identity(username: user, groups: [])
    judgeExcess(
      somebody, identity == nil ? nil : objects,
      listed: (objects == nil || identity == nil) && !isMute ? listedRules(somebody) : [])
  }

  var user: String { check.identity?.username ?? "the identity" }
  /// The requests that are known to be refused.
  var missing: [AccessRequest] {
    zip(needed, check.permissions).filter { $0.1.allowed == false }.map { $0.0 }
  }

  // MARK: the server's word

  private mutating func identify() {
    let asUser = target.connection.impersonation.user
    let subject = asUser ?? target.token?.text.jwt?.subject
    func fallback(_ username: String?, _ source: TokenCheck.Identified.Source) -> TokenCheck.Identified? {
      username.map { .init(username: $0, groups: ServiceAccount(username: $0)?.groups ?? [], source: source) }
    }
    check.identity = fallback(subject, asUser == nil ? .token : .flag)
    guard let response = post(SelfSubjectReview.path, SelfSubjectReview.body) else { return }
    let body = try? JSONValue.parse(response.body)
    if response.status == 201, let identity = body.flatMap(SelfSubjectReview.identity) {
      check.identity = .init(username: identity.username, groups: identity.groups, source: .review)
      return
    }
    // Servers before 1.28 have no such review: 404, or 403 to whoever may not even ask.
    if response.status == 404 { return }
    let refusal = body.flatMap(Status.init)?.forbidden
    if response.status == 403, let refusal, refusal.verb != "impersonate", refusal.user != "system:anonymous" {
      check.identity = fallback(refusal.user, asUser == nil ? .refusal : .flag)
      return
    }
    isMute = true
    if let refusal, refusal.verb == "impersonate" {
      findings.append(
        Finding(
          rule: RBACRules.cannotImpersonate, severity: administrator == nil ? .error : .note,
          message: "\(target.prefix)\(refusal.user) may not act as \(asUser ?? "another user") (403)",
          help: administrator == nil ? "give a kubeconfig that may: --kubeconfig FILE" : "judged by roles and bindings")
      )
    } else {
      _ = answers.refused("list", AnswerText(response))
      findings += answers.server
    }
  }

  /// The server's word; where it gives no review, what it answers to the request itself.
  private mutating func mayI(_ request: AccessRequest) -> Bool? {
    guard let response = post(SelfSubjectAccessReview.path, SelfSubjectAccessReview.body(request)) else { return nil }
    if response.status == 201, let body = try? JSONValue.parse(response.body) {
      return SelfSubjectAccessReview.answer(body)?.allowed
    }
    guard response.status == 403 || response.status == 404 else {
      _ = answers.refused("list", AnswerText(response))
      findings += answers.server.filter { !findings.contains($0) }
      isMute = true
      return nil
    }
    let resource: APIResource = request.group.isEmpty ? .endpoints : .endpointSlices
    let query: ListQuery = request.verb == "list" ? .list(limit: 1) : .watch(timeoutSeconds: 1)
    let direct = try? client.stream(resource.path() + query.text) { event in
      if case .head = event { .stopWhenIdle } else { .proceed }
    }
    return switch direct?.status {
    case 200: true
    case 403: false
    default: nil
    }
  }

  /// The rules that the server lists for one namespace. Those for the whole cluster are among them.
  private mutating func listedRules(_ identity: Identity) -> [PolicyRule] {
    let namespace = identity.serviceAccount?.namespace ?? "default"
    let response = post(SelfSubjectRulesReview.path, SelfSubjectRulesReview.body(namespace: namespace))
    guard let response, response.status == 201, let answer = try? JSONValue.parse(response.body) else { return [] }
    return SelfSubjectRulesReview.answer(answer)?.rules ?? []
  }

  private mutating func post(_ path: String, _ body: JSONValue) -> Response? {
    guard !isMute else { return nil }
    do throws(HTTPError) { return try client.post(path, body) } catch {
      isMute = true
      if let finding = error.finding(for: target) { findings.append(finding) }
      return nil
    }
  }

  // MARK: the cluster's objects

  /// Whether the account is there, and its Secrets are filled.
  private mutating func look(at account: ServiceAccount) {
    guard let administrator else { return }
    let path = APIResource.serviceAccounts.path(namespace: account.namespace, object: account.name)
    if case .missing = administrator.get(path) {
      findings.append(
        Finding(
          rule: RBACRules.accountMissing,
          message: "\(target.prefix)there is no ServiceAccount \(account.name) in the namespace \(account.namespace)",
          help: "make it: \(mend(account).command)"))
      return
    }
    let type = ListQuery.list(limit: 100, fieldSelector: "type=kubernetes.io/service-account-token")
    guard case .found(let list) = administrator.get(APIResource.secrets.path(namespace: account.namespace) + type.text)
    else { return }
    for secret in list["items"]?.array ?? [] {
      let metadata = secret["metadata"]
      guard metadata?["annotations"]?["kubernetes.io/service-account.name"]?.string == account.name,
        secret["data"]?["token"]?.string?.isEmpty ?? true
      else { continue }
      let name = metadata?["name"]?.string ?? ""
      findings.append(
        Finding(
          rule: RBACRules.secretEmpty,
          message: "\(target.prefix)the Secret \(name) in the namespace \(account.namespace) holds no token yet",
          help: "if that lasts: kubectl -n \(Shell.quoted(account.namespace)) delete secret \(Shell.quoted(name)), "
            + "and apply it again"))
    }
  }

  private func permission(_ request: AccessRequest, needed: Bool, allowed: Bool?) -> RBACCheck.Permission {
    .init(
      verb: request.verb, group: request.group, resource: request.resource, scope: request.namespace ?? "cluster",
      needed: needed, allowed: allowed)
  }

  private func chain(_ grant: RBACGrant, _ request: AccessRequest) -> String {
    let subject = [grant.subject.namespace, grant.subject.name].compactMap { $0 }.joined(separator: "/")
    return "\(request.verb) \(request.resource): \(grant.subject.kind) \(subject) > \(grant.binding.kind) "
      + "\(grant.binding.name) > \(grant.role.kind) \(grant.role.name) > rule \(grant.ruleIndex + 1)"
  }
}
