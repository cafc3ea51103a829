import JSON
import SourceText

/// What kind of credential a token is.
public enum TokenKind: Sendable, Hashable {
  /// From a Secret of type kubernetes.io/service-account-token: does not expire.
  case legacy
  /// From TokenRequest or a projected volume: expires.
  case bound
  /// A JWT of somebody else's, an OIDC user's for one.
  case foreign
  /// Not a JWT, or one that is damaged.
  case opaque

  /// As gatecheck's JSON has it, which knows three kinds.
  public var name: String {
    switch self {
    case .legacy: "legacy"
    case .bound: "bound"
    case .foreign, .opaque: "opaque"
    }
  }
}

/// A JSON Web Token, taken apart. Its signature is not checked: only the server's keys can do that.
public struct JWT: Sendable, Hashable {
  public let algorithm: String?
  public let keyID: String?
  public let type: String?

  public let issuer: String?
  public let subject: String?
  /// `aud`, which may be one string or a list; empty without one.
  public let audiences: [String]
  /// Times in seconds since 1970.
  public let issuedAt: Int?
  public let notBefore: Int?
  public let expiresAt: Int?
  public let id: String?
  public let kubernetes: KubernetesClaims?
  public let kind: TokenKind
  public let signatureBytes: Int

  /// What Kubernetes itself puts into the tokens of ServiceAccounts, in the old flat form or the new one.
  public struct KubernetesClaims: Sendable, Hashable {
    public let namespace: String?
    public let serviceAccount: String?
    public let serviceAccountUID: String?
    /// The Secret that holds a legacy token, or that a bound one is bound to.
    public let secret: String?
    public let pod: String?
    public let node: String?
    /// When a token that the server lets live longer should have been renewed; seconds since 1970.
    public let warnAfter: Int?
  }

  /// The ServiceAccount that the token speaks for: from its subject, else from its Kubernetes claims.
  public var serviceAccount: ServiceAccount? {
    if let subject { return ServiceAccount(username: subject) }
    guard let namespace = kubernetes?.namespace, let name = kubernetes?.serviceAccount else { return nil }
    return ServiceAccount(namespace: namespace, name: name)
  }

  /// Nil when `text` is not three base64url parts of which the first two are JSON objects, the first with `alg`.
  public init?(_ text: String) {
    let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 3, let header = Self.object(parts[0]), header["alg"] != nil,
      let claims = Self.object(parts[1])
    else { return nil }
    algorithm = header["alg"]?.string
    keyID = header["kid"]?.string
    type = header["typ"]?.string
    issuer = claims["iss"]?.string
    subject = claims["sub"]?.string
    audiences = claims["aud"]?.string.map { [$0] } ?? (claims["aud"]?.array ?? []).compactMap(\.string)
    issuedAt = Self.time(claims["iat"])
    notBefore = Self.time(claims["nbf"])
    expiresAt = Self.time(claims["exp"])
    id = claims["jti"]?.string
    let flat = Self.legacyClaims(claims)
    kubernetes = flat ?? Self.boundClaims(claims["kubernetes.io"])
    if flat != nil || issuer == "kubernetes/serviceaccount" {
      kind = .legacy
    } else if kubernetes?.serviceAccount != nil || subject.flatMap(ServiceAccount.init(username:)) != nil {
      kind = .bound
    } else {
      kind = .foreign
    }
    signatureBytes = Base64.decodeLeniently(parts[2])?.count ?? 0
  }

  static func object(_ part: some Sequence<UInt8>) -> JSONValue? {
    guard let bytes = Base64.decodeLeniently(part), let value = try? JSONValue.parse(bytes), value.object != nil
    else { return nil }
    return value
  }

  private static func time(_ value: JSONValue?) -> Int? {
    value?.number.flatMap { Int(exactly: $0.rounded(.down)) }
  }

  private static func legacyClaims(_ claims: JSONValue) -> KubernetesClaims? {
    func claim(_ name: String) -> String? { claims["kubernetes.io/serviceaccount/" + name]?.string }
    guard claim("namespace") != nil || claim("service-account.name") != nil else { return nil }
    return KubernetesClaims(
      namespace: claim("namespace"), serviceAccount: claim("service-account.name"),
      serviceAccountUID: claim("service-account.uid"), secret: claim("secret.name"), pod: nil, node: nil,
      warnAfter: nil)
  }

  private static func boundClaims(_ claims: JSONValue?) -> KubernetesClaims? {
    guard let claims, claims.object != nil else { return nil }
    return KubernetesClaims(
      namespace: claims["namespace"]?.string, serviceAccount: claims["serviceaccount"]?["name"]?.string,
      serviceAccountUID: claims["serviceaccount"]?["uid"]?.string, secret: claims["secret"]?["name"]?.string,
      pod: claims["pod"]?["name"]?.string, node: claims["node"]?["name"]?.string,
      warnAfter: time(claims["warnafter"]))
  }
}

extension JWT {
  /// Whom the token is for, where that is surely no API server: those have a URL as their name, or one that speaks of
  /// Kubernetes, and mostly that of the issuer.
  public var otherAudience: String? {
    audiences.contains { $0 == issuer || Self.isServers($0) } ? nil : audiences.first
  }

  /// Whether an audience may be an API server's name.
  public static func isServers(_ audience: String) -> Bool {
    audience.has("://") || audience.has("kube") || ["api", "k3s", "rke2"].contains(audience)
  }

  public enum TimeProblem: Sendable, Hashable {
    /// Ended at that time, by its own word.
    case expired(at: Int)
    case notYetValid(until: Int)
  }

  /// Whether the token is outside its time at `now`. API servers allow a minute of skew (measured on 1.36), so that is
  /// the default.
  public func timeProblem(now: Int, skew: Int = 60) -> TimeProblem? {
    if let expiresAt, now - skew > expiresAt { return .expired(at: expiresAt) }
    if let notBefore, now + skew < notBefore { return .notYetValid(until: notBefore) }
    return nil
  }

  /// The bytes of a signature by `alg` where that is known exactly, else the least; nil for algorithms not known.
  /// Source: RFC 7518, section 3; RSA keys of fewer than 2048 bits are refused there.
  public var expectedSignatureBytes: (exact: Bool, count: Int)? {
    switch algorithm {
    case "ES256", "EdDSA": (true, 64)
    case "ES384": (true, 96)
    case "ES512": (true, 132)
    case "HS256": (true, 32)
    case "RS256", "RS384", "RS512", "PS256", "PS384", "PS512": (false, 256)
    default: nil
    }
  }

  /// Whether the signature is shorter than its algorithm makes it: cut off in copying, or made up.
  public var hasShortSignature: Bool {
    guard let (exact, count) = expectedSignatureBytes else { return false }
    return exact ? signatureBytes != count : signatureBytes < count
  }
}
