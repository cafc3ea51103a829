import Foundation
import TestSupport
import Testing

/// A real Consul whose ACLs deny what no policy allows. What is printed is pasted there, and then all is well.
@Suite(.enabled(if: ConsulServer.isThere, "Tests/servers/fetch.sh consul gives no Consul"), .serialized)
struct ConsulAccessTests {
  /// One for each test: policies have fixed names.
  private static func consul(acl: String = "") throws -> ConsulServer {
    let consul = try ConsulServer(hasACLs: true, acl: acl)
    try consul.register("web", node: "n1", "10.5.10.109", port: 3306)
    try consul.register("billing", node: "n2", "10.5.10.110")
    try consul.put("/v1/kv/upstreams/web/10.5.10.109:3306", "{\"weight\": 1}")
    return consul
  }

  private struct Way {
    let kind: String
    let consul: ConsulServer
    var name: String { kind == "consul" ? "web" : consul.url + "/v1/kv/upstreams/web/" }

    func run(_ command: String, token: String = "", _ arguments: [String] = []) throws -> Ended {
      let section = "{servers: [\"\(consul.url)\"]\(token.isEmpty ? "" : ", token: \(token)")}"
      let folder = try Folder(["config.yaml": "discovery: {\(kind): \(section)}\n"])
      let words = command == "resolve" ? ["resolve", name] : ["registry", "verify"]
      let ended = try gatecheck(words + ["--config", "config.yaml", "-v"] + arguments, in: folder.path)
      #expect(token.isEmpty || !(ended.output + ended.errors).contains(token), "a token shows")
      return ended
    }

    func isWell(token: String) throws {
      for command in ["resolve", "verify"] {
        let ended = try run(command, token: token)
        #expect(ended.status == 0 && ended.rules([]), "\(command): \(ended.output)\(ended.errors)")
      }
    }
  }

  /// The right that is missing is named, and the printed commands give it to the same token.
  @Test(
    arguments: [
      ("consul", "", "lacks service:read"),
      ("consul", #"service_prefix "" { policy = "read" }"#, "lacks node:read"),
      ("consul", #"node_prefix "" { policy = "read" }"#, "lacks service:read"),
      ("consul_kv", "", "lacks key:read"), ("consul_kv", #"key_prefix "other/" { policy = "read" }"#, "lacks key:read"),
    ])
  func aWeakToken(_ kind: String, _ rules: String, _ told: String) throws {
    let way = Way(kind: kind, consul: try Self.consul())
    let token = try way.consul.token(rules)
    for command in ["verify", "resolve"] {
      let ended = try way.run(command, token: token)
      #expect(ended.status == 1 && ended.rules(["registry/consul-weak-token"]), "\(ended.output)")
      #expect(ended.output.contains(told) && ended.output.contains("the token with the accessor"), "\(ended.output)")
      if command == "resolve" { try ended.paste() }
    }
    try way.isWell(token: token)
  }

  /// A token that may read only other services.
  @Test func aNarrowToken() throws {
    let way = Way(kind: "consul", consul: try Self.consul())
    let token = try way.consul.token(#"service "billing" { policy = "read" } node_prefix "" { policy = "read" }"#)
    let hidden = try way.run("resolve", token: token)
    #expect(hidden.rules(["registry/consul-weak-token"]) && hidden.output.contains("lacks service:read"))
    #expect(try way.run("verify", token: token).status == 0)
    // What it may read, and is not there, is unknown.
    let own = try way.consul.token(#"service_prefix "" { policy = "read" } node "n1" { policy = "read" }"#)
    let folder = try Folder([
      "config.yaml": "discovery: {consul: {servers: [\"\(way.consul.url)\"], token: \(own)}}\n"
    ])
    let unknown = try gatecheck("resolve", "wep", "--config", "config.yaml", in: folder.path)
    #expect(unknown.rules(["registry/unknown-service"]), "\(unknown.output)")
  }

  @Test(arguments: ["consul", "consul_kv"]) func noToken(_ kind: String) throws {
    let way = Way(kind: kind, consul: try Self.consul())
    for command in ["verify", "resolve"] {
      let ended = try way.run(command)
      #expect(ended.status == 1 && ended.rules(["registry/consul-no-token"]), "\(ended.output)")
    }
    let made = try way.run("resolve").paste()
    let secret = made.firstMatch(of: #/SecretID: +([0-9a-f-]+)/#).map { String($0.1) } ?? ""
    try way.isWell(token: secret)
    // Before 3.7 there is no token to be written: the anonymous one gets the right.
    let other = Way(kind: kind, consul: try Self.consul())
    defer { withExtendedLifetime((way, other)) {} }
    let old = try other.run("resolve", ["--apisix-version", "3.6.0"])
    #expect(old.rules(["registry/consul-no-token"]) && old.output.contains("the anonymous token"), "\(old.output)")
    try old.paste()
  }

  @Test(arguments: ["consul", "consul_kv"]) func anUnknownToken(_ kind: String) throws {
    let way = Way(kind: kind, consul: try Self.consul())
    let gone = "6f1c2b1e-0000-4000-8000-5a5a5a5a5a5a"
    for command in ["verify", "resolve"] {
      let ended = try way.run(command, token: gone)
      #expect(ended.status == 1 && ended.rules(["registry/consul-token-unknown"]), "\(ended.output)")
      #expect(ended.output.contains("403: ACL not found"), "\(ended.output)")
    }
    let made = try way.run("resolve", token: gone).paste()
    try way.isWell(token: made.firstMatch(of: #/SecretID: +([0-9a-f-]+)/#).map { String($0.1) } ?? "")
  }

  /// Where Consul wants the right `list` for a folder.
  @Test func aFolderThatMayNotBeListed() throws {
    let way = Way(
      kind: "consul_kv", consul: try Self.consul(acl: "enable_key_list_policy = true"))
    let token = try way.consul.token(#"key_prefix "upstreams" { policy = "read" }"#)
    let ended = try way.run("resolve", token: token)
    #expect(ended.status == 1 && ended.rules(["registry/consul-weak-token"]), "\(ended.output)")
    let policy = ended.output.firstMatch(of: #/key_prefix .* \{ policy = "list" \}/#).map { String($0.0) } ?? ""
    try way.isWell(token: way.consul.token(policy))
  }

  /// Of the pages as well.
  @Test func thePolicyOfThePagesSuffices() throws {
    let page = try gatecheck("explain", "registry/consul-weak-token").output
    for (kind, text) in [
      ("consul", #"service_prefix "" { policy = "read" } node_prefix "" { policy = "read" }"#),
      ("consul_kv", #"key_prefix "upstreams" { policy = "read" }"#),
    ] {
      #expect(page.contains(text), "\(page)")
      let way = Way(kind: kind, consul: try Self.consul())
      try way.isWell(token: way.consul.token(text))
    }
  }

  /// docs/registries/consul.md: its blocks for a shell, in their order, on a Consul with ACLs.
  @Test func theDocumentsCommandsRun() throws {
    let blocks = try Checkout.text("docs/registries/consul.md").matches(of: #/```sh\n((?:.|\n)*?)```/#).map {
      String($0.1)
    }
    let consul = try Self.consul()
    let grants = try #require(blocks.first { $0.contains("consul acl") })
    let asks = try #require(blocks.first { $0.contains("gatecheck") })
    #expect(blocks.count == 2)
    let path =
      "\((Checkout.binary as NSString).deletingLastPathComponent):"
      + "\((try #require(ConsulServer.program) as NSString).deletingLastPathComponent):/usr/bin:/bin"
    let environment = ["PATH": path, "CONSUL_HTTP_TOKEN": ConsulServer.master, "CONSUL_HTTP_ADDR": consul.url]
    let made = try bash("set -e\n" + grants, environment: environment)
    let secret = made.output.firstMatch(of: #/SecretID: +([0-9a-f-]+)/#).map { String($0.1) } ?? ""
    let section = "{servers: [\"\(consul.url)\"], token: \(secret)}"
    let folder = try Folder(["config.yaml": "discovery: {consul: \(section), consul_kv: \(section)}\n"])
    let script = asks.replacingOccurrences(of: "http://127.0.0.1:8500", with: consul.url)
    let asked = try bash("set -e\n" + script, in: folder.path, environment: environment)
    #expect(made.status == 0 && asked.status == 0, "\(made.errors)\(asked.output)\(asked.errors)")
    #expect(asked.output.contains("10.5.10.109"), "\(asked.output)")
  }
}
