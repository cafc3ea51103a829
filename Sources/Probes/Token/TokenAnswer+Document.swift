import APISIX
import HTTP
import Inputs
public import JSON
import Kubernetes
import Registries

extension TokenAnswer {
  /// One line for each target that works; "ok" where APISIX gets as far as asking it.
  public var preface: [String] {
    checks.filter(\.works).map { check in
      let user = check.identity?.username ?? check.target.anybody
      let kind = check.target.settings.source == .endpoints ? "endpoints" : "endpointslices"
      let version = check.serverVersion.map { " (Kubernetes \($0))" } ?? ""
      return (starts ? "ok: " : "") + check.target.prefix + user
        + " may list and watch \(kind) on \(check.target.endpoint.server)\(version)"
    }
  }

  /// The members of the JSON document.
  public var members: JSONObject {
    guard hasSeveral else { return checks.first?.members ?? ["token": .null, "identity": .null, "probes": []] }
    return TokenAnswer.empty + ["clusters": .array(checks.map { .object($0.target.members + $0.members) })]
  }

  /// What the document has where there is nothing to tell of one token.
  public static let empty: JSONObject = ["token": .null, "identity": .null, "probes": .null]
}

extension TokenDelivery {
  /// The members of the JSON document.
  public var members: JSONObject { ["token": token.map { tokenJSON(TokenText(Array($0.value.utf8))) } ?? .null] }
}

extension TokenCheck {
  fileprivate var members: JSONObject {
    [
      "token": target.token.map { tokenJSON($0.text, sent: $0.sent?.value) } ?? .null,
      "identity": identity?.json ?? .null, "serverVersion": JSONValue(serverVersion),
      "probes": .array(probes.map(\.json)),
    ]
  }
}

extension TokenCheck.Identified {
  var json: JSONValue {
    [
      "username": .string(username), "groups": JSONValue(groups), "source": .string(source.rawValue),
    ]
  }
}

extension TokenCheck.Probe {
  var json: JSONValue {
    [
      "name": .string(name), "request": .string(request), "status": JSONValue(status),
      "milliseconds": .number((milliseconds * 10).rounded() / 10),
    ]
  }
}

/// A token in gatecheck's JSON: what it says of itself, and a fingerprint in place of it.
/// - Parameters:
///   - sent: the text to take the fingerprint of; nil: that which was meant.
///   - handling: what releases of APISIX do with it, where that is told.
func tokenJSON(_ token: TokenText, sent: String? = nil, handling: [TokenHandling]? = nil) -> JSONValue {
  let jwt = token.jwt
  func time(_ seconds: Int?) -> JSONValue { JSONValue(seconds.flatMap(Timestamp.iso)) }
  return .object([
    "kind": .string(token.kind.name), "subject": JSONValue(jwt?.subject), "issuer": JSONValue(jwt?.issuer),
    "audiences": JSONValue(jwt?.audiences.map { .string($0) }), "issuedAt": time(jwt?.issuedAt),
    "expiresAt": time(jwt?.expiresAt), "sha256": .string(Secret(sent ?? token.mended?.value ?? "").fingerprint),
    "apisix": handling.map { .array($0.map(\.json)) },
  ])
}
