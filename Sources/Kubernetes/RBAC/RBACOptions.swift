/// What `rbac generate` is asked for.
public struct RBACOptions: Sendable, Hashable {
  /// What APISIX reads its nodes from.
  public enum Watches: String, Sendable, Hashable, CaseIterable {
    case endpoints
    case endpointSlices = "endpointslices"
    case both
  }

  /// The ServiceAccount, and every other object that is given no name of its own.
  public var name: String
  public var namespace: String
  public var clusterRole: String
  public var clusterRoleBinding: String
  public var secretName: String
  public var watches: Watches
  /// Only `list` and `watch`, which is all that APISIX uses; else `get` too, as its documentation has it.
  public var minimal: Bool
  public var includeSecret: Bool
  /// Of every object. Written in the order of their keys.
  public var labels, annotations: [String: String]

  /// Names left nil follow `name`; the Secret is then `NAME-token`.
  public init(
    name: String = "apisix", namespace: String = "default", clusterRole: String? = nil,
    clusterRoleBinding: String? = nil, secretName: String? = nil, watches: Watches = .endpoints,
    minimal: Bool = false, includeSecret: Bool = true, labels: [String: String] = [:],
    annotations: [String: String] = [:]
  ) {
    self.name = name
    self.namespace = namespace
    self.clusterRole = clusterRole ?? name
    self.clusterRoleBinding = clusterRoleBinding ?? name
    self.secretName = secretName ?? name + "-token"
    self.watches = watches
    self.minimal = minimal
    self.includeSecret = includeSecret
    self.labels = labels
    self.annotations = annotations
  }

  /// In the order of their keys.
  public static func ordered(_ pairs: [String: String]) -> [(key: String, value: String)] {
    pairs.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
  }

  /// One thing that Kubernetes would refuse.
  public struct Problem: Error, Sendable, Hashable {
    public enum Field: String, Sendable, Hashable {
      case name
      case namespace
      case clusterRole = "cluster-role"
      case clusterRoleBinding = "cluster-role-binding"
      case secretName = "secret-name"
      case label
      case annotation
    }

    /// The option, by the name of its flag.
    public let field: Field
    public let value: String
    /// Follows the value: `has upper-case letters; …`.
    public let reason: String

    /// One line, without a final full stop: `--name "Apisix" has upper-case letters; …`.
    public var message: String { "--\(field.rawValue) \(YAMLScalar.quoted(value)) \(reason)" }
  }

  /// The annotation by which Kubernetes finds the account of a token Secret.
  static let accountAnnotation = "kubernetes.io/service-account.name"

  /// All that Kubernetes would refuse, in the order of the fields; empty when these options can be used.
  public func problems() -> [Problem] {
    var problems: [Problem] = []
    func check(_ field: Problem.Field, _ value: String, _ objection: String?) {
      if let objection { problems.append(Problem(field: field, value: value, reason: objection)) }
    }
    check(.name, name, NameRule.subdomain.objection(to: name))
    check(.namespace, namespace, NameRule.label.objection(to: namespace))
    check(.clusterRole, clusterRole, NameRule.pathSegment.objection(to: clusterRole))
    check(.clusterRoleBinding, clusterRoleBinding, NameRule.pathSegment.objection(to: clusterRoleBinding))
    if includeSecret { check(.secretName, secretName, NameRule.subdomain.objection(to: secretName)) }
    for label in Self.ordered(labels) {
      let objection =
        LabelSyntax.objection(toKey: label.key)
        ?? LabelSyntax.objection(toLabelValue: label.value).map { "has a value that \($0)" }
      check(.label, label.key, objection)
    }
    for annotation in Self.ordered(annotations) {
      let reserved = annotation.key == Self.accountAnnotation ? "is set by gatecheck itself" : nil
      check(.annotation, annotation.key, LabelSyntax.objection(toKey: annotation.key.lowercased()) ?? reserved)
    }
    return problems
  }
}
