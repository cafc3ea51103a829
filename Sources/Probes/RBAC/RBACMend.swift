import Kubernetes
import SourceText

/// The one maker of commands that give an identity what APISIX needs. They only add: nothing that stands in the cluster
/// loses a right by them, and kubectl refuses none of them.
struct RBACMend {
  /// What APISIX needs.
  let needed: [AccessRequest]
  /// Nil where nobody tells who it is.
  let user: String?
  /// All roles and bindings; nil where they may not be seen.
  let objects: RBACObjects?
  /// Whether an own role may lose what APISIX does not need.
  var narrows = false
  /// Whether the account gets a token Secret, too.
  var makesSecret = false

  /// The objects of `rbac generate`; nil for whoever is no ServiceAccount.
  var options: RBACOptions? {
    guard let account else { return nil }
    let place = ownPlace ?? freePlace(account)
    return RBACOptions(
      name: account.name, namespace: account.namespace, clusterRole: place.role, clusterRoleBinding: place.binding,
      watches: watches, minimal: place.isMinimal, includeSecret: makesSecret)
  }

  /// Lines to paste; nil where it is not known for whom.
  var command: String? {
    if let options { return options.apply }
    guard let user else { return nil }
    let name = freeName("apisix", blind: "apisix:\(Self.path(user))")
    return "\(create(role: name))\nkubectl create clusterrolebinding \(name) --clusterrole=\(name) "
      + "--user=\(Shell.quoted(user))"
  }

  /// YAML; nil for whoever is no ServiceAccount.
  var manifest: String? { options.flatMap { try? RBACManifests($0).yaml } }

  /// Whether it writes over a role of the account's own.
  var isInPlace: Bool { ownPlace != nil }

  /// Makes a role that bindings name and that is not there.
  func create(role: String) -> String {
    let resources = Set(needed.map(\.resource)).sorted()
      .map { $0 == "endpointslices" ? "endpointslices.discovery.k8s.io" : $0 }
    return "kubectl create clusterrole \(Shell.quoted(role)) --verb=list,watch --resource="
      + resources.joined(separator: ",")
  }

  /// Gives the account a role that is there.
  func bind(role: String) -> String? {
    guard let account else { return nil }
    let subject = Shell.quoted("\(account.namespace):\(account.name)")
    return "kubectl create clusterrolebinding \(Shell.quoted(freePlace(account).binding)) "
      + "--clusterrole=\(Shell.quoted(role)) --serviceaccount=\(subject)"
  }

  private var account: ServiceAccount? { user.flatMap(ServiceAccount.init(username:)) }

  private var watches: RBACOptions.Watches {
    let resources = Set(needed.map(\.resource))
    return resources.count == 2 ? .both : resources.contains("endpoints") ? .endpoints : .endpointSlices
  }

  // MARK: names

  private typealias Place = (role: String, binding: String, isMinimal: Bool)

  /// A role that only this account has, by a binding that names nobody else, where writing over it takes nothing away.
  private var ownPlace: Place? {
    guard let objects, let account else { return nil }
    let own = objects.bindings.filter { Self.isOf(account, $0) }
    // The names that `rbac generate` gives come first.
    let bindings = own.filter { $0.namespace == nil }.sorted { $0.name == account.name && $1.name != account.name }
    for binding in bindings where binding.roleKind == "ClusterRole" {
      let users = objects.bindings.filter { $0.roleKind == "ClusterRole" && $0.roleName == binding.roleName }
      guard users.allSatisfy({ Self.isOf(account, $0) }) else { continue }
      guard let role = objects.role(of: binding) else { return (binding.roleName, binding.name, true) }
      guard !role.isBuiltIn, !role.isAggregated else { continue }
      if narrows || keeps(role, ["list", "watch"]) { return (role.name, binding.name, true) }
      if keeps(role, ["get", "list", "watch"]) { return (role.name, binding.name, false) }
    }
    return nil
  }

  private static func isOf(_ account: ServiceAccount, _ binding: RBACBinding) -> Bool {
    guard binding.subjects.count == 1, let subject = binding.subjects.first else { return false }
    return subject.kind == "ServiceAccount" && subject.name == account.name
      && (subject.namespace ?? binding.namespace) == account.namespace
  }

  /// Whether a role of these verbs on what is needed grants all that this one does.
  private func keeps(_ role: RBACRole, _ verbs: Set<String>) -> Bool {
    let wanted = Set(needed.map { "\($0.group)/\($0.resource)" })
    return role.rules.map(\.split).allSatisfy { rule in
      let pairs = rule.groups.flatMap { group in rule.resources.map { (group, $0) } }
      // A rule without resources is about paths.
      return verbs.isSuperset(of: rule.verbs) && !pairs.isEmpty
        && pairs.allSatisfy { wanted.contains("\($0)/\($1)") || Self.isNothing(group: $0, resource: $1) }
    }
  }

  /// There are no such objects.
  private static func isNothing(group: String, resource: String) -> Bool {
    group != "*"
      && (resource == "endpoints" ? group != "" : resource == "endpointslices" && group != "discovery.k8s.io")
  }

  private func freePlace(_ account: ServiceAccount) -> Place {
    let name = freeName(account.name, blind: "\(account.namespace):\(account.name)")
    return (name, name, true)
  }

  /// For a role and a binding. Where they cannot be seen, one that says whose it is and what it grants: nobody else
  /// has it, and the same command gives the same objects.
  private func freeName(_ base: String, blind: String) -> String {
    guard let objects else { return "\(blind):\(watches.rawValue)" }
    let candidates = [base] + (1...99).map { "\(base)-discovery" + ($0 == 1 ? "" : "-\($0)") }
    let taken = Set(
      objects.roles.filter { $0.namespace == nil }.map(\.name)
        + objects.bindings.flatMap { $0.namespace == nil ? [$0.name, $0.roleName] : [$0.roleName] })
    return candidates.first { !taken.contains($0) } ?? "\(blind):\(watches.rawValue)"
  }

  /// As a part of an object's name.
  private static func path(_ user: String) -> String {
    String(user.map { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.:@".contains($0)) ? $0 : "-" })
  }
}
