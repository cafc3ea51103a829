import APISIX
import HTTP
public import JSON
import Kubernetes
import Registries

extension TokenAnswer {
  /// One line for each target that works.
  public var preface: [String] {
    checks.filter(\.works).map { check in
      let user = check.identity?.username ?? "the user of \(check.target.identityOrigin)"
      let kind = check.target.settings.source == .endpoints ? "endpoints" : "endpointslices"
      let version = check.serverVersion.map { " (Kubernetes \($0))" } ?? ""
      return "ok: \(check.target.prefix)\(user) may list and watch \(kind) on \(check.target.connection.server)"
        + version
    }
  }

  /// The members of the JSON document.
  public var members: [JSONObject.Member] {
    if hasSeveral {
      return [
        .init(key: "token", value: .null), .init(key: "identity", value: .null), .init(key: "probes", value: .null),
        .init(
          key: "clusters",
          value: .array(
            checks.map { check in
              .object(
                JSONObject(
                  [
                    .init(key: "id", value: .string(check.target.id ?? "")),
                    .init(key: "server", value: .string(check.target.connection.server)),
                  ] + check.members))
            })),
      ]
    }
    return checks.first?.members ?? [
      .init(key: "token", value: .null), .init(key: "identity", value: .null), .init(key: "probes", value: []),
    ]
  }
}

extension TokenDelivery {
  /// The members of the JSON document.
  public var members: [JSONObject.Member] {
    [.init(key: "token", value: token.map { tokenJSON(TokenText(Array($0.value.utf8))) } ?? .null)]
  }
}

extension TokenCheck {
  fileprivate var members: [JSONObject.Member] {
    [
      .init(key: "token", value: target.token.map { tokenJSON($0.text, sent: $0.sent?.reveal()) } ?? .null),
      .init(key: "identity", value: identity?.json ?? .null),
      .init(key: "serverVersion", value: serverVersion.map { .string($0) } ?? .null),
      .init(key: "probes", value: .array(probes.map(\.json))),
    ]
  }
}

extension TokenCheck.Identified {
  var json: JSONValue {
    [
      "username": .string(username), "groups": .array(groups.map { .string($0) }), "source": .string(source.rawValue),
    ]
  }
}

extension TokenCheck.Probe {
  var json: JSONValue {
    [
      "name": .string(name), "request": .string(request), "status": status.map { .number(Double($0)) } ?? .null,
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
  func time(_ seconds: Int?) -> JSONValue { seconds.flatMap(Timestamp.iso).map { .string($0) } ?? .null }
  var members: [JSONObject.Member] = [
    .init(key: "kind", value: .string(token.kind.name)),
    .init(key: "subject", value: jwt?.subject.map { .string($0) } ?? .null),
    .init(key: "issuer", value: jwt?.issuer.map { .string($0) } ?? .null),
    .init(key: "audiences", value: jwt.map { .array($0.audiences.map { .string($0) }) } ?? .null),
    .init(key: "issuedAt", value: time(jwt?.issuedAt)), .init(key: "expiresAt", value: time(jwt?.expiresAt)),
    .init(key: "sha256", value: .string(TokenSecret(sent ?? token.mended?.value ?? "").fingerprint)),
  ]
  if let handling { members.append(.init(key: "apisix", value: .array(handling.map(\.json)))) }
  return .object(JSONObject(members))
}
