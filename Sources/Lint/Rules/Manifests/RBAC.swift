import Findings
import YAML

/// What APISIX lists and watches.
enum DiscoveryResource: Sendable, CaseIterable {
  case endpoints, endpointSlices

  var group: String { self == .endpoints ? "" : "discovery.k8s.io" }
  var name: String { self == .endpoints ? "endpoints" : "endpointslices" }
}

/// One of a role's `rules`, read as its author meant it: a string with commas counts as its parts, which is a finding
/// of its own.
struct RoleRule: Sendable {
  let field: Field

  func list(_ key: String) -> [String] {
    guard let value = field[key] else { return [] }
    let texts = value.isSequence ? value.items.compactMap(\.string) : value.string.map { [$0] } ?? []
    return texts.flatMap { text in
      text.isEmpty ? [""] : text.split(separator: ",").map { trimmed($0) }
    }
  }

  func names(_ resource: DiscoveryResource) -> Bool { list("resources").contains(resource.name) }

  func grants(_ verb: String, _ resource: DiscoveryResource) -> Bool {
    let groups = list("apiGroups")
    let resources = list("resources")
    let verbs = list("verbs")
    return (groups.contains(resource.group) || groups.contains("*"))
      && (resources.contains(resource.name) || resources.contains("*"))
      && (verbs.contains(verb) || verbs.contains("*")) && field["resourceNames"]?.items.isEmpty ?? true
  }
}

private func trimmed(_ text: Substring) -> String {
  var text = text
  while text.first == " " { text.removeFirst() }
  while text.last == " " { text.removeLast() }
  return String(text)
}

extension Manifest {
  /// The rules of a role.
  var rules: [RoleRule] { (object["rules"]?.items ?? []).filter(\.isMapping).map { RoleRule(field: $0) } }

  func grants(_ verb: String, _ resource: DiscoveryResource) -> Bool { rules.contains { $0.grants(verb, resource) } }

  /// The ServiceAccounts that a binding names.
  var accountSubjects: [AccountSubject] {
    (object["subjects"]?.items ?? []).filter { $0["kind"]?.string == "ServiceAccount" }.map {
      AccountSubject(field: $0)
    }
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
  var name: String? { field["name"]?.string }
  var namespace: String? { field["namespace"]?.string }

  /// `system:serviceaccount:NAMESPACE:NAME`.
  var username: String? {
    guard let name, let namespace else { return nil }
    return "system:serviceaccount:\(namespace):\(name)"
  }
}

extension Cluster {
  /// Whether a role is plainly for APISIX itself and its Kubernetes discovery: it, or a binding of it or an account
  /// bound to it, has `apisix` in its name, and none belongs to one of APISIX's companions, which need other things; or
  /// it is bound to the account of a config in the run.
  func isForAPISIX(_ role: Manifest, _ configs: [ConfigFacts]) -> Bool {
    let bound = bindings(of: role)
    let subjects = bound.flatMap(\.accountSubjects)
    let users = Set(configs.flatMap(\.subjects))
    if subjects.contains(where: { $0.username.map(users.contains) ?? false }) { return true }
    let names = ([role.name] + bound.map(\.name) + subjects.map(\.name)).compactMap { $0?.lowercased() }
    return names.contains { $0.contains("apisix") }
      && !names.contains { name in Self.companions.contains { name.contains($0) } }
  }

  private static let companions = ["ingress", "controller", "dashboard", "etcd", "operator", "agent", "adc"]
}
