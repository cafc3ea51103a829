import Findings
public import JSON
import Registries

extension RBACAnswer {
  /// Who may what, in tables.
  public var preface: [String] { checks.flatMap(\.text) }

  /// The members of the JSON document.
  public var members: JSONObject {
    guard hasSeveral else { return checks.first?.members ?? Self.empty }
    let clusters = checks.map { JSONValue.object($0.target.members + $0.members) }
    return ["identity": .null, "permissions": [], "clusters": .array(clusters)]
  }

  /// What the document has where there is nothing to tell of one identity.
  public static let empty: JSONObject = ["identity": .null, "permissions": [], "manifest": .null]
}

extension Target {
  /// Which of several clusters it is.
  var members: JSONObject { ["id": .string(id ?? ""), "server": .string(endpoint.server)] }
}

extension RBACCheck {
  fileprivate var members: JSONObject {
    [
      "identity": identity?.json ?? .null, "permissions": .array(permissions.map(\.json)),
      "manifest": JSONValue(manifest),
    ]
  }

  /// For people: who, the table, the chains.
  fileprivate var text: [String] {
    let isKnown = identity != nil || !permissions.isEmpty
    let who = isKnown ? "\(target.prefix)\(user) on \(target.endpoint.server)" : nil
    let rows = permissions.map { permission in
      [
        permission.verb, permission.resource + (permission.group.isEmpty ? "" : ".\(permission.group)"),
        permission.scope, permission.needed ? "yes" : "no", permission.allowed.map { $0 ? "yes" : "no" } ?? "unknown",
      ]
    }
    return [who].compactMap { $0 }
      + TextTable([["VERB", "RESOURCE", "SCOPE", "NEEDED", "ALLOWED"]] + rows).lines + chains
  }
}

extension RBACCheck.Permission {
  fileprivate var json: JSONValue {
    [
      "verb": .string(verb), "group": .string(group), "resource": .string(resource), "scope": .string(scope),
      "needed": .bool(needed), "allowed": JSONValue(allowed),
    ]
  }
}
