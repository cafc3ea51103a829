import JSON
import Registries

/// What came of looking at the rights of one identity.
public struct RBACCheck: Sendable {
  public let target: Target
  public internal(set) var identity: TokenCheck.Identified?
  public internal(set) var permissions: [Permission] = []
  /// Where each right that is needed comes from: account, binding, role, rule.
  public internal(set) var chains: [String] = []
  /// Objects that give what is missing and nothing else, as YAML; nil when nothing is missing or too much.
  public internal(set) var manifest: String?

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

  var members: [JSONObject.Member] {
    [
      .init(key: "identity", value: identity?.json ?? .null),
      .init(key: "permissions", value: .array(permissions.map(\.json))),
      .init(key: "manifest", value: manifest.map { .string($0) } ?? .null),
    ]
  }

  /// For people: who, the table, the chains.
  var text: [String] {
    var lines: [String] = []
    if let identity { lines.append("\(target.prefix)\(identity.username) on \(target.connection.server)") }
    let rows =
      [["VERB", "RESOURCE", "SCOPE", "NEEDED", "ALLOWED"]]
      + permissions.map { permission in
        [
          permission.verb,
          permission.group.isEmpty ? permission.resource : "\(permission.resource).\(permission.group)",
          permission.scope, permission.needed ? "yes" : "no", permission.allowed.map { $0 ? "yes" : "no" } ?? "unknown",
        ]
      }
    let widths = (0..<5).map { column in rows.map { $0[column].count }.max() ?? 0 }
    lines += rows.map { row in
      var line = row.enumerated().map { $1 + String(repeating: " ", count: widths[$0] - $1.count) }
        .joined(separator: "  ")
      while line.hasSuffix(" ") { line.removeLast() }
      return line
    }
    return lines + chains
  }
}

extension RBACCheck.Permission {
  fileprivate var json: JSONValue {
    [
      "verb": .string(verb), "group": .string(group), "resource": .string(resource), "scope": .string(scope),
      "needed": .bool(needed), "allowed": allowed.map { .bool($0) } ?? .null,
    ]
  }
}
