import Common
import Findings
import Kubernetes

enum NamespacedRole {
  static func check(_ binding: Manifest, in project: Project) -> Finding? {
    guard binding.kind == "RoleBinding", let reference = binding.object["roleRef"] else { return nil }
    let cluster = project.cluster
    guard let role = cluster.role(of: binding), project.isForAPISIX(role)
    else { return nil }
    let granted = APIResource.ofDiscovery.filter { role.grants("list", $0) || role.grants("watch", $0) }
    // In a wrong group they are granted to nobody yet.
    let meant = APIResource.ofDiscovery.filter { resource in role.rules.contains { $0.means(resource) } }
    guard let resource = granted.first ?? meant.first else { return nil }
    let users = binding.accountSubjects.compactMap(\.username)
    let everywhere = users.contains { user in
      cluster.clusterWideRoles(of: user).contains { other in
        other.grants("list", resource) || granted.isEmpty && other.rules.contains { $0.means(resource) }
      }
    }
    // A ClusterRoleBinding of a role outside the run may be what is needed.
    let unknown = users.contains { cluster.clusterBindings[$0] != nil }
    guard !everywhere, !unknown else { return nil }
    let grants = granted.isEmpty ? "would grant" : "grants"
    return reference.finding(
      BindingRules.namespacedRole,
      "this binding \(grants) \(resource.name) in one namespace only; APISIX lists them in the whole cluster",
      help: "use a ClusterRole with a ClusterRoleBinding; see gatecheck rbac generate")
  }
}
