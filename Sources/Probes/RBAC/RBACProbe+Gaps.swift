import Findings
import Kubernetes

/// What is missing, where the chain breaks, and what closes the gap.
extension RBACProbe {
  mutating func explainGaps(_ identity: Identity, _ objects: RBACObjects?) {
    let missing = missing
    guard !missing.isEmpty else { return }
    let account = identity.serviceAccount
    if let objects, let administrator {
      findings += administrator.breaks(missing, for: identity, in: objects, prefix: target.prefix)
    }
    let fix = mend(account, objects)
    check.manifest = fix.manifest
    for (index, request) in missing.enumerated() {
      let rule = request.verb == "list" ? RBACRules.listMissing : RBACRules.watchMissing
      findings += server.finding(
        rule, "\(user) may not \(request.verb) \(request.resource) in the whole cluster",
        help: index == 0 ? fix.command : "the same manifest grants it")
    }
  }

  struct Mend {
    /// What to paste.
    let command: String
    /// Nil for identities that rbac generate makes no objects for.
    let manifest: String?
  }

  /// The narrowest objects that give what is needed, under names that touch nobody else's.
  func mend(_ account: ServiceAccount?, _ objects: RBACObjects? = nil) -> Mend {
    let resources = Set(needed.map(\.resource))
    guard let account else { return Mend(command: kubectl(resources), manifest: nil) }
    let watches: RBACOptions.Watches =
      resources.count == 2 ? .both : resources.contains("endpoints") ? .endpoints : .endpointSlices
    let names = Self.names(for: account, objects)
    let options = RBACOptions(
      name: account.name, namespace: account.namespace, clusterRole: names.role, clusterRoleBinding: names.binding,
      watches: watches, minimal: true, includeSecret: false)
    return Mend(command: options.command + " | kubectl apply -f -", manifest: try? RBACManifests(options).yaml)
  }

  /// A ClusterRole and a binding of it that are free, or already only this account's: applying over another's role
  /// would change that one's rights, and a binding's roleRef cannot be changed.
  private static func names(for account: ServiceAccount, _ objects: RBACObjects?) -> (role: String, binding: String) {
    guard let objects else { return (account.name, account.name) }
    let identity = Identity(account)
    let own = Set(objects.bindings(for: identity).map { $0.binding.kind + " " + $0.binding.name })
    let candidates = [account.name] + (1...9).map { "\(account.name)-discovery" + ($0 == 1 ? "" : "-\($0)") }
    let role = candidates.first { name in
      let bindings = objects.bindings.filter { $0.roleKind == "ClusterRole" && $0.roleName == name }
      let isThere = objects.roles.contains { $0.namespace == nil && $0.name == name }
      return bindings.isEmpty
        ? !isThere : bindings.allSatisfy { own.contains($0.kind + " " + $0.name) && $0.subjects.count == 1 }
    }
    let name = role ?? account.name
    let binding = candidates.first { candidate in
      objects.bindings.first { $0.namespace == nil && $0.name == candidate }.map { $0.roleName == name } ?? true
    }
    return (name, binding ?? account.name)
  }

  private func kubectl(_ resources: Set<String>) -> String {
    let named = resources.sorted().map { $0 == "endpointslices" ? "endpointslices.discovery.k8s.io" : $0 }
    return """
      kubectl create clusterrole apisix --verb=list,watch --resource=\(named.joined(separator: ","))
      kubectl create clusterrolebinding apisix --clusterrole=apisix --user=\(Shell.quoted(user))
      """
  }
}
