import TestSupport

/// The objects of one installation, and what lint says of files.
enum Installation {
  static let account = """
    apiVersion: v1
    kind: ServiceAccount
    metadata: {name: apisix}

    """
  static let role = """
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRole
    metadata: {name: apisix}
    rules: [{apiGroups: [""], resources: [endpoints], verbs: [list, watch]}]

    """
  static let binding = """
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRoleBinding
    metadata: {name: apisix}
    roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: apisix}
    subjects: [{kind: ServiceAccount, name: apisix}]

    """
  static let secret = """
    apiVersion: v1
    kind: Secret
    metadata:
      name: apisix-token
      annotations: {kubernetes.io/service-account.name: apisix}
    type: kubernetes.io/service-account-token

    """
  static let base = ["sa.yaml": account, "role.yaml": role, "crb.yaml": binding, "secret.yaml": secret]
  static let resources = "resources: [sa.yaml, role.yaml, crb.yaml, secret.yaml]\n"

  /// What lint says of a folder, a line a finding; of some of its files where these are named.
  static func lint(_ files: [String: String], _ arguments: String...) throws -> [String] {
    let folder = try Folder(files)
    return try gatecheck(["lint", "-q", "-o", "short"] + arguments, in: folder.path).output
      .split(separator: "\n").map(String.init)
  }

  static func below(_ folder: String, _ files: [String: String]) -> [String: String] {
    Dictionary(uniqueKeysWithValues: files.map { ("\(folder)/\($0)", $1) })
  }
}
