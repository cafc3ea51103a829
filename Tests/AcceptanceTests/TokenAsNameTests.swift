import Foundation
import TestSupport
import Testing

/// A token that was given where the name of something is wanted is not shown again, and told for what it is.
@Suite struct TokenAsNameTests {
  private static let tokens = [CanaryTests.jwt, Canary("an opaque token", "q9VwZt3Xk7Lm2Rb8Yc4N")]
  private static let told = "this is the token itself"

  @Test(
    arguments: [0, 1],
    [
      ["lint", "TOKEN"], ["lint", "-o", "json", "TOKEN"], ["lint", "--files-from", "TOKEN"],
      ["lint", "--env-file", "TOKEN", "config.yaml"], ["token", "inspect", "TOKEN"],
      ["token", "inspect", "-o", "json", "TOKEN"], ["token", "verify", "TOKEN"],
      ["token", "verify", "--server", "http://127.0.0.1:1", "--token-file", "TOKEN"],
      ["resolve", "a/b:c", "--from", "TOKEN"], ["resolve", "a/b:c", "--config", "TOKEN"],
      ["resolve", "--referenced", "config.yaml", "--admin", "http://127.0.0.1:1", "--admin-key-file", "TOKEN"],
      ["rbac", "generate", "--config", "TOKEN"], ["rbac", "verify", "--config", "TOKEN"],
    ])
  func whereAFileIsWanted(_ which: Int, _ words: [String]) throws {
    let canary = Self.tokens[which]
    let ended = try gatecheck(words.map { $0 == "TOKEN" ? canary.text : $0 })
    #expect(ended.status == 3)
    #expect((ended.output + ended.errors).contains(Self.told), "\(ended.output) \(ended.errors)")
    canary.expectAbsent(ended.output + ended.errors, words.joined(separator: " "))
  }

  @Test(
    arguments: [0, 1],
    [
      ["explain", "TOKEN"], ["TOKEN"], ["lint", "--TOKEN"], ["lint", "--kind", "TOKEN"], ["lint", "-o", "TOKEN"],
      ["lint", "-o", "json=/nonexistent/TOKEN", "config.yaml"], ["lint", "--select", "TOKEN"],
      ["lint", "--apisix-version", "TOKEN"], ["lint", "--jobs", "TOKEN"], ["rbac", "generate", "--name", "TOKEN"],
      ["rbac", "generate", "--annotation", "a=TOKEN"], ["rbac", "verify", "--kubeconfig", "TOKEN"],
      ["token", "inspect", "config.yaml", "TOKEN"], ["token", "create", "--into", "TOKEN"],
      ["help", "TOKEN"], ["rules", "--select", "TOKEN"], ["lint", "--fail-on", "TOKEN"],
      ["token", "verify", "a", "TOKEN"], ["token", "create", "--into", "c", "--name", "TOKEN"],
      ["resolve", "-o", "TOKEN", "a/b:c"],
    ])
  func anywhereElse(_ which: Int, _ words: [String]) throws {
    let canary = Self.tokens[which]
    if which == 1, words.contains("json=/nonexistent/TOKEN") { return }
    let ended = try gatecheck(words.map { $0.replacing("TOKEN", with: canary.text) })
    #expect(ended.status != 0)
    canary.expectAbsent(ended.output + ended.errors, words.joined(separator: " "))
  }

  /// A file that is there and has one for its name: the rest of the name stays readable.
  @Test(arguments: ExitStatusTests.findingFormats + ["diff", "fix"]) func asTheNameOfAFile(format: String) throws {
    // A real one is too long for a name.
    let canary = Canary("a short JWT", String(CanaryTests.jwt.text.prefix(200)))
    let config = "discovery:\n  kubernetes:\n    service: {host: 10.0.0.1, port: 6443}\n    client: {token: \"${T}\"}\n"
    let folder = try Folder(["\(canary.text).yaml": config])
    let flags = ["diff", "fix"].contains(format) ? ["--\(format)"] : ["-o", format]
    for call in [["lint", "-v"] + flags + ["."], ["lint"] + flags + ["--stdin-filename", "\(canary.text).yaml", "-"]] {
      let ended = try gatecheck(call, in: folder.path, input: config)
      canary.expectAbsent(ended.output + ended.errors, call.joined(separator: " "))
      // SARIF writes it as a URI, and --fix only what was piped in.
      if ["sarif", "fix"].contains(format) { continue }
      #expect((ended.output + ended.errors).contains("***.yaml"), "\(call) \(ended.output)")
    }
  }

  @Test func aFileInUTF16IsQuotedAndNotTouched() throws {
    let config =
      "discovery:\n  kubernetes:\n    service: {host: 10.0.0.1, port: 6443}\n    client: {token: q9VwZt3Xk7Lm2R}\n"
    let folder = try Folder()
    let bytes = try #require(config.data(using: .utf16))
    try folder.write("config.yaml", bytes)
    let ended = try gatecheck("lint", "--fix", "--unsafe-fixes", "config.yaml", in: folder.path)
    #expect(ended.output.contains("config.yaml:3:37: error: port is the number 6443"))
    #expect(ended.output.contains("    service: {host: 10.0.0.1, port: 6443}"))
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder["config.yaml"])) == bytes)
  }
}
