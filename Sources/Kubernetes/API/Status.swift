public import JSON
import SourceText

/// A `v1` Status: how the API server says that something went wrong.
public struct Status: Sendable, Hashable {
  /// `Unauthorized`, `Forbidden`, `NotFound`, `Expired`
  public let reason: String?
  public let message: String?
  /// The resource in question, from `details`.
  public let resource: String?
  public let group: String?
  public let name: String?

  /// Nil when `value` is no Status. The object of a watch event of type ERROR is one.
  public init?(_ value: JSONValue) {
    guard value["kind"]?.string == "Status" else { return nil }
    let details = value["details"]
    reason = value["reason"]?.string
    message = value["message"]?.string
    resource = details?["kind"]?.string
    group = details?["group"]?.string
    name = details?["name"]?.string
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
    let text = text.has("User \\\"") ? Self.unescaped(text) : text
    guard let start = text.firstBytes(of: "User \"")?.upperBound else { return nil }
    var rest = text.utf8[start...]
    /// Whether these words come next; they are passed.
    func passes(_ words: StaticString) -> Bool {
      let count = words.utf8CodeUnitCount
      guard rest.starts(with: UnsafeBufferPointer(start: words.utf8Start, count: count)) else { return false }
      rest = rest.dropFirst(count)
      return true
    }
    guard let user = Self.quoted(&rest), passes(" cannot "), let space = rest.firstIndex(of: 0x20) else { return nil }
    verb = String(Substring(rest[..<space]))
    rest = rest[space...]
    guard passes(" resource \""), let resource = Self.quoted(&rest), passes(" in API group \""),
      let group = Self.quoted(&rest)
    else { return nil }
    if passes(" in the namespace \"") {
      guard let namespace = Self.quoted(&rest) else { return nil }
      scope = .namespace(namespace)
    } else if passes(" at the cluster scope") {
      scope = .cluster
    } else {
      return nil
    }
    self.user = user
    self.resource = resource
    self.group = group
    let detail = passes(": ") ? String(Substring(rest)) : ""
    self.detail = detail.isEmpty ? nil : detail
    missingRoles = Self.missingRoles(in: detail)
  }

  /// Out of what the authorizer adds, in a message or a review.
  public static func missingRoles(in detail: String) -> [MissingRole] {
    var roles: [MissingRole] = []
    for (mark, kind) in [
      ("clusterrole.rbac.authorization.k8s.io \"", "ClusterRole"), ("role.rbac.authorization.k8s.io \"", "Role"),
    ] {
      var rest = detail[...]
      while let found = rest.firstBytes(of: mark) {
        // `clusterrole.…` ends like `role.…`.
        let before = rest[..<found.lowerBound]
        var name = rest[found.upperBound...].utf8
        guard let text = quoted(&name) else { break }
        rest = Substring(name)
        guard rest.hasPrefix(" not found") else { break }
        if kind == "Role", before.hasSuffix("cluster") { continue }
        roles.append(MissingRole(kind: kind, name: text))
      }
    }
    return roles
  }

  /// The text up to the next quote, which is taken too.
  private static func quoted(_ rest: inout Substring.UTF8View) -> String? {
    guard let quote = rest.firstIndex(of: UInt8(ascii: "\"")) else { return nil }
    let text = String(Substring(rest[..<quote]))
    rest = rest[rest.index(after: quote)...]
    return text
  }

  private static func unescaped(_ text: String) -> String {
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var escaped = false
    for byte in bytes {
      escaped = byte == UInt8(ascii: "\\") && !escaped
      if !escaped { result.append(byte) }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
