public import Findings

/// What is wrong with bindings: in manifests, and in a cluster.
public enum BindingRules {
  public static let roleNotFound = Rule(
    id: "rbac/role-not-found", severity: .warning,
    summary: "A binding names a role that is not there, and one of nearly the same name is",
    checks: "roleRef.name of a binding in the run against the roles in the run. It speaks only when the name is not "
      + "there, a role of nearly the same name is, and no binding uses that one. On a live cluster it is the API "
      + "server's own word.",
    why: "A binding to a role that does not exist is accepted and grants nothing; the 403 then ends in `clusterrole "
      + "... not found`. roleRef cannot be changed later: the binding must be deleted and made anew.",
    example: """
      roleRef:
        kind: ClusterRole
        name: apsisix-test   # the role is apisix-test
      """,
    fix: """
      roleRef:
        kind: ClusterRole
        name: apisix-test
      """)

  public static let subjectNotFound = Rule(
    id: "rbac/subject-not-found", severity: .warning,
    summary: "A binding names an account that is not there, and one like it is",
    checks: "ServiceAccount subjects of bindings against the ServiceAccounts in the run: the same name in another "
      + "namespace, or nearly the same name, which no binding uses.",
    why: "A binding to an account that does not exist is accepted. The account that APISIX runs with then has no "
      + "permission: 403 Forbidden.",
    example: """
      kind: ServiceAccount
      metadata:
        name: apisix-test
        namespace: default
      ---
      kind: ClusterRoleBinding
      subjects:
        - kind: ServiceAccount
          name: apisix-test
          namespace: apisix
      """,
    fix: """
      subjects:
        - kind: ServiceAccount
          name: apisix-test
          namespace: default
      """)

  public static let namespacedRole = Rule(
    id: "rbac/namespaced-role", severity: .error, summary: "APISIX needs a ClusterRole, not a Role",
    checks:
      "A RoleBinding that gives list or watch on endpoints or endpointslices to APISIX's account, when nothing in "
      + "the run gives it the same everywhere.",
    why: "APISIX always lists at cluster scope, also with `namespace_selector.equal`, which is only a filter. A grant "
      + "within one namespace does not cover that: `cannot list resource \"endpoints\" ... at the cluster scope`.",
    example: """
      kind: RoleBinding
      roleRef:
        kind: Role
        name: apisix-discovery
      subjects:
        - kind: ServiceAccount
          name: apisix
          namespace: apisix
      """,
    fix: "gatecheck rbac generate --name apisix --namespace apisix")
}
