import Inputs
import JSON
import Kubernetes
import SourceText
import Testing

/// Made-up tokens: right in shape, signed by nobody.
enum Tokens {
  static func jwt(_ claims: String, header: String = #"{"alg":"RS256","kid":"made-up"}"#, signature: Int = 256)
    -> String
  {
    [Array(header.utf8), Array(claims.utf8), [UInt8](repeating: 0x5A, count: signature)]
      .map { Base64.encode($0, .url) }.joined(separator: ".")
  }

  static let legacy = jwt(
    """
    {"iss":"kubernetes/serviceaccount","kubernetes.io/serviceaccount/namespace":"apisix",\
    "kubernetes.io/serviceaccount/secret.name":"default-token-x","kubernetes.io/serviceaccount/service-account.name":\
    "default","kubernetes.io/serviceaccount/service-account.uid":"u-1","sub":"system:serviceaccount:apisix:default"}
    """)

  static let bound = jwt(
    """
    {"aud":["https://kubernetes.default.svc"],"exp":2000003600,"iat":2000000000,"nbf":2000000000,"jti":"j-1",\
    "iss":"https://kubernetes.default.svc","kubernetes.io":{"namespace":"default","node":{"name":"n1"},"pod":{"name":\
    "p-0"},"serviceaccount":{"name":"apisix","uid":"u-2"},"warnafter":2000003607},\
    "sub":"system:serviceaccount:default:apisix"}
    """)
}

private func base64(_ text: String) -> String { Base64.encode(Array(text.utf8)) }

@Suite struct TokenTextTests {
  @Test(arguments: [Tokens.legacy, Tokens.bound, "0123456789abcdef0123456789abcdef", "a.b", "x-y_z=="])
  func nothingIsWrongWithATokenAsItIs(token: String) {
    let text = TokenText(token)
    #expect(text.flaws == [])
    #expect(text.mended?.value == token)
  }

  /// The token of the user's document: base64 twice over its parts, and a signature that nobody made.
  @Test func theDocumentsToken() {
    let text = TokenText(
      """
      ZXlKaGJHY2lPaUpTVXpJMU5pSXNJbXRwWkNJNkltMWhaR1V0ZFhBaWZRLmV5SnBjM01pT2lKcmRXSmxjbTVsZEdWekwzTmxjblpwWTJWaFkyTnZk\
      VzUwSWl3aWEzVmlaWEp1WlhSbGN5NXBieTl6WlhKMmFXTmxZV05qYjNWdWRDOXVZVzFsYzNCaFkyVWlPaUpoY0dsemFYZ2lMQ0p6ZFdJaU9pSnpl\
      WE4wWlcwNmMyVnlkbWxqWldGalkyOTFiblE2WVhCcGMybDRPbVJsWm1GMWJIUWlmUS5iV0ZrWlMxMWNDMXphV2R1WVhSMWNtVQ==
      """)
    #expect(text.flaws == [.base64(times: 1), .shortSignature(bytes: 17, expected: 256)])
    #expect(text.kind == .legacy)
    #expect(text.jwt?.serviceAccount == ServiceAccount(namespace: "apisix", name: "default"))
    #expect(text.mended?.value.hasPrefix("eyJhbGciOiJSUzI1NiIs") == true)
  }

  @Test(arguments: [
    ("\u{FEFF}T", [TokenText.Flaw.byteOrderMark]),
    ("T\n", [.trailingNewline(crlf: false)]),
    ("T\r\n", [.trailingNewline(crlf: true)]),
    ("T \n\n", [.trailingNewline(crlf: false)]),
    ("  T", [.leadingSpace]),
    ("T\t", [.trailingSpace]),
    ("\"T\"", [.quoted("\"")]),
    ("'T'\n", [.trailingNewline(crlf: false), .quoted("'")]),
    ("T\"", [.quoted("\"")]),
    ("Bearer T", [.bearerPrefix]),
    ("Authorization: Bearer T", [.bearerPrefix]),
    ("bearer  T", [.bearerPrefix]),
    ("token: T", [.keyPrefix]),
    ("token=\"T\"", [.keyPrefix, .quoted("\"")]),
  ])
  func whatStandsRoundAToken(pasted: String, flaws: [TokenText.Flaw]) {
    for token in [Tokens.bound, "opaque-0123456789"] {
      let text = TokenText(
        String(pasted.split(separator: "T", maxSplits: 1, omittingEmptySubsequences: false).joined(separator: token)))
      #expect(text.flaws == flaws)
      #expect(text.mended?.value == token)
    }
  }

  @Test func base64OnceAndMore() {
    #expect(TokenText(base64(Tokens.legacy)).flaws == [.base64(times: 1)])
    let thrice = TokenText(base64(base64(base64(Tokens.legacy))))
    #expect(thrice.flaws == [.base64(times: 3)])
    #expect(thrice.mended?.value == Tokens.legacy)
  }

  @Test func base64OfATokenWithALineBreakAtItsEnd() {
    let text = TokenText(base64(Tokens.bound + "\n") + "\n")
    #expect(
      text.flaws == [.trailingNewline(crlf: false), .base64(times: 1), .trailingNewline(crlf: false)])
    #expect(text.mended?.value == Tokens.bound)
  }

  /// `base64` breaks its lines after 76 characters.
  @Test func base64InLines() {
    var lines = ""
    for (index, character) in base64(Tokens.bound).enumerated() {
      if index > 0, index % 76 == 0 { lines.append("\n") }
      lines.append(character)
    }
    let text = TokenText(lines)
    #expect(text.flaws == [.innerSpace(lineBreak: true), .base64(times: 1)])
    #expect(text.mended?.value == Tokens.bound)
  }

  @Test func brokenLinesOfAJWTAreJoined() {
    let half = Tokens.bound.prefix(100) + "\n  " + Tokens.bound.dropFirst(100)
    let text = TokenText(String(half))
    #expect(text.flaws == [.innerSpace(lineBreak: true)])
    #expect(text.mended?.value == Tokens.bound)
    let zeroWidth = TokenText(String(Tokens.bound.prefix(100) + "\u{200B}" + Tokens.bound.dropFirst(100)))
    #expect(zeroWidth.flaws == [.innerSpace(lineBreak: false)])
    #expect(zeroWidth.mended?.value == Tokens.bound)
  }

  @Test func spaceInAnOpaqueTokenCannotBeMended() {
    let text = TokenText("abc def")
    #expect(text.flaws == [.innerSpace(lineBreak: false)])
    #expect(text.mended == nil)
  }

  @Test func escapes() {
    let percent = TokenText(Tokens.bound.split(separator: ".").joined(separator: "%2E"))
    #expect(percent.flaws == [.percentEncoded])
    #expect(percent.mended?.value == Tokens.bound)
    let json = TokenText(#""\#(Tokens.bound)\n""#)
    #expect(json.flaws == [.quoted("\""), .jsonEscaped, .trailingNewline(crlf: false)])
    #expect(json.mended?.value == Tokens.bound)
  }

  @Test func utf16AsPowerShellWritesIt() {
    let bytes: [UInt8] = [0xFF, 0xFE] + (Tokens.bound + "\r\n").utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    let text = TokenText(bytes)
    #expect(text.flaws == [.utf16, .trailingNewline(crlf: true)])
    #expect(text.mended?.value == Tokens.bound)
  }

  @Test func aTruncatedToken() {
    let parts = Tokens.bound.split(separator: ".").map(String.init)
    #expect(TokenText(parts[0] + "." + parts[1]).flaws == [.truncated(parts: 2)])
    #expect(TokenText(parts[0] + "." + parts[1] + ".").flaws == [.truncated(parts: 2)])
    #expect(TokenText(parts[0]).flaws == [.truncated(parts: 1)])
    #expect(TokenText(parts[0] + "." + parts[1].prefix(20)).mended == nil)
    #expect(TokenText(base64(Tokens.bound).prefix(400).description).flaws == [.base64(times: 1), .truncated(parts: 2)])
    let short = TokenText(String(Tokens.bound.dropLast(2)))
    #expect(short.flaws == [.shortSignature(bytes: 255, expected: 256)])
  }

  @Test func twoTokensInARow() {
    #expect(TokenText(Tokens.bound + "\n" + Tokens.bound).flaws == [.document("two tokens or more in a row")])
  }

  @Test func aWholeSecret() {
    let secret = """
      apiVersion: v1
      kind: Secret
      metadata: {name: apisix-token, namespace: default}
      type: kubernetes.io/service-account-token
      data:
        ca.crt: LS0t
        token: \(base64(Tokens.legacy))
      """
    let text = TokenText(secret)
    #expect(text.flaws == [.document("Secret")])
    #expect(text.mended?.value == Tokens.legacy)
  }

  @Test func documentsWithATokenAndWithoutOne() {
    let request = TokenText(#"{"kind":"TokenRequest","status":{"token":"\#(Tokens.bound)"}}"#)
    #expect(request.flaws == [.document("TokenRequest")])
    #expect(request.mended?.value == Tokens.bound)
    let status = TokenText(#"{"kind":"Status","code":403}"#)
    #expect(status.flaws == [.document("Status")])
    #expect(status.mended == nil)
    #expect(TokenText("-----BEGIN CERTIFICATE-----\nMIIB\n").flaws == [.trailingNewline(crlf: false), .pem])
    #expect(TokenText(#"{"broken": "#).flaws == [.trailingSpace, .document("JSON")])
  }

  @Test(arguments: ["", " \n", "\"\"", "Bearer "])
  func anEmptyToken(pasted: String) {
    let text = TokenText(pasted)
    #expect(text.flaws.last == .empty)
    #expect(text.mended == nil)
  }

  @Test(arguments: ["${KUBERNETES_TOKEN}", "$TOKEN", "$(cat token)", "<your-token>", "{{token}}"])
  func aPlaceholderThatNobodyReplaced(pasted: String) {
    #expect(TokenText(pasted).flaws == [.placeholder])
    #expect(TokenText(pasted).mended == nil)
  }

  @Test func bytesThatAreNoText() {
    #expect(TokenText([0x00, 0x01, 0xFF, 0x80]).flaws == [.strangeCharacter])
    #expect(TokenText([UInt8](repeating: 0x61, count: 2 << 20)).flaws == [.strangeCharacter])
  }
}

@Suite struct JWTTests {
  @Test func claimsOfALegacyToken() throws {
    let jwt = try #require(JWT(Tokens.legacy))
    #expect(jwt.kind == .legacy)
    #expect(jwt.algorithm == "RS256" && jwt.keyID == "made-up")
    #expect(jwt.kubernetes?.secret == "default-token-x")
    #expect(jwt.expiresAt == nil && jwt.audiences == [])
    #expect(jwt.timeProblem(now: 4_000_000_000) == nil)
  }

  @Test func claimsOfABoundToken() throws {
    let jwt = try #require(JWT(Tokens.bound))
    #expect(jwt.kind == .bound)
    #expect(jwt.audiences == ["https://kubernetes.default.svc"])
    #expect(jwt.serviceAccount?.username == "system:serviceaccount:default:apisix")
    #expect(jwt.kubernetes?.pod == "p-0" && jwt.kubernetes?.node == "n1" && jwt.kubernetes?.warnAfter == 2_000_003_607)
    #expect(jwt.id == "j-1")
  }

  @Test func timesAllowForAMinute() throws {
    let jwt = try #require(JWT(Tokens.bound))
    #expect(jwt.timeProblem(now: 1_999_999_939) == .notYetValid(until: 2_000_000_000))
    #expect(jwt.timeProblem(now: 1_999_999_940) == nil)
    #expect(jwt.timeProblem(now: 2_000_003_660) == nil)
    #expect(jwt.timeProblem(now: 2_000_003_661) == .expired(at: 2_000_003_600))
  }

  @Test func anOIDCTokenIsSomebodyElses() throws {
    let jwt = try #require(JWT(Tokens.jwt(#"{"iss":"https://login.example.com","sub":"ada","aud":"cli","exp":1.5e9}"#)))
    #expect(jwt.kind == .foreign)
    #expect(jwt.kind.name == "opaque")
    #expect(jwt.audiences == ["cli"])
    #expect(jwt.expiresAt == 1_500_000_000)
    #expect(jwt.serviceAccount == nil)
  }

  @Test(arguments: ["", "a.b.c", "eyJh.eyJh.x", "e30.e30.AAAA", "..", "🦆.🦆.🦆"])
  func theseAreNoJWTs(text: String) {
    #expect(JWT(text) == nil)
  }

  @Test(arguments: ["system:serviceaccount:a", "system:serviceaccount:a:b:c", "system:serviceaccount::b", "ada"])
  func theseAreNoServiceAccounts(user: String) {
    #expect(ServiceAccount(username: user) == nil)
  }

  @Test func aSecretNeverShows() {
    let secret = Secret(Tokens.bound)
    var dumped = ""
    dump(["token": secret], to: &dumped)
    for text in ["\(secret)", String(reflecting: secret), "\([secret])", "\(TokenText(Tokens.bound))", dumped] {
      #expect(!text.contains(Tokens.bound.suffix(12)))
    }
    #expect(Secret("abc").fingerprint == "ba7816bf8f01")
  }
}
