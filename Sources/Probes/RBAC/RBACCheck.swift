/// What came of looking at the rights of one identity.
public struct RBACCheck: Sendable {
  public let target: Target
  public internal(set) var identity: TokenCheck.Identified?
  public internal(set) var permissions: [Permission] = []
  /// Where each right that is needed comes from: account, binding, role, rule.
  public internal(set) var chains: [String] = []
  /// Objects that give what is missing and nothing else, as YAML; nil when nothing is missing or too much.
  public internal(set) var manifest: String?

  /// For people.
  var user: String { identity?.username ?? target.anybody }

  public struct Permission: Sendable, Hashable {
    public let verb: String
    public let group: String
    public let resource: String
    /// `cluster`, or a namespace.
    public let scope: String
    public let needed: Bool
    /// Nil where neither the server nor its roles and bindings tell.
    public let allowed: Bool?
  }
}
