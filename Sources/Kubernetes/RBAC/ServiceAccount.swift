/// A ServiceAccount and the names under which the API server knows it.
public struct ServiceAccount: Sendable, Hashable {
  public let namespace: String
  public let name: String

  public init(namespace: String, name: String) {
    self.namespace = namespace
    self.name = name
  }

  /// From `system:serviceaccount:NAMESPACE:NAME`; nil for any other user.
  public init?(username: String) {
    let parts = username.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 4, parts[0] == "system", parts[1] == "serviceaccount", !parts[2].isEmpty, !parts[3].isEmpty
    else { return nil }
    self.init(namespace: String(parts[2]), name: String(parts[3]))
  }

  public var username: String { "system:serviceaccount:\(namespace):\(name)" }

  /// The groups it is in, without any cluster asked.
  public var groups: [String] {
    ["system:serviceaccounts", "system:serviceaccounts:\(namespace)", "system:authenticated"]
  }
}
