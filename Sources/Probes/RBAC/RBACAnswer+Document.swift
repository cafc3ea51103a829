import Findings
public import JSON
import Registries

extension RBACAnswer {
  public var preface: [String] { checks.flatMap(\.text) }

  /// The members of the JSON document.
  public var members: [JSONObject.Member] {
    guard hasSeveral else {
      return checks.first?.members ?? [
        .init(key: "identity", value: .null), .init(key: "permissions", value: []),
        .init(key: "manifest", value: .null),
      ]
    }
    let clusters = checks.map { check in
      let place: [JSONObject.Member] = [
        .init(key: "id", value: .string(check.target.id ?? "")),
        .init(key: "server", value: .string(check.target.connection.server)),
      ]
      return JSONValue.object(JSONObject(place + check.members))
    }
    return [
      .init(key: "identity", value: .null), .init(key: "permissions", value: []),
      .init(key: "clusters", value: .array(clusters)),
    ]
  }
}

extension RBACCheck {
  fileprivate var members: [JSONObject.Member] {
    [
      .init(key: "identity", value: identity?.json ?? .null),
      .init(key: "permissions", value: .array(permissions.map(\.json))),
      .init(key: "manifest", value: manifest.map { .string($0) } ?? .null),
    ]
  }

  /// For people: who, the table, the chains.
  fileprivate var text: [String] {
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
    return lines + TextTable.lines(rows) + chains
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
