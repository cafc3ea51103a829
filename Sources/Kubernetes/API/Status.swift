public import JSON

/// A `v1` Status: how the API server says that something went wrong.
public struct Status: Sendable, Hashable {
  public let code: Int?
  /// `Unauthorized`, `Forbidden`, `NotFound`, `Expired`
  public let reason: String?
  public let message: String?
  /// The resource in question, from `details`.
  public let resource: String?
  public let group: String?
  public let name: String?
  public let retryAfterSeconds: Int?

  /// Nil when `value` is no Status. The object of a watch event of type ERROR is one.
  public init?(_ value: JSONValue) {
    guard value["kind"]?.string == "Status" else { return nil }
    let details = value["details"]
    code = value["code"]?.int
    reason = value["reason"]?.string
    message = value["message"]?.string
    resource = details?["kind"]?.string
    group = details?["group"]?.string
    name = details?["name"]?.string
    retryAfterSeconds = details?["retryAfterSeconds"]?.int
  }

  public var forbidden: ForbiddenMessage? { message.flatMap(ForbiddenMessage.init) }
}

/// What the message of a 403 says: `endpoints is forbidden: User "u" cannot list resource "endpoints" in API group ""
/// at the cluster scope: RBAC: clusterrole.rbac.authorization.k8s.io "r" not found`.
public struct ForbiddenMessage: Sendable, Hashable {
  public enum Scope: Sendable, Hashable {
    case cluster
    case namespace(String)
  }

  public let user: String
  public let verb: String
  /// With its subresource: `serviceaccounts/token`.
  public let resource: String
  public let group: String
  public let scope: Scope
  /// What the authorizer adds.
  public let detail: String?

  /// Roles that bindings name and that are not there, out of `detail`.
  public var missingRoles: [MissingRole]

  public struct MissingRole: Sendable, Hashable {
    /// `ClusterRole` or `Role`
    public let kind: String
    public let name: String
  }

  /// Nil when `text` is another sort of message. Takes it out of the middle of a log line too.
  public init?(_ text: String) {
    // A log line may hold the message as JSON, its quotes escaped.
    let text = Self.end(of: "User \\\"", in: text[...]) == nil ? text : Self.unescaped(text)
    guard let start = Self.end(of: "User \"", in: text[...]) else { return nil }
    var rest = text[start...]
    guard let user = Self.quoted(&rest), rest.hasPrefix(" cannot ") else { return nil }
    rest = rest.dropFirst(" cannot ".count)
    guard let space = rest.firstIndex(of: " ") else { return nil }
    verb = String(rest[..<space])
    rest = rest[space...]
    guard rest.hasPrefix(" resource \"") else { return nil }
    rest = rest.dropFirst(" resource \"".count)
    guard let resource = Self.quoted(&rest), rest.hasPrefix(" in API group \"") else { return nil }
    rest = rest.dropFirst(" in API group \"".count)
    guard let group = Self.quoted(&rest) else { return nil }
    if rest.hasPrefix(" in the namespace \"") {
      rest = rest.dropFirst(" in the namespace \"".count)
      guard let namespace = Self.quoted(&rest) else { return nil }
      scope = .namespace(namespace)
    } else if rest.hasPrefix(" at the cluster scope") {
      rest = rest.dropFirst(" at the cluster scope".count)
      scope = .cluster
    } else {
      return nil
    }
    self.user = user
    self.resource = resource
    self.group = group
    let detail = rest.hasPrefix(": ") ? String(rest.dropFirst(2)) : ""
    self.detail = detail.isEmpty ? nil : detail
    missingRoles = Self.missingRoles(in: detail)
  }

  private static func missingRoles(in detail: String) -> [MissingRole] {
    var roles: [MissingRole] = []
    for (mark, kind) in [
      ("clusterrole.rbac.authorization.k8s.io \"", "ClusterRole"), ("role.rbac.authorization.k8s.io \"", "Role"),
    ] {
      var rest = detail[...]
      while let end = end(of: mark, in: rest) {
        // `clusterrole.…` ends like `role.…`.
        let before = rest[..<end].dropLast(mark.count)
        rest = rest[end...]
        guard let name = quoted(&rest), rest.hasPrefix(" not found") else { break }
        if kind == "Role", before.hasSuffix("cluster") { continue }
        roles.append(MissingRole(kind: kind, name: name))
      }
    }
    return roles
  }

  /// The text up to the next quote, which is taken too.
  private static func quoted(_ rest: inout Substring) -> String? {
    guard let quote = rest.firstIndex(of: "\"") else { return nil }
    let text = String(rest[..<quote])
    rest = rest[rest.index(after: quote)...]
    return text
  }

  private static func end(of mark: String, in text: Substring) -> Substring.Index? {
    let bytes = Array(mark.utf8)
    var index = text.startIndex
    let utf8 = text.utf8
    while let start = utf8[index...].firstIndex(of: bytes[0]) {
      if utf8[start...].starts(with: bytes) { return utf8.index(start, offsetBy: bytes.count) }
      index = utf8.index(after: start)
    }
    return nil
  }

  private static func unescaped(_ text: String) -> String {
    var result = ""
    var escaped = false
    for character in text {
      if character == "\\", !escaped {
        escaped = true
      } else {
        result.append(character)
        escaped = false
      }
    }
    return result
  }
}
