import TestSupport
import Testing

/// A credential that stands where YAML has something else, by a slip or by its form, is shown by no command and in no
/// format; what is none stays readable.
@Suite struct MisplacedSecretTests {
  private static let canary = "Zq8kLw2Rb9Yc4NtV3Xm7"
  private static let server = "service: {schema: https, host: 127.0.0.1, port: 1}"

  private static func kubernetes(_ client: String) -> String {
    "discovery:\n  kubernetes:\n    \(server)\n    client:\n      \(client)\n"
  }

  private static func nacos(_ more: String) -> String {
    "discovery: {nacos: {host: [\"http://127.0.0.1:1\"], prefx: 1, \(more)}}\n"
  }

  static let files = [
    // An alias, a tag, an anchor.
    kubernetes("token: *\(canary)"), kubernetes("redis_password: !\(canary)"),
    kubernetes("redis_password: !\(canary) x"), kubernetes("redis_password: &\(canary)"),
    nacos("password: !\(canary) "),
    // A list in a list, a key without a value.
    kubernetes("token: [[\(canary)]]"), kubernetes("token:\n        - - \(canary)"),
    kubernetes("token: [a, [\(canary)]]"), kubernetes("token: {a: [[\(canary)]]}"), kubernetes("token: {\(canary)}"),
    kubernetes("token: {? [\(canary)] : 1}"), kubernetes("token: {\(canary): {a: 1}}"),
    // The colon of an input method; a variable to which it is glued.
    kubernetes("token：\(canary)"), kubernetes("token: \"${X}\(canary)\""), kubernetes("token: \"${{X}}\(canary)\""),
    // Over several lines.
    kubernetes("token: \"Aa\n        \(canary)\""), kubernetes("token: \"\n        \(canary)\""),
    kubernetes("token: '\n        \(canary)'"), kubernetes("token: Aa\n        \(canary)"),
    kubernetes("token: !!str\n        \(canary)"), kubernetes("token: \"Aa\n        \(canary)\n      x y: z"),
    // In a URL, in an address, in a text.
    "discovery: {consul: {servers: [\"http://127.0.0.1:1/#access_token=\(canary)\"]}}\n",
    "discovery: {consul: {servers: [\"http://127.0.0.1:1/?a=1;token=\(canary)\"]}}\n",
    "discovery: {consul: {servers: [\"http://127.0.0.1:1/?token[]=\(canary)\"]}}\n",
    nacos("x: \"nacos:\(canary)@[::1]:8848\""), nacos("x: \"u:\(canary)@tcp(10.0.0.1:3306)/db\""),
    nacos("x: \"//u:\(canary)@h/x\""), nacos("x: \"u:\(canary)@h\""),
    nacos("headers: [\"Authorization: Basic \(canary)\"]"), nacos("x: \"{\\\"token\\\":\\\"\(canary)\\\"}\""),
    nacos("x: \"host=h user=u password=\(canary)\""), nacos("x: 'export TOKEN=\(canary)'"),
    // The name of a file, an entry of a chart, a pair.
    kubernetes("token_file: \(canary)"), "credentials: {admin: \(canary)}\n" + nacos("x: 1"),
    nacos("x: [{key: password, value: \(canary)}]"),
    "apisix: {ssl: {key_encrypt_salt: \(canary)}}\n" + nacos("x: 1"), nacos("passwords: \(canary)"),
    nacos("x: 1, psk: \(canary)"),
  ]

  private static let commands = [
    ["lint", "-v"], ["lint", "-o", "json"], ["lint", "-o", "sarif"], ["lint", "--diff", "--unsafe-fixes"],
    ["lint", "--apisix-version", "3.9"], ["token", "inspect", "--config"],
    ["token", "inspect", "--apisix-version", "3.9", "-o", "json", "--config"],
    ["doctor", "--timeout", "1", "--apisix-version", "3.9", "--config"],
    ["registry", "verify", "--timeout", "1", "--apisix-version", "3.9", "--config"],
  ]

  @Test(arguments: commands) func nothingShowsIt(_ command: [String]) throws {
    let folder = try Folder()
    for (number, file) in Self.files.enumerated() {
      try folder.write("\(number).yaml", file)
      let ended = try gatecheck(command + ["\(number).yaml"], in: folder.path)
      #expect([0, 1, 3].contains(ended.status), "\(ended.errors)")
      #expect(!(ended.output + ended.errors).contains(Self.canary), "\(file)\n\(ended.output)\(ended.errors)")
    }
  }

  /// What is hidden elsewhere has other names here.
  @Test func whatIsNoneIsShown() throws {
    let lines = [
      "password: !secret ", "username: &user nacos", "x: \"a=1;b=2\"", "x: \"see http://h/#token\"",
      "x: \"token: see the wiki\"", "x: \"http://h/?page=2;sort=name\"", "secrets: [apisix, web]",
      "x: \"pwd=/usr/local/apisix\"", "x: 1}} # token：见文档", "tls: {key: /usr/local/apisix/conf/cert/etcd.key}",
      "x: \"token=${TOKEN}\"", "labels: {auth: basic}", "token: \"${{CONSUL_TOKEN:=}}\"", "secretAdminKey: admin",
      "x: \"image:1.2@sha256:12ab34\"",
    ]
    for line in lines {
      let folder = try Folder(["config.yaml": Self.nacos(line)])
      let shown = try gatecheck("lint", "config.yaml", in: folder.path).output
      #expect(shown.contains(line), "\(shown)")
    }
  }

  /// Of ZooKeeper's address in apisix-seed's file, and of what etcd says before anybody logged in.
  @Test func noServerIsCalledByItsPassword() throws {
    let stub = try StubServer { _ in .init(status: 403, body: "bad credential \(Self.canary)") }
    defer { stub.stop() }
    let folder = try Folder([
      "seed.yaml": """
      zookeeper: x
      etcd: {host: ["http://127.0.0.1:1"]}
      discovery: {zookeeper: {hosts: ["u:\(Self.canary)@127.0.0.1:1"]}}

      """,
      "config.yaml": "deployment: {etcd: {host: [\"\(stub.url)\"], user: root, password: \(Self.canary)}}\n",
    ])
    for call in [
      ["doctor", "--seed-config", "seed.yaml", "--config", "config.yaml"],
      ["registry", "verify", "--config", "config.yaml"],
    ] {
      for format in ["text", "json", "junit"] {
        let ended = try gatecheck(call + ["-o", format, "--timeout", "3"], in: folder.path)
        #expect([1, 3].contains(ended.status), "\(ended.errors)")
        #expect(!(ended.output + ended.errors).contains(Self.canary), "\(ended.output)")
      }
    }
  }

  @Test func aTokenIsNoServer() throws {
    let token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJlLXNpZ25hdHVyZQ"
    for server in [token, "https://\(token)", "https://\(token):6443"] {
      let ended = try gatecheck("token", "verify", "--server", server)
      #expect(
        ended.status == 2 && ended.errors.contains("--server wants a URL, and this is a token"), "\(ended.errors)")
      #expect(!ended.errors.lowercased().contains("eyj"))
    }
  }
}
