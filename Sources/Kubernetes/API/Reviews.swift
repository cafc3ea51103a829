public import JSON

/// What one may ask the API server about oneself.
///
/// Source: Kubernetes' API reference, authentication.k8s.io/v1 and authorization.k8s.io/v1.
public enum SelfSubjectReview {
  public static let path = "/apis/authentication.k8s.io/v1/selfsubjectreviews"
  public static let body: JSONValue = ["apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"]

  /// Who the server says one is; nil when `answer` is no SelfSubjectReview. Servers before 1.28 have none: 403 or 404.
  public static func identity(_ answer: JSONValue) -> Identity? {
    guard answer["kind"]?.string == "SelfSubjectReview", let info = answer["status"]?["userInfo"],
      let username = info["username"]?.string
    else { return nil }
    return Identity(username: username, groups: (info["groups"]?.array ?? []).compactMap(\.string))
  }
}

/// A user as the API server knows it.
public struct Identity: Sendable, Hashable {
  public let username: String
  public let groups: [String]

  public init(username: String, groups: [String]) {
    self.username = username
    self.groups = groups
  }

  public init(_ account: ServiceAccount) {
    self.init(username: account.username, groups: account.groups)
  }

  public var serviceAccount: ServiceAccount? { ServiceAccount(username: username) }
}

public enum SelfSubjectAccessReview {
  public static let path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"

  /// May one do this?
  public static func body(_ request: AccessRequest) -> JSONValue {
    func given(_ text: String?) -> JSONValue? { text.flatMap { $0.isEmpty ? nil : .string($0) } }
    let attributes: JSONObject = [
      "namespace": given(request.namespace), "verb": given(request.verb), "group": given(request.group),
      "resource": given(request.resource), "subresource": given(request.subresource), "name": given(request.name),
    ]
    return [
      "apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview",
      "spec": ["resourceAttributes": .object(attributes)],
    ]
  }

  /// Whether one may; nil when `answer` is no SelfSubjectAccessReview.
  public static func allowed(_ answer: JSONValue) -> Bool? {
    answer["kind"]?.string == "SelfSubjectAccessReview" ? answer["status"]?["allowed"]?.bool : nil
  }
}

extension SelfSubjectAccessReview {
  /// The roles that bindings name and that are not there, by the authorizer's word.
  public static func missingRoles(_ answer: JSONValue) -> [ForbiddenMessage.MissingRole] {
    let words = ["reason", "evaluationError"].compactMap { answer["status"]?[$0]?.string }
    return words.flatMap(ForbiddenMessage.missingRoles(in:))
  }
}

public enum SelfSubjectRulesReview {
  public static let path = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews"

  /// What may one do in a namespace? Rules for the whole cluster are among the answer's.
  public static func body(namespace: String) -> JSONValue {
    [
      "apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectRulesReview",
      "spec": ["namespace": .string(namespace)],
    ]
  }

  public struct Answer: Sendable, Hashable {
    public let rules: [PolicyRule]
    /// An authorizer cannot list its rules, a webhook for one.
    public let isIncomplete: Bool
  }

  /// Nil when `answer` is no SelfSubjectRulesReview.
  public static func answer(_ answer: JSONValue) -> Answer? {
    guard answer["kind"]?.string == "SelfSubjectRulesReview", let status = answer["status"] else { return nil }
    return Answer(
      rules: (status["resourceRules"]?.array ?? []).map(PolicyRule.init),
      isIncomplete: status["incomplete"]?.bool ?? false)
  }
}
