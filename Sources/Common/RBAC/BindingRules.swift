public import Findings

/// What is wrong with bindings: in manifests, and in a cluster.
public enum BindingRules {
  public static let roleNotFound: Rule = """
    rbac/role-not-found (warning): A binding names a role that is not there, and one of nearly the same name is
    Checks: roleRef.name of a binding in the run against the roles in the run. It speaks only when the name is not \
    there, a role of nearly the same name is, and no binding uses that one. On a live cluster it is the API server's \
    own word.
    Why: A binding to a role that does not exist is accepted and grants nothing; the 403 then ends in `clusterrole ... \
    not found`. roleRef cannot be changed later: the binding must be deleted and created again.
    Example:
    roleRef:
      kind: ClusterRole
      name: apsisix-test   # the role is apisix-test
    Fix: roleRef:
      kind: ClusterRole
      name: apisix-test
    """

  public static let subjectNotFound: Rule = """
    rbac/subject-not-found (warning): A binding names an account that is not there, and one like it is
    Checks: ServiceAccount subjects of bindings against the ServiceAccounts in the run: the same name in another \
    namespace, or nearly the same name, which no binding uses.
    Why: A binding to an account that does not exist is accepted. The account that APISIX runs with then has no \
    permission: 403 Forbidden.
    Example:
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
    Fix: subjects:
      - kind: ServiceAccount
        name: apisix-test
        namespace: default
    """

  public static let namespacedRole: Rule = """
    rbac/namespaced-role (error): APISIX needs a ClusterRole, not a Role
    Checks: A RoleBinding that gives list or watch on endpoints or endpointslices to APISIX's account, when nothing in \
    the run gives it the same everywhere.
    Why: APISIX always lists at cluster scope, also with `namespace_selector.equal`, which is only a filter. A grant \
    within one namespace does not cover that: `cannot list resource "endpoints" ... at the cluster scope`.
    Example:
    kind: RoleBinding
    roleRef:
      kind: Role
      name: apisix-discovery
    subjects:
      - kind: ServiceAccount
        name: apisix
        namespace: apisix
    Fix: gatecheck rbac generate --name apisix --namespace apisix
    zh: APISIX 需要的是 ClusterRole，不是 Role
    Checks: 用 RoleBinding 给 APISIX 的账号授予 endpoints 或 endpointslices 的 list、watch 权限，而本次检查的文件里\
    没有在全集群范围内授予同样的权限。
    Why: APISIX 总是在集群范围内 list，写了 `namespace_selector.equal` 也一样，它只是过滤条件。单个命名空间内的授权\
    不够用：`cannot list resource "endpoints" ... at the cluster scope`。
    """
}
