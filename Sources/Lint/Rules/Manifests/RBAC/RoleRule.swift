import Findings
import Kubernetes
import SourceText
import YAML

extension APIResource {
  /// What APISIX lists and watches.
  static let ofDiscovery: [APIResource] = [.endpoints, .endpointSlices]
}

/// One of a role's `rules`, read as its author meant it: a string with commas counts as its parts, which is a finding
/// of its own.
struct RoleRule: Sendable {
  let field: Field
  let policy: PolicyRule

  init(_ field: Field) {
    self.field = field
    func list(_ key: String) -> [String] {
      guard let value = field[key] else { return [] }
      let texts = value.isSequence ? value.items.compactMap(\.string) : value.string.map { [$0] } ?? []
      return texts.flatMap { $0.isEmpty ? [""] : $0.commaParts }
    }
    policy = PolicyRule(
      verbs: list("verbs"), groups: list("apiGroups"), resources: list("resources"),
      resourceNames: list("resourceNames"))
  }

  func names(_ resource: APIResource) -> Bool { policy.resources.contains(resource.name) }
  /// Whether it lists or watches a resource in whatever group.
  func means(_ resource: APIResource) -> Bool {
    names(resource) && policy.verbs.contains { ["list", "watch", "*"].contains($0) }
  }
  func grants(_ verb: String, _ resource: APIResource) -> Bool { policy.allows(AccessRequest(verb, resource)) }
}

extension Manifest {
  /// The rules of a role.
  var rules: [RoleRule] { (object["rules"]?.items ?? []).filter(\.isMapping).map { RoleRule($0) } }

  func grants(_ verb: String, _ resource: APIResource) -> Bool { rules.contains { $0.grants(verb, resource) } }

  /// What tells a role from others that bindings may refer to.
  var roleKey: String { "\(kind)/\(key)" }

  /// The ServiceAccounts that a binding names.
  var accountSubjects: [AccountSubject] {
    let home = kind == "RoleBinding" ? namespace : nil
    return (object["subjects"]?.items ?? []).filter { $0["kind"]?.string == "ServiceAccount" }
      .map { AccountSubject(field: $0, home: home) }
  }

  /// Whether a binding refers to that role.
  func binds(_ role: Manifest) -> Bool {
    guard let reference = object["roleRef"], reference["kind"]?.string == role.kind,
      let name = reference["name"]?.string, name == role.name
    else { return false }
    // A Role is bound in its own namespace only; where one of the two is silent, they may be the same.
    guard role.kind == "Role", let own = namespace, let other = role.namespace else { return true }
    return own == other
  }
}

/// A subject of kind ServiceAccount.
struct AccountSubject: Sendable {
  let field: Field
  /// The namespace of a subject that names none; only a RoleBinding gives one.
  let home: String?
  var name: String? { field["name"]?.string }
  var namespace: String? { field["namespace"]?.string ?? home }

  /// `system:serviceaccount:NAMESPACE:NAME`.
  var username: String? {
    guard let name, let namespace else { return nil }
    return "system:serviceaccount:\(namespace):\(name)"
  }
}

extension Cluster {
  /// The keys of the roles that are plainly for APISIX.
  /// - Parameter users: the accounts of the configs in the run.
  func rolesForAPISIX(_ users: Set<String>) -> Set<String> {
    var judged: [String: Bool] = [:]
    for role in roles.values.joined() where judged[role.roleKey] == nil {
      judged[role.roleKey] = isForAPISIX(role, users)
    }
    return Set(judged.lazy.filter(\.value).map(\.key))
  }

  /// Whether a role is plainly for APISIX itself and its Kubernetes discovery: it, or a binding of it or an account
  /// bound to it, has `apisix` in its name, and none belongs to one of APISIX's companions, which need other things; or
  /// it is bound to the account of a config in the run.
  private func isForAPISIX(_ role: Manifest, _ users: Set<String>) -> Bool {
    let bound = bindings(of: role)
    let subjects = bound.flatMap(\.accountSubjects)
    if subjects.contains(where: { $0.username.map(users.contains) ?? false }) { return true }
    let names = [role.name] + bound.map(\.name) + subjects.map(\.name)
    return Self.isOfAPISIX(names)
  }

  /// Whether one of some names has `apisix` in it, and none that of a companion.
  static func isOfAPISIX(_ names: [String?]) -> Bool {
    let names = names.compactMap { $0?.lowercased() }
    return names.contains { $0.has("apisix") }
      && !names.contains { name in companions.contains { name.has($0) } }
  }

  private static let companions = [
    "ingress", "controller", "dashboard", "etcd", "operator", "agent", "adc", "seed",
    "prometheus", "exporter", "metrics",
  ]
}
