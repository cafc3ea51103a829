import Findings

/// Source: the API server's validation of bindings.
enum BindingRefused {
  static let rule: Rule = """
    rbac/binding-refused (error): The API server refuses a word of the binding
    Checks: The kind and the apiGroup of roleRef, and those of subjects, in a ClusterRoleBinding and a RoleBinding. \
    A Role in a ClusterRoleBinding is rbac/cluster-binding-of-role, the apiGroup of a ServiceAccount \
    rbac/subject-api-group.
    Why: Upper and lower case count, and an apiGroup is a group alone, without a version. The API server refuses the \
    binding: `roleRef.apiGroup: Unsupported value`; nobody gets the role, and APISIX gets 403 Forbidden.
    Example:
    roleRef:
      apiGroup: rbac.authorization.k8s.io/v1
      kind: Clusterrole
      name: apisix-test
    Fix: roleRef:
      apiGroup: rbac.authorization.k8s.io
      kind: ClusterRole
      name: apisix-test
    """

  private static let group = "rbac.authorization.k8s.io"

  static func check(_ binding: Manifest) -> [Finding] {
    let roles = binding.kind == "RoleBinding" ? ["ClusterRole", "Role"] : ["ClusterRole"]
    let reference = binding.object["roleRef"]
    var findings: [Finding] = []
    // A Role that a ClusterRoleBinding names is told elsewhere.
    findings += reference?["kind"].flatMap { $0.string == "Role" ? nil : wrong($0, "roleRef.kind", roles) }
    findings += reference?["apiGroup"].flatMap { wrong($0, "roleRef.apiGroup", [group]) }
    for subject in binding.object["subjects"]?.items ?? [] {
      guard let kind = subject["kind"] else { continue }
      findings += wrong(kind, "the kind of this subject", ["ServiceAccount", "User", "Group"])
      guard kind.string == "User" || kind.string == "Group" else { continue }
      findings += subject["apiGroup"].flatMap { wrong($0, "the apiGroup of this subject", [group]) }
    }
    return findings
  }

  private static func wrong(_ field: Field, _ name: String, _ right: [String]) -> Finding? {
    guard let text = field.string, !text.isEmpty, !text.isTemplated, !right.contains(text) else { return nil }
    let meant =
      right.first { $0.lowercased() == text.lowercased() } ?? nearest(text, among: right)
      ?? (right.count == 1 ? right[0] : nil)
    return field.finding(
      rule, "\(name) is '\(text)'; the API server accepts only \(right.joined(separator: ", "))",
      help: "write \(meant ?? right.joined(separator: " or "))",
      fix: meant.flatMap {
        field.replacing(with: $0, safe: $0.lowercased() == text.lowercased() || text.hasPrefix($0 + "/"))
      })
  }
}
