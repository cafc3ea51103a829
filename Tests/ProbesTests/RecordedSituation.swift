import Foundation
import Kubernetes
import TestSupport
import Testing

/// One situation in which a token is refused or not: which recorded answer each request gets, and what is to be said.
/// The server is a stub; its answers are a real server's, byte for byte, but for the administrator's objects.
struct RecordedSituation: Sendable, CustomTestStringConvertible {
  let name: String
  /// By request: `list`, `watch`, `identity`, `access`, `rules`, `version`. Without an entry: all is well.
  var answers: [String: String] = [:]
  var token = Self.bound()
  /// An administrator's kubeconfig lies beside the token.
  var hasAdministrator = false
  /// What is not in the cluster: `serviceaccounts`, `secrets`, `pods`.
  var missing: Set<String> = []
  /// The key ids that the server shows to whoever asks; nil: it shows nothing.
  var keys: [String]?
  var issuer = Self.issuerName
  var slices = false
  /// In seconds, this machine's clock against the server's.
  var skew = 0
  let rules: [String]

  var testDescription: String { name }

  static let issuerName = "https://kubernetes.default.svc"
  static let uid = "638cad3f-dcb2-41a6-bc6b-e85655da4e20"
  /// When the server answered, by its own clock.
  static let now = 1_795_395_524

  /// A token as TokenRequest gives it, of system:serviceaccount:demo:reader; its signature is made up.
  static func bound(
    ends: Int = now + 3600, begins: Int = now - 60, audience: String = issuerName, uid: String = uid, pod: String? = nil
  ) -> String {
    var claims: [String: Any] = ["namespace": "demo", "serviceaccount": ["name": "reader", "uid": uid]]
    if let pod { claims["pod"] = ["name": pod, "uid": "1"] }
    return Recorded.token([
      "iss": issuerName, "aud": [audience], "sub": "system:serviceaccount:demo:reader", "exp": ends, "nbf": begins,
      "iat": begins, "kubernetes.io": claims,
    ])
  }

  /// The recorded bytes, as they went over the wire.
  static func bytes(_ name: String) throws -> [UInt8] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let file = folder.appendingPathComponent("Fixtures/kubernetes-1.36/\(name).http")
    let text = try String(contentsOf: file, encoding: .utf8)
    guard let start = text.range(of: "\nHTTP/") else { throw CocoaError(.fileReadCorruptFile) }
    let answer = text[text.index(after: start.lowerBound)...]
    let parts = answer.components(separatedBy: "\n\n")
    let head = parts[0].trimmingCharacters(in: .newlines).replacingOccurrences(of: "\n", with: "\r\n") + "\r\n\r\n"
    let body = parts.dropFirst().joined(separator: "\n\n")
    guard head.contains("Transfer-Encoding: chunked") else { return Array((head + body).utf8) }
    let chunk = body.isEmpty ? "" : "\(String(body.utf8.count, radix: 16))\r\n\(body)\r\n"
    return Array((head + chunk + "0\r\n\r\n").utf8)
  }

  /// This machine's, when the first answer comes.
  func clock() throws -> Int {
    let head = String(decoding: try Self.bytes(answers["list"] ?? "list"), as: UTF8.self)
    let date = head.components(separatedBy: "\r\n").first { $0.hasPrefix("Date: ") }
    return (date.flatMap { Timestamp.parseHTTPDate(String($0.dropFirst(6))) } ?? Self.now) + skew
  }

  func answer(_ asked: StubServer.Asked) -> StubServer.Answer {
    let step = Self.step(of: asked)
    let usual = [
      "list": slices ? "list-slices" : "list", "watch": slices ? "watch-slices" : "watch", "identity": "identity",
      "access": "access-denied", "version": "version",
    ]
    if let file = answers[step] ?? usual[step], let bytes = try? Self.bytes(file) {
      return StubServer.Answer(recorded: bytes)
    }
    return made(step, asked)
  }

  private static func step(of asked: StubServer.Asked) -> String {
    let last = String(asked.path.split(separator: "/").last ?? "")
    switch last {
    case "endpoints", "endpointslices": return asked.target.contains("watch=true") ? "watch" : "list"
    case "selfsubjectreviews": return "identity"
    case "selfsubjectaccessreviews": return "access"
    case "selfsubjectrulesreviews": return "rules"
    default: return last
    }
  }

  /// What no recording has: the rights of the identity, issuer and keys, and the objects that an administrator sees.
  private func made(_ step: String, _ asked: StubServer.Asked) -> StubServer.Answer {
    switch step {
    case "rules":
      return .init(
        status: 201, body: #"{"kind":"SelfSubjectRulesReview","status":{"resourceRules":[],"incomplete":false}}"#)
    case "openid-configuration":
      guard keys != nil else { return Recorded.forbidden("get", user: "system:anonymous") }
      return .init(body: #"{"issuer":"\#(issuer)","jwks_uri":"https://10.0.0.1:6443/openid/v1/jwks"}"#)
    case "jwks":
      let list = (keys ?? []).map { #"{"kty":"RSA","kid":"\#($0)"}"# }.joined(separator: ",")
      return .init(type: "application/jwk-set+json", body: #"{"keys":[\#(list)]}"#)
    default: break
    }
    let collection = ["serviceaccounts", "secrets", "pods"].first { asked.path.contains("/\($0)/") }
    if let collection, !missing.contains(collection) {
      return .init(body: #"{"kind":"X","metadata":{"name":"\#(step)","uid":"\#(Self.uid)"}}"#)
    }
    if collection == nil, step.hasSuffix("s") { return .init(body: #"{"kind":"XList","metadata":{},"items":[]}"#) }
    return .init(recorded: (try? Self.bytes("get-missing")) ?? [])
  }
}

extension RecordedSituation {
  /// A token that the server does not take.
  static let unauthorized: [RecordedSituation] = [
    .init(
      name: "no token at all", answers: all("token-garbage"), token: "7f2b9c1d4e5a6b7c8d9e0f",
      rules: ["token/not-a-jwt"]),
    .init(
      name: "tampered", answers: all("token-tampered"), hasAdministrator: true, keys: ["k1"],
      rules: ["token/signature-invalid"]),
    .init(
      name: "tampered, nobody to ask", answers: all("token-tampered"), rules: ["token/unauthorized"]),
    .init(
      name: "wrong audience", answers: all("token-wrong-audience"), token: bound(audience: "some-other-audience"),
      keys: ["k1"], rules: ["token/wrong-audience"]),
    .init(
      name: "wrong audience, nobody to ask", answers: all("token-wrong-audience"),
      token: bound(audience: "some-other-audience"), rules: ["token/wrong-audience"]),
    .init(
      name: "expired", answers: all("token-expired"), token: bound(ends: now - 71),
      rules: ["token/expired"]),
    .init(
      name: "expired by the server's clock alone", answers: all("token-garbage"), token: bound(ends: now - 120),
      skew: -600, rules: ["server/clock-skew"]),
    .init(
      name: "not yet valid", answers: all("token-garbage"), token: bound(begins: now + 600),
      rules: ["token/not-yet-valid"]),
    .init(
      name: "not yet valid by the server's clock alone", answers: all("token-garbage"), token: bound(begins: now + 300),
      skew: 600, rules: ["server/clock-skew"]),
    .init(
      name: "account deleted", answers: all("token-account-deleted"), hasAdministrator: true,
      missing: ["serviceaccounts"], rules: ["token/service-account-deleted"]),
    .init(
      name: "account made again", answers: all("token-account-deleted"), token: bound(uid: "another"),
      hasAdministrator: true, rules: ["token/service-account-recreated"]),
    .init(
      name: "Secret deleted", answers: all("token-secret-deleted"), token: Recorded.token, hasAdministrator: true,
      missing: ["secrets"], rules: ["token/secret-deleted"]),
    .init(
      name: "pod deleted", answers: all("token-account-deleted"), token: bound(pod: "apisix-0"), hasAdministrator: true,
      missing: ["pods"], rules: ["token/pod-deleted"]),
    .init(
      name: "another cluster's key", answers: all("token-garbage"), keys: ["k2", "k3"],
      rules: ["token/other-cluster"]),
    .init(
      name: "another cluster's issuer", answers: all("token-garbage"), keys: [], issuer: "https://other.example",
      rules: ["token/other-cluster"]),
    .init(
      name: "the server's own key under another issuer", answers: all("token-garbage"), keys: ["k1"],
      issuer: "https://new.example", rules: ["token/other-issuer"]),
    .init(
      name: "a person's token", answers: all("token-garbage"),
      token: Recorded.token(["iss": "https://login.example", "sub": "jane@example.org", "exp": now + 900]),
      rules: ["token/not-a-service-account"]),
    .init(
      name: "nobody may come in", answers: all("anonymous-off"), token: "", rules: ["token/empty"]),
  ]

  /// An identity that may not, or none.
  static let forbidden: [RecordedSituation] = [
    .init(
      name: "no token", answers: all("anonymous-list"), token: "", rules: ["token/empty"]),
    .init(name: "token taken off on the way", answers: all("anonymous-list"), rules: ["token/anonymous"]),
    .init(name: "empty Bearer", answers: all("anonymous-empty-bearer"), rules: ["token/anonymous"]),
    .init(
      name: "token taken off the watch", answers: ["watch": "anonymous-watch"],
      rules: ["token/anonymous", "server/endpoints-deprecated"]),
    .init(name: "no token, slices", answers: all("anonymous-slices"), slices: true, rules: ["token/anonymous"]),
    .init(
      name: "two blanks behind Bearer", answers: all("anonymous-two-spaces"),
      rules: ["token/anonymous", "server/warning"]),
    .init(
      name: "unbound", answers: ["list": "nobody-list-all", "watch": "nobody-watch"],
      rules: ["rbac/not-bound"]),
    .init(
      name: "unbound, with an administrator", answers: ["list": "nobody-list-all", "watch": "nobody-watch"],
      hasAdministrator: true, rules: ["rbac/not-bound"]),
    .init(
      name: "unbound, in one namespace", answers: ["list": "nobody-list", "watch": "nobody-watch"],
      rules: ["rbac/not-bound"]),
    .init(
      name: "unbound, slices", answers: ["list": "nobody-slices-all", "watch": "nobody-watch-slices"], slices: true,
      rules: ["rbac/not-bound"]),
    .init(
      name: "unbound, with a broken selector", answers: ["list": "nobody-label-selector-bad", "watch": "nobody-watch"],
      rules: ["rbac/not-bound"]),
    .init(
      name: "bound to a role that is not there",
      answers: ["list": "dangling-list", "watch": "dangling-watch", "access": "access-dangling"],
      rules: ["rbac/role-not-found"]),
    .init(
      name: "bound to a role that is not there, slices",
      answers: ["list": "dangling-slices", "watch": "dangling-slices", "access": "access-dangling"], slices: true,
      rules: ["rbac/role-not-found"]),
    .init(
      name: "list without watch", answers: ["watch": "nobody-watch"],
      rules: ["rbac/watch-missing", "server/endpoints-deprecated"]),
    .init(
      name: "reviews are refused too",
      answers: [
        "list": "nobody-list-all", "watch": "nobody-watch", "identity": "identity-anonymous",
        "access": "access-anonymous", "rules": "access-anonymous",
      ], rules: ["rbac/list-missing"]),
    .init(
      name: "granted a moment ago",
      answers: ["list": "nobody-list-all", "watch": "nobody-watch", "access": "access-allowed"],
      rules: ["rbac/list-missing"]),
  ]

  /// Answers that are neither 401 nor 403.
  static let others: [RecordedSituation] =
    [
      "list", "list-empty", "list-indented", "list-limit", "list-continue", "token-own-audience",
    ].map { .init(name: $0, answers: ["list": $0], rules: ["server/endpoints-deprecated"]) }
    + ["watch", "watch-from-0", "watch-initial-events", "watch-version-future"].map {
      .init(name: $0, answers: ["watch": $0], rules: ["server/endpoints-deprecated"])
    }
    + ["identity", "identity-requested", "identity-v1beta1", "identity-get", "identity-anonymous"].map {
      .init(name: $0, answers: ["identity": $0], rules: ["server/endpoints-deprecated"])
    }
    + [
      "list-label-selector-bad", "list-label-selector-bad-key", "list-field-selector-bad", "list-limit-bad",
      "list-version-bad", "list-continue-bad",
    ].map { .init(name: $0, answers: ["list": $0], rules: ["server/bad-request", "server/endpoints-deprecated"]) }
    + ["list-continue-expired", "list-version-compacted", "list-version-future"].map {
      .init(name: $0, answers: ["list": $0], rules: ["server/error", "server/endpoints-deprecated"])
    }
    + ["watch-version-old", "watch-version-bad"].map {
      .init(name: $0, answers: ["watch": $0], rules: ["server/error", "server/endpoints-deprecated"])
    } + [
      .init(name: "list-slices", slices: true, rules: []),
      .init(
        name: "watch-slices-version-old", answers: ["watch": "watch-slices-version-old"], slices: true,
        rules: ["server/error"]),
      .init(
        name: "watch-label-selector-bad", answers: ["watch": "watch-label-selector-bad"],
        rules: ["server/bad-request", "server/endpoints-deprecated"]),
      .init(name: "list-not-acceptable", answers: ["list": "list-not-acceptable"], rules: ["server/error"]),
      .init(name: "group-missing", answers: all("group-missing"), slices: true, rules: ["server/no-such-resource"]),
      .init(name: "resource-missing", answers: all("resource-missing"), rules: ["server/not-kubernetes"]),
      .init(name: "plain-http", answers: all("plain-http"), rules: ["tls/plain-http-to-tls-port"]),
    ]

  /// Every request of the token is answered so.
  private static func all(_ file: String) -> [String: String] {
    ["list": file, "watch": file, "identity": file, "access": file, "rules": file]
  }
}
