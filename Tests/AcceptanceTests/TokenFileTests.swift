import Foundation
import TestSupport
import Testing

/// Tokens in files: what is written over, and what not; when they end; whom they are for.
@Suite struct TokenFileTests {
  private static let now = Int(Date().timeIntervalSince1970)

  private static func token(_ claims: [String: Any]) throws -> String {
    func part(_ object: [String: Any]) throws -> String {
      try JSONSerialization.data(withJSONObject: object, options: .sortedKeys).base64EncodedString()
        .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
    let all = claims.merging(["sub": "system:serviceaccount:default:apisix"]) { old, _ in old }
    return try "\(part(["alg": "RS256"])).\(part(all)).\(String(repeating: "A", count: 342))"
  }

  private static let config = """
    discovery:
      kubernetes:
        service: {host: 10.0.0.1, port: "6443"}
        client: {token: abc}

    """

  @Test(arguments: [
    config, "a: 1\n", "two words\n", "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n",
    #"{"a": {"token": "x"}}"#, "apiVersion: v1\nkind: Config\nusers: [{user: {token: eyJhbGciOi}}]\n",
  ])
  func whatHoldsNoTokenStays(text: String) throws {
    let token = Data(try Self.token([:]).utf8).base64EncodedString()
    let folder = try Folder(["wrapped": token, "keep": text])
    for words in [
      ["token", "inspect", "wrapped", "--unwrap", "keep"], ["token", "create", "--output-file", "keep"],
      ["rbac", "verify", "--manifest", "keep"],
    ] {
      let ended = try gatecheck(words, in: folder.path)
      #expect(ended.status == 2, "\(words)")
      #expect(ended.errors.contains("keep holds something else than"), "\(ended.errors)")
      #expect(try folder.read("keep") == text)
    }
  }

  @Test func aTokenMayTakeTheOthersPlace() throws {
    let token = try Self.token([:])
    let wrapped = Data(token.utf8).base64EncodedString()
    let secret = "apiVersion: v1\nkind: Secret\ndata: {token: \(wrapped)}\n"
    for old in ["", "xyz\n", token, token.prefix(80) + "", wrapped, "Bearer \(token)", "<your-token>", secret] {
      let folder = try Folder(["wrapped": wrapped, "old": old])
      let ended = try gatecheck("token", "inspect", "wrapped", "--unwrap", "old", in: folder.path)
      #expect(ended.status == 1 && ended.errors == "gatecheck: the token is in old\n", "\(old): \(ended.errors)")
      #expect(try folder.read("old") == token)
    }
  }

  @Test func aDashIsStandardOutput() throws {
    let token = try Self.token([:])
    let folder = try Folder(["wrapped": Data(token.utf8).base64EncodedString()])
    let ended = try gatecheck("token", "inspect", "wrapped", "--unwrap", "-", in: folder.path)
    #expect(ended.output == token)
    #expect(ended.errors.contains("[token/base64-wrapped]") && !ended.errors.contains(token.suffix(12)))
    #expect(folder.names() == ["wrapped"])
  }

  // MARK: time and audience

  @Test(arguments: [
    (9 * 60 + 30, "in 9 minutes"), (90 * 60 + 30, "in 90 minutes"), (5 * 3600 + 60, "in 5 hours"),
    (3 * 86_400 + 60, "in 3 days"),
  ])
  func theTimeLeftIsToldInItsUnit(seconds: Int, words: String) throws {
    let ended = try gatecheck("token", "inspect", input: Self.token(["exp": Self.now + seconds]))
    #expect(ended.output.contains(words), "\(ended.output)")
  }

  @Test func aCronJobAsksWhetherItEndsSoon() throws {
    let soon = try Self.token(["exp": Self.now + 10 * 86_400 + 600])
    let inspected = try gatecheck("token", "inspect", "--expires-within", "14d", input: soon)
    #expect(inspected.status == 1)
    #expect(inspected.output.contains("warning: the token expires at "), "\(inspected.output)")
    #expect(inspected.output.contains("in 10 days [token/expires-within]"), "\(inspected.output)")
    #expect(inspected.output.contains("gatecheck token create --name apisix --namespace default --output-file FILE"))
    #expect(!inspected.output.contains("[token/expires]"))
    #expect(try gatecheck("token", "inspect", "--expires-within", "14d", "--exit-zero", input: soon).status == 0)
    let later = try gatecheck("token", "inspect", "--expires-within", "9d", input: soon)
    #expect(later.status == 0 && later.output.contains("[token/expires]"), "\(later.output)")
    #expect(try gatecheck("token", "inspect", "--expires-within", "14d", input: Self.token([:])).status == 0)
  }

  @Test func whatDoesNotWorkIsNotSaidToWork() throws {
    let early = try gatecheck(
      "token", "inspect", input: Self.token(["nbf": Self.now + 7200, "exp": Self.now + 9_000_000]))
    #expect(!early.output.contains("works until") && early.output.contains("is not valid before "), "\(early.output)")
    let vault = try gatecheck("token", "inspect", input: Self.token(["aud": ["vault"], "exp": Self.now + 9_000_000]))
    #expect(vault.status == 0 && vault.output.contains("[token/wrong-audience]"), "\(vault.output)")
    #expect(!vault.output.contains("works until"))
    for audience in ["https://kubernetes.default.svc", "api", "kubernetes", "https://container.googleapis.com/v1/p"] {
      let right = try gatecheck(
        "token", "inspect", input: Self.token(["aud": [audience], "exp": Self.now + 9_000_000]))
      #expect(!right.output.contains("[token/wrong-audience]"), "\(audience)")
    }
  }

  // MARK: verify

  @Test func verifyTakesAFile() throws {
    let folder = try Folder([
      "config.yaml": Self.config.replacing("10.0.0.1", with: "127.0.0.1").replacing("6443", with: "1"),
      "token": "abc",
    ])
    let config = try gatecheck("token", "verify", "config.yaml", in: folder.path)
    #expect(try config.output == gatecheck("token", "verify", "--config", "config.yaml", in: folder.path).output)
    #expect(config.status == 3 && config.output.contains("[connect/refused]"), "\(config.output)")
    let token = try gatecheck("token", "verify", "token", "--server", "https://127.0.0.1:1", in: folder.path)
    #expect(token.status == 3 && token.output.contains("[connect/refused]"), "\(token.output)")
  }

  // MARK: rbac generate

  @Test func whoseTokenTheConfigurationHas() throws {
    let folder = try Folder(["config.yaml": Self.config.replacing("abc", with: try Self.token([:]))])
    let ended = try gatecheck("rbac", "generate", "--config", "config.yaml", "--name", "other", in: folder.path)
    #expect(ended.status == 0)
    #expect(ended.errors.contains("is of default/apisix, these objects are for default/other"), "\(ended.errors)")
    #expect(ended.errors.contains("--name apisix --namespace default"), "\(ended.errors)")
    let same = try gatecheck("rbac", "generate", "--config", "config.yaml", in: folder.path)
    #expect(same.status == 0 && same.errors == "", "\(same.errors)")
  }
}
