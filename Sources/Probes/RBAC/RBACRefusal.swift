import Common
import Findings
import Kubernetes
import SourceText

/// Why an identity may not do what APISIX does: one finding, which says the cause, what follows from it, and the one
/// command that ends it.
struct RBACRefusal {
  let server: Conversation
  let needed: [AccessRequest]
  /// Those of `needed` that are refused; at least one.
  let refused: [AccessRequest]
  /// Nil where nobody tells.
  let identity: Identity?
  /// All roles and bindings; nil where they may not be seen.
  let objects: RBACObjects?
  /// Without `objects`: what the server says of a role that is not there, and the rules that it lists.
  var missingRole: ForbiddenMessage.MissingRole?
  var listed: SelfSubjectRulesReview.Answer?
  /// What stands behind it in parentheses: ` (403)`.
  var answer = ""
  /// What else there is to know, before the command.
  var remark: String?

  private struct Cause {
    let rule: Rule
    /// Goes on with ", so it may not"; empty where it is not known.
    var words = ""
    /// A line before the command.
    var note: String?
    /// What the command does to a role that it writes over.
    var deed: String?
    /// In place of that which grants what is needed.
    var command: String?
  }

  var mend: RBACMend { RBACMend(needed: needed, user: identity?.username, objects: objects) }

  func finding() -> Finding {
    let cause = cause
    let told = cause.words.has(user) ? "it" : user
    let message =
      cause.words.isEmpty ? "\(user) may not \(wanted)" : "\(cause.words), so \(told) may not \(wanted)"
    let mend = mend
    let command = cause.command ?? mend.command.map { mend.isInPlace ? (cause.deed.map { "\($0): " } ?? "") + $0 : $0 }
    let help = [remark, cause.note, command].compactMap { $0 }
    return server.finding(
      cause.rule, severity: .error, message + " in the whole cluster" + answer,
      help: help.isEmpty ? nil : help.joined(separator: "\n"))
  }

  private var user: String { identity?.username ?? server.target.anybody }

  /// `list and watch endpoints`
  private var wanted: String {
    let resources = refused.map(\.resource).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    return resources.map { "\(verbs(on: $0)) \($0)" }.joined(separator: ", nor ")
  }

  private func verbs(on resource: String) -> String {
    refused.filter { $0.resource == resource }.map(\.verb).joined(separator: " and ")
  }

  // MARK: the cause

  private var cause: Cause {
    if let meant { return Cause(rule: RBACRules.notBound, words: "\(user) is the name of a user", command: meant) }
    if let objects, let identity { return cause(identity, objects) }
    if let missingRole, missingRole.kind == "ClusterRole" {
      return Cause(
        rule: BindingRules.roleNotFound,
        words: "a binding names the \(missingRole.kind) \(missingRole.name), which is not there",
        command: "make it: \(mend.create(role: missingRole.name))\nif its name is wrong: "
          + "--kubeconfig FILE of an administrator shows the binding")
    }
    return listedCause ?? unknown
  }

  private var unknown: Cause {
    Cause(rule: refused.contains { $0.verb == "list" } ? RBACRules.listMissing : RBACRules.watchMissing)
  }

  /// By the rules that the server lists for one namespace.
  private var listedCause: Cause? {
    guard let listed, let request = refused.first else { return nil }
    let namespace = identity?.serviceAccount?.namespace ?? "default"
    let reasons = listed.rules.compactMap { rule -> RBACNearMiss.Break? in
      rule.allows(request) ? .namespaceOnly(namespace) : rule.nearMiss(request)
    }
    guard let reason = reasons.min(by: { $0.rank < $1.rank }) else {
      guard !listed.isIncomplete else { return nil }
      return Cause(rule: RBACRules.notBound, words: "no binding gives \(user) anything on \(request.resource)")
    }
    return self.cause(reason, request, role: "one of its roles", nil)
  }

  private func cause(_ identity: Identity, _ objects: RBACObjects) -> Cause {
    let decisions = refused.map { ($0, objects.decide($0, for: identity)) }
    // What another authorizer than RBAC denies is none of its objects' doing.
    guard let (request, _) = decisions.first(where: { !$0.1.allowed }) else {
      let rest = "its roles and bindings allow it: granted a moment ago? Try again; or another authorizer denies it"
      return Cause(rule: unknown.rule, command: rest)
    }
    let misses = decisions.flatMap { decision in decision.1.nearMisses.map { (decision.0, $0) } }
      .filter { !isOthers($0.1.reason) }
    guard let (asked, miss) = misses.min(by: { $0.1.reason.rank < $1.1.reason.rank }) else {
      return typo(identity, objects) ?? notBound(identity, request, objects)
    }
    let binding = miss.binding
    let chain = "\(binding.kind) \(binding.name) > \(binding.roleKind) \(binding.roleName)"
    var cause = cause(miss.reason, asked, role: "the \(binding.roleKind) \(binding.roleName)", binding)
    if case .roleMissing = miss.reason, let twin = twin(of: binding.roleName, objects) {
      cause.words += " (did you mean \(twin)?)"
      cause.command = mend.bind(role: twin)
    } else if cause.note == nil {
      cause.note = chain
    }
    return cause
  }

  /// A binding of an account that is there is meant for that one.
  private func isOthers(_ reason: RBACNearMiss.Break) -> Bool {
    guard case .subjectNamespace(let namespace?) = reason, let name = identity?.serviceAccount?.name else {
      return false
    }
    return isThere(ServiceAccount(namespace: namespace, name: name)) == true
  }

  /// Nil where that cannot be seen.
  private func isThere(_ account: ServiceAccount) -> Bool? {
    switch server.administrator?.get(
      APIResource.serviceAccounts.path(namespace: account.namespace, object: account.name))
    {
    case .found: true
    case .missing: false
    case .unknown, nil: nil
    }
  }

  /// A role of nearly that name which grants what is needed and nothing else.
  private func twin(of name: String, _ objects: RBACObjects) -> String? {
    nearest(name, among: objects.roles(granting: needed).filter { $0 != name })
  }

  private func notBound(_ identity: Identity, _ request: AccessRequest, _ objects: RBACObjects) -> Cause {
    let bindings = objects.bindings(for: identity).map(\.binding).filter { !$0.name.hasPrefix("system:") }
    let words =
      bindings.isEmpty ? "no binding names \(user)" : "no binding of \(user) is of a role with \(request.resource)"
    let grants = objects.roles(granting: needed).prefix(5).joined(separator: ", ")
    var lines = bindings.prefix(5).map { "\($0.kind) \($0.name) > \($0.roleKind) \($0.roleName)" }
    if !grants.isEmpty { lines.append("ClusterRoles that grant it and no more: \(grants)") }
    return Cause(
      rule: RBACRules.notBound, words: words, note: lines.isEmpty ? nil : lines.joined(separator: "\n"))
  }

  /// A binding of an account of nearly that name, which is not there.
  private func typo(_ identity: Identity, _ objects: RBACObjects) -> Cause? {
    guard let account = identity.serviceAccount else { return nil }
    for binding in objects.bindings where binding.namespace == nil {
      guard let role = objects.role(of: binding),
        needed.allSatisfy({ request in role.rules.contains { $0.allows(request) } })
      else { continue }
      for subject in binding.subjects where subject.kind == "ServiceAccount" && subject.namespace == account.namespace {
        guard nearest(subject.name, among: [account.name]) != nil,
          isThere(ServiceAccount(namespace: account.namespace, name: subject.name)) == false
        else { continue }
        return Cause(
          rule: BindingRules.subjectNotFound,
          words: "the \(binding.kind) \(binding.name) is for a ServiceAccount \(subject.name), which is not there "
            + "(did you mean \(account.name)?)")
      }
    }
    return nil
  }

  /// For `default:apisix`, which was to be a ServiceAccount.
  private var meant: String? {
    guard let user = identity?.username, identity?.serviceAccount == nil, user == server.target.impersonated else {
      return nil
    }
    let parts = user.split { $0 == ":" || $0 == "/" }.map(String.init)
    guard parts.count > 1, let name = parts.last, NameRule.subdomain.objection(to: name) == nil else { return nil }
    let account = ServiceAccount(namespace: parts[parts.count - 2], name: name)
    guard NameRule.label.objection(to: account.namespace) == nil, isThere(account) != false else { return nil }
    return "did you mean --as \(account.username)?"
  }

  // MARK: words

  /// - Parameter role: `the ClusterRole view`, or words for one whose name is not known.
  private func cause(
    _ reason: RBACNearMiss.Break, _ request: AccessRequest, role: String, _ binding: RBACBinding?
  ) -> Cause {
    let bound = binding.map { "the \($0.kind) \($0.name)" } ?? "a binding"
    let account = identity?.serviceAccount
    let (verbs, resource) = (verbs(on: request.resource), request.resource)
    switch reason {
    case .roleMissing: return Cause(rule: BindingRules.roleNotFound, words: "\(role) is not there; \(bound) names it")
    case .namespaceOnly(let namespace):
      return Cause(
        rule: BindingRules.namespacedRole,
        words: "\(verbs) is granted in the namespace \(namespace) only; APISIX asks for all at once")
    case .verb(let given):
      return Cause(
        rule: RoleRules.missingVerb,
        words: "\(role) grants \(given.joined(separator: ", ")) on \(resource), not \(verbs)", deed: "add \(verbs)")
    case .commaInString(let field, let text):
      return Cause(
        rule: RoleRules.commaInString, words: RoleRules.oneString(text, field, of: " in \(field) of \(role)"),
        deed: "make it several")
    case .notCollected(let labels):
      return Cause(
        rule: RBACRules.aggregatedRole,
        words: "\(role) has an aggregationRule, which collects the rules of ClusterRoles with the label "
          + "\(labels.prefix(3).joined(separator: " or ")), and none of them grants \(verbs) on \(resource)",
        note: "what is written into it by hand is taken out again; this is a role beside it:")
    case .group(let groups):
      let named = groups.map { "\"\($0)\"" }.joined(separator: ", ")
      return Cause(
        rule: RoleRules.wrongAPIGroup,
        words: "\(role) grants \(resource) in the API group \(named), where there is none",
        deed: "give it its group, \"\(request.group)\"")
    case .resourceNames(let names):
      return Cause(
        rule: RoleRules.resourceNames,
        words: "\(role) is limited to objects named \(names.prefix(3).joined(separator: ", "))",
        deed: "take resourceNames out")
    case .subjectNamespace(let namespace):
      return Cause(
        rule: BindingRules.subjectNotFound,
        words: "\(bound) is for a ServiceAccount \(account?.name ?? "") in "
          + "\(namespace.map { "the namespace \($0)" } ?? "no namespace"), not in \(account?.namespace ?? "")")
    }
  }
}

extension RBACNearMiss.Break {
  /// The likelier one is the smaller.
  fileprivate var rank: Int {
    switch self {
    case .commaInString, .notCollected: 0
    case .group, .resourceNames, .verb: 1
    case .roleMissing: 2
    case .subjectNamespace: 3
    case .namespaceOnly: 4
    }
  }
}
