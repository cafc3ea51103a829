import Foundation
import TestSupport
import Testing

/// What servers and clients say of a credential, in each form of log that is read: no word of it is shown.
@Suite struct CanaryLogTests {
  /// `@` is the credential.
  private static let phrases = [
    "bad token @ given", "token @ is invalid", "invalid token: @", "invalid token \\\"@\\\"",
    "invalid bearer token [@]",
    "token <@> expired", "unknown token (@)", "ACL token @ not found", "ACL not found for token @", "token = @",
    "password @ is wrong", "wrong password: @", "user nacos with password @", "the password is @", "password was @",
    "credential @ rejected", "secret @ rejected", "api key @ is unknown", "apikey @ unknown", "Authorization=Bearer @",
    "Authorization: Basic @", "access_key=@", "token=@&x=1", "token -> @", "token=>@", "\"token\":\"@\"",
    "\\\"token\\\":\\\"@\\\"", "{'token': '@'}", "<token>@</token>", "<password>@</password>", "password=@;",
    "--password @", "--password=@", "X-Consul-Token: @", "x-api-key: @", "Set-Cookie: session=@; Path=/", "PASSWORD @",
    "jwt @", "accessToken @ expired", "mysql://root:@\u{1}db/x", "redis://:@\u{1}h", "nacos:@\u{1}10.0.0.1:8848",
  ]
  /// Where the words around it say nothing, it has to be of many kinds of letters.
  private static let bare = [
    "key @ rejected", "session @ expired", "login as nacos/@ failed", "nacos / @", "-p@", "sid=@", "auth @",
  ]

  private static func line(_ said: String, _ form: Int) -> String {
    let said = said.replacing("\u{1}", with: "@")
    let line =
      "2026/11/30 19:00:00 [error] 45#45: *1 [lua] informer_factory.lua:1: list failed, kind: Endpoints, "
      + "reason: Bad Request, message : \(said), context: ngx.timer"
    switch form {
    case 1: return "2026-11-30T19:00:00.1Z stderr F \(line)"
    case 2:
      return #"{"log":"\#(line.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\n","stream":"stderr"}"#
    case 3: return "apisix-7d9c | \(line)"
    default: return line
    }
  }

  @Test(arguments: [CanaryGenerator.Kind.opaque, .jwt, .lower])
  func nothingIsShown(kind: CanaryGenerator.Kind) throws {
    var generator = CanaryGenerator(seed: 11)
    let phrases = Self.phrases + (kind == .opaque ? Self.bare : [])
    for form in 0..<4 {
      let canaries = phrases.map { ($0, generator.secret(kind)) }
      let lines = canaries.map { Self.line($0.0.replacing("@", with: $0.1), form) }
      let folder = try Folder(["error.log": lines.joined(separator: "\n") + "\n"])
      for way in [["-v"], ["-o", "json"], ["-o", "sarif"], ["-o", "short"]] {
        let ended = try gatecheck(["logs", "explain"] + way + ["error.log"], in: folder.path)
        for (phrase, secret) in canaries {
          #expect(!(ended.output + ended.errors).contains(secret), "\(phrase) in \(way) of form \(form)")
        }
      }
    }
  }
}
