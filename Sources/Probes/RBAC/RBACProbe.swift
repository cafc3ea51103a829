import Findings
import HTTP
import JSON
import Kubernetes
import Registries
import SourceText

/// Asks one API server what an identity may do: by self reviews, and by its roles and bindings where an administrator's
/// kubeconfig lets one see them.
struct RBACProbe {
  var server: Conversation
  let needed: [AccessRequest]
  var check: RBACCheck
  var findings: [Finding] = []
  /// That a binding names, by the server's word.
  private(set) var missingRole: ForbiddenMessage.MissingRole?
  /// The server cannot be asked as this identity.
  private var isMute = false

  init(_ target: Target, needs: RBACOptions.Watches?, in context: Context) {
    server = Conversation(target, in: context)
    check = RBACCheck(target: target)
    let resources: [APIResource] =
      switch needs {
      case .endpoints: [.endpoints]
      case .endpointSlices: [.endpointSlices]
      case .both: [.endpoints, .endpointSlices]
      case nil: [server.resource]
      }
    needed = resources.flatMap { [AccessRequest("list", $0), AccessRequest("watch", $0)] }
  }

  var target: Target { server.target }
  var administrator: AdministratorView? { server.administrator }

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
      check.permissions.append(
        .init(
          verb: request.verb, group: request.group, resource: request.resource, scope: request.namespace ?? "cluster",
          needed: true, allowed: allowed))
    }
    // Those for the whole cluster are among those of one namespace.
    let listed =
      (objects == nil || identity == nil) && !isMute
      ? server.rules(in: identity?.serviceAccount?.namespace ?? "default") : nil
    let isThere = if let account = identity?.serviceAccount { look(at: account, objects) } else { true }
    if isThere { explainGaps(identity, objects, listed) }
    judgeExcess(identity, objects, listed: listed?.rules ?? [])
  }

  /// Only what is granted beyond need.
  mutating func judgeExcess(of known: TokenCheck) {
    check.identity = known.identity
    let identity = known.identity.map { Identity(username: $0.username, groups: $0.groups) }
    let objects = administrator?.objects
    let listed = objects == nil ? server.rules(in: identity?.serviceAccount?.namespace ?? "default") : nil
    judgeExcess(identity, objects, listed: listed?.rules ?? [])
  }

  var user: String { check.user }
  /// The requests that are known to be refused.
  var missing: [AccessRequest] { zip(needed, check.permissions).filter { $0.1.allowed == false }.map { $0.0 } }

  // MARK: the server's word

  private mutating func identify() {
    let asUser = target.impersonated
    check.identity = .init(asUser, .flag) ?? .init(target.token?.text.jwt?.subject, .token)
    guard let (word, answer) = asked({ server throws(HTTPError) in try server.whoAmI() }) else { return }
    if let word {
      check.identity = word
      return
    }
    // Servers before 1.28 have no such review: 404, or 403 to whoever may not even ask.
    if answer.status == 404 { return }
    let text = AnswerText(answer)
    let refusal = text.status?.forbidden
    if answer.status == 403, let refusal, refusal.verb != "impersonate", refusal.user != "system:anonymous" {
      check.identity = .init(refusal.user, asUser == nil ? .refusal : .flag)
      return
    }
    isMute = true
    if let refusal, refusal.verb == "impersonate" {
      findings += server.finding(
        ConnectRules.cannotImpersonate, severity: administrator == nil ? .error : .note,
        "\(refusal.user) may not act as \(asUser ?? "another user") (403)",
        help: administrator == nil ? "give a kubeconfig that may: --kubeconfig FILE" : "judged by roles and bindings")
    } else {
      findings += server.explain("list", text).findings
    }
  }

  /// The server's word; where it gives no review, what it answers to the request itself.
  private mutating func mayI(_ request: AccessRequest) -> Bool? {
    guard let (word, answer) = asked({ server throws(HTTPError) in try server.mayI(request) }) else { return nil }
    if answer.status == 201 {
      if missingRole == nil {
        missingRole = answer.json(201).flatMap { SelfSubjectAccessReview.missingRoles($0).first }
      }
      return word
    }
    let isOfPath = server.isOfPath(AnswerText(answer).status)
    guard answer.status == 403 && !isOfPath || answer.status == 404 else {
      findings += server.explain("list", AnswerText(answer)).findings.filter { !findings.contains($0) }
      isMute = true
      return nil
    }
    let resource: APIResource = request.group.isEmpty ? .endpoints : .endpointSlices
    let query: ListQuery = request.verb == "list" ? .list(limit: 1) : .watch(timeoutSeconds: 1)
    var body: [UInt8] = []
    let direct = asked { server throws(HTTPError) in
      try server.client.begin(resource.path() + query.text, &body)
    }
    guard let direct else { return nil }
    let text = AnswerText(direct, body: body)
    if direct.status == 200 || direct.status == 403 && text.status != nil { return direct.status == 200 }
    findings += server.explain(request.verb, text).findings.filter { !findings.contains($0) }
    isMute = true
    return nil
  }

  /// Nil where there was no answer: then nothing more is asked as this identity.
  private mutating func asked<Answer>(_ ask: (inout Conversation) throws(HTTPError) -> Answer) -> Answer? {
    guard !isMute else { return nil }
    do throws(HTTPError) { return try ask(&server) } catch {
      isMute = true
      findings += server.finding(error)
      return nil
    }
  }

  // MARK: the cluster's objects

  /// Whether the account is there, for all that can be seen; and its Secrets are filled.
  private mutating func look(at account: ServiceAccount, _ objects: RBACObjects?) -> Bool {
    guard let administrator else { return true }
    let path = APIResource.serviceAccounts.path(namespace: account.namespace, object: account.name)
    if case .missing = administrator.get(path) {
      var mend = RBACMend(needed: needed, user: account.username, objects: objects)
      mend.makesSecret = true
      check.manifest = mend.manifest
      let twin = administrator.twin(of: account) { account in
        needed.allSatisfy { objects?.decide($0, for: Identity(account)).allowed == true }
      }
      let meant = twin.map { " (did you mean --as \($0.username)?)" } ?? ""
      findings += server.finding(
        RBACRules.accountMissing,
        "there is no ServiceAccount \(account.name) in the namespace \(account.namespace)\(meant)",
        help: mend.command.map { "make it: \($0)" })
      return false
    }
    let type = ListQuery.list(limit: 100, fieldSelector: "type=kubernetes.io/service-account-token")
    guard case .found(let list) = administrator.get(APIResource.secrets.path(namespace: account.namespace) + type.text)
    else { return true }
    for secret in list["items"]?.array ?? [] {
      let metadata = secret["metadata"]
      guard metadata?["annotations"]?["kubernetes.io/service-account.name"]?.string == account.name,
        secret["data"]?["token"]?.string?.isEmpty ?? true
      else { continue }
      let name = metadata?["name"]?.string ?? ""
      findings += server.finding(
        RBACRules.secretEmpty, "the Secret \(name) in the namespace \(account.namespace) holds no token yet",
        help: "if that lasts: \(Self.remake(secret: name, in: account.namespace))")
    }
    return true
  }

  /// Deletes it and makes it again, as it is.
  static func remake(secret: String, in namespace: String) -> String {
    let namespace = Shell.quoted(namespace)
    return "kubectl -n \(namespace) get secret \(Shell.quoted(secret)) -o yaml | kubectl replace --force -f -"
  }

  private func chain(_ grant: RBACGrant, _ request: AccessRequest) -> String {
    let subject = [grant.subject.namespace, grant.subject.name].compactMap { $0 }.joined(separator: "/")
    return "\(request.verb) \(request.resource): \(grant.subject.kind) \(subject) > \(grant.binding.kind) "
      + "\(grant.binding.name) > \(grant.role.kind) \(grant.role.name) > rule \(grant.ruleIndex + 1)"
  }
}
