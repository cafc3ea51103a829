import Findings
import Kubernetes

enum Subjects {
  static let namespaceMissing: Rule = """
    rbac/subject-namespace-missing (error): A ServiceAccount subject has no namespace
    Checks: The subjects of kind ServiceAccount in a ClusterRoleBinding. Where a kustomization takes the file in, or \
    stands beside it, it is silent: that may fill the namespace in. In a RoleBinding the subject is of the binding's \
    own namespace then, which is right.
    Why: ServiceAccounts are told apart by namespace and name. The API server refuses the binding: \
    `subjects[0].namespace: Required value`.
    Example:
    kind: ClusterRoleBinding
    subjects:
      - kind: ServiceAccount
        name: apisix-test
    Fix: kind: ClusterRoleBinding
    subjects:
      - kind: ServiceAccount
        name: apisix-test
        namespace: default
    zh: ServiceAccount 类型的 subject 没有写命名空间
    Checks: ClusterRoleBinding 中类型为 ServiceAccount 的 subjects。如果文件被 kustomization 引用，或者旁边就有 \
    kustomization，则不报告，因为命名空间可能由它补上。RoleBinding 里不写则取绑定自己的命名空间，这是正确的。
    Why: ServiceAccount 由命名空间和名称共同确定。API Server 会拒绝这个绑定：`subjects[0].namespace: Required value`。
    """

  static let hasAPIGroup: Rule = """
    rbac/subject-api-group (error): A ServiceAccount subject has an apiGroup
    Checks: apiGroup of subjects of kind ServiceAccount. It must be absent or empty; only User and Group subjects have \
    one.
    Why: ServiceAccounts are of the core group. The API server refuses the binding: `subjects[0].apiGroup: Unsupported \
    value`.
    Example:
    subjects:
      - kind: ServiceAccount
        apiGroup: rbac.authorization.k8s.io
        name: apisix-test
        namespace: default
    Fix: subjects:
      - kind: ServiceAccount
        name: apisix-test
        namespace: default
    """

  static let clusterBindingOfRole: Rule = """
    rbac/cluster-binding-of-role (error): A ClusterRoleBinding refers to a Role
    Checks: roleRef.kind of a ClusterRoleBinding.
    Why: A ClusterRoleBinding can bind a ClusterRole only. The API server refuses it: `roleRef.kind: Unsupported \
    value: "Role"`.
    Example:
    kind: ClusterRoleBinding
    roleRef:
      kind: Role
      name: apisix-test
    Fix: kind: ClusterRoleBinding
    roleRef:
      kind: ClusterRole
      name: apisix-test
    """

  static let rules = [namespaceMissing, hasAPIGroup, clusterBindingOfRole]

  static func check(_ binding: Manifest, in project: Project) -> [Finding] {
    var findings: [Finding] = []
    if binding.kind == "ClusterRoleBinding", let kind = binding.object["roleRef"]?["kind"], kind.string == "Role" {
      findings += kind.finding(
        clusterBindingOfRole, "a ClusterRoleBinding cannot bind a Role",
        help: "make it a ClusterRole, here and where it is defined",
        fix: kind.replacing(with: "ClusterRole", safe: false))
    }
    for subject in binding.accountSubjects {
      if let group = subject.field["apiGroup"], let text = group.string, !text.isEmpty, !text.isTemplated {
        findings += group.finding(
          hasAPIGroup, "a ServiceAccount subject has no apiGroup; the API server refuses \(text)",
          help: "leave apiGroup out", fix: group.replacing(withYAML: "\"\""))
      }
      if binding.kind == "ClusterRoleBinding", subject.field["namespace"]?.string ?? "" == "",
        !project.cluster.kustomizations.mayChange(binding.object.file)
      {
        let home = (project.cluster.accounts[subject.name ?? ""] ?? []).compactMap(\.namespace)
        findings += (subject.field["name"] ?? subject.field).finding(
          namespaceMissing, "subject \(subject.name ?? "") has no namespace; the API server refuses the binding",
          help: "add namespace: \(home.first.map(YAMLScalar.written) ?? "and the account's namespace")")
      }
    }
    return findings
  }
}
