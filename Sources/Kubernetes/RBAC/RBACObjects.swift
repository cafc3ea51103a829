public import JSON

/// One rule of a role: every verb on every resource of every group it names.
public struct PolicyRule: Sendable, Hashable {
  public let verbs: [String]
  public let groups: [String]
  public let resources: [String]
  /// Empty: objects of any name.
  public let resourceNames: [String]

  public init(verbs: [String], groups: [String], resources: [String], resourceNames: [String] = []) {
    self.verbs = verbs
    self.groups = groups
    self.resources = resources
    self.resourceNames = resourceNames
  }

  /// From one item of a role's `rules`, or of the `resourceRules` of a SelfSubjectRulesReview.
  public init(_ value: JSONValue) {
    func strings(_ key: String) -> [String] { (value[key]?.array ?? []).compactMap(\.string) }
    verbs = strings("verbs")
    groups = strings("apiGroups")
    resources = strings("resources")
    resourceNames = strings("resourceNames")
  }
}

/// A ClusterRole, or a Role when it has a namespace.
public struct RBACRole: Sendable, Hashable {
  public let name: String
  /// Nil for a ClusterRole.
  public let namespace: String?
  /// Of an aggregated ClusterRole: what its controller has written into it, as the API server judges too.
  public let rules: [PolicyRule]
  /// Of an aggregated ClusterRole: the labels, `key=value` or as an expression, by which its controller collects rules.
  public let collectsBy: [String]?
  /// One of Kubernetes' own, which an API server restores when it starts.
  public let isBuiltIn: Bool

  public var isAggregated: Bool { collectsBy != nil }
  public var kind: String { namespace == nil ? "ClusterRole" : "Role" }
}

/// A ClusterRoleBinding, or a RoleBinding when it has a namespace.
public struct RBACBinding: Sendable, Hashable {
  public let name: String
  public let namespace: String?
  /// `ClusterRole` or `Role`
  public let roleKind: String
  public let roleName: String
  public let subjects: [Subject]

  public struct Subject: Sendable, Hashable {
    /// `ServiceAccount`, `User` or `Group`
    public let kind: String
    public let name: String
    public let namespace: String?
    public let apiGroup: String?
  }

  public var kind: String { namespace == nil ? "ClusterRoleBinding" : "RoleBinding" }
}

/// The roles and bindings of a cluster or of a set of manifests.
public struct RBACObjects: Sendable {
  public private(set) var roles: [RBACRole] = []
  public private(set) var bindings: [RBACBinding] = []

  public init() {}

  /// Takes roles and bindings out of objects and lists of objects; everything else is passed over.
  /// - Parameter defaultNamespace: for Roles and RoleBindings that name none, as kubectl's `-n`.
  public init(_ objects: [JSONValue], defaultNamespace: String = "default") {
    for object in objects { add(object, defaultNamespace) }
  }

  private mutating func add(_ object: JSONValue, _ defaultNamespace: String) {
    let kind = object["kind"]?.string ?? ""
    if kind.hasSuffix("List") {
      // Items of a typed list carry no kind of their own.
      let itemKind = kind == "List" ? nil : String(kind.dropLast(4))
      for item in object["items"]?.array ?? [] {
        let itemKind = item["kind"]?.string ?? itemKind ?? ""
        if !itemKind.hasSuffix("List") { add(item, kind: itemKind, defaultNamespace) }
      }
    } else {
      add(object, kind: kind, defaultNamespace)
    }
  }

  private mutating func add(_ object: JSONValue, kind: String, _ defaultNamespace: String) {
    let name = object["metadata"]?["name"]?.string ?? ""
    let namespace = kind.hasPrefix("Cluster") ? nil : object["metadata"]?["namespace"]?.string ?? defaultNamespace
    switch kind {
    case "ClusterRole", "Role":
      let labels = object["metadata"]?["labels"]
      roles.append(
        RBACRole(
          name: name, namespace: namespace, rules: (object["rules"]?.array ?? []).map(PolicyRule.init),
          collectsBy: object["aggregationRule"]?.object != nil ? Self.labels(of: object["aggregationRule"]) : nil,
          isBuiltIn: name.hasPrefix("system:") || labels?["kubernetes.io/bootstrapping"] != nil))
    case "ClusterRoleBinding", "RoleBinding":
      let subjects = (object["subjects"]?.array ?? []).map {
        RBACBinding.Subject(
          kind: $0["kind"]?.string ?? "", name: $0["name"]?.string ?? "", namespace: $0["namespace"]?.string,
          apiGroup: $0["apiGroup"]?.string)
      }
      bindings.append(
        RBACBinding(
          name: name, namespace: namespace, roleKind: object["roleRef"]?["kind"]?.string ?? "",
          roleName: object["roleRef"]?["name"]?.string ?? "", subjects: subjects))
    default: break
    }
  }

  private static func labels(of rule: JSONValue?) -> [String] {
    (rule?["clusterRoleSelectors"]?.array ?? []).flatMap { selector in
      let pairs = (selector["matchLabels"]?.object?.members ?? []).map { "\($0.key)=\($0.value.string ?? "")" }
      let expressions = (selector["matchExpressions"]?.array ?? []).map { expression in
        let values = (expression["values"]?.array ?? []).compactMap(\.string).joined(separator: ", ")
        return "\(expression["key"]?.string ?? "") \(expression["operator"]?.string ?? "")"
          + (values.isEmpty ? "" : " (\(values))")
      }
      return pairs + expressions
    }
  }

  /// The same without these bindings.
  public func without(_ removed: [RBACBinding]) -> RBACObjects {
    var objects = self
    objects.bindings.removeAll { removed.contains($0) }
    return objects
  }

  /// The role that a binding names; nil when it is not there.
  public func role(of binding: RBACBinding) -> RBACRole? {
    let namespace = binding.roleKind == "Role" ? binding.namespace : nil
    return roles.first { $0.name == binding.roleName && $0.kind == binding.roleKind && $0.namespace == namespace }
  }
}
