import Foundation
import TestSupport
import Testing

/// `registry verify` against contract stubs.
@Suite struct RegistryVerifyTests {
  private func verify(
    _ config: String, _ arguments: [String] = [], _ answer: @escaping @Sendable (StubServer.Asked) -> StubServer.Answer
  ) throws -> Ended {
    let stub = try StubServer(answer)
    defer { stub.stop() }
    let folder = try Folder(["config.yaml": config.replacingOccurrences(of: "PORT", with: "\(stub.port)")])
    return try gatecheck(["registry", "verify", "--config", "config.yaml"] + arguments, in: folder.path)
  }

  private static let three = """
    discovery:
      nacos: {host: ["http://u:q9VwZt3Xk7Lm2Rb8@127.0.0.1:PORT"]}
      consul: {servers: ["http://127.0.0.1:PORT"], token: q9VwZt3Xk7Lm2Rb8}
      eureka: {host: ["http://127.0.0.1:PORT"], prefix: /eureka/}

    """

  @Test func eachServerThatMayBeReadIsALine() throws {
    let ended = try verify(Self.three, ["-v"]) { asked in
      switch asked.path {
      case "/nacos/v1/auth/login": StubServer.Answer(body: #"{"accessToken": "q9VwZt3Xk7Lm2Rb8abc"}"#)
      case "/nacos/v1/ns/instance/list": StubServer.Answer(body: #"{"hosts": []}"#)
      case "/v1/catalog/services": StubServer.Answer(headers: ["X-Consul-Index: 7"], body: #"{"consul": []}"#)
      case "/eureka/apps":
        StubServer.Answer(body: #"{"applications": {"application": [{"name": "A", "instance": []}]}}"#)
      default: StubServer.Answer(body: "[]")
      }
    }
    #expect(ended.status == 0, "\(ended.output)\(ended.errors)")
    for registry in ["nacos at http://", "consul at http://", "eureka at http://"] {
      #expect(ended.output.contains(registry), "\(ended.output)")
    }
    #expect(!(ended.output + ended.errors).contains("q9VwZt3Xk7Lm2Rb8"), "\(ended.errors)")
  }

  @Test func eachRefusalHasItsRule() throws {
    let refused = try verify(Self.three) { asked in
      switch asked.path {
      case "/nacos/v1/auth/login": StubServer.Answer(status: 403, body: "unknown user!")
      case "/eureka/apps": StubServer.Answer(status: 404)
      default: StubServer.Answer(status: 403, body: "ACL not found q9VwZt3Xk7Lm2Rb8")
      }
    }
    #expect(refused.status == 1)
    for rule in ["registry/unauthorized", "registry/not-found", "registry/consul-token-unknown"] {
      #expect(refused.output.contains("[\(rule)]"), "\(refused.output)")
    }
    #expect(!refused.output.contains("q9VwZt3Xk7Lm2Rb8"))
    let weak = try verify(Self.three, ["--registry", "consul"]) { asked in
      StubServer.Answer(body: asked.path == "/v1/catalog/services" ? "{}" : "[]")
    }
    #expect(weak.output.contains("[registry/empty]"), "\(weak.output)")
  }

  @Test func whatCannotBeVerified() throws {
    let none = try verify("apisix: {node_listen: 9080}\n") { _ in StubServer.Answer() }
    #expect(none.status == 3 && none.output.contains("[registry/none-enabled]"), "\(none.output)")
    #expect(try gatecheck("registry", "verify").status == 2)
    #expect(try gatecheck("registry", "verify", "--config", "none.yaml").status == 3)
  }

  /// Another protocol, or a head without an end, is none of the Admin API's: no registry has its key.
  @Test func whatIsNoHTTP() throws {
    let garbage = Array("\u{1}\u{2} garbage\r\n\r\n".utf8)
    let long = Array("HTTP/1.1 200 OK\r\nX: \(String(repeating: "x", count: 1 << 20))\r\n\r\n".utf8)
    let cases: [(config: String, bytes: [UInt8])] = [
      ("discovery: {nacos: {host: [\"http://127.0.0.1:PORT\"]}}\n", garbage),
      ("discovery: {eureka: {host: [\"http://127.0.0.1:PORT\"]}}\n", garbage),
      ("deployment: {etcd: {host: [\"http://127.0.0.1:PORT\"]}}\n", garbage),
      ("discovery: {consul: {servers: [\"http://127.0.0.1:PORT\"]}}\n", long),
    ]
    for (config, bytes) in cases {
      let ended = try verify(config) { _ in .init(recorded: bytes) }
      expect(ended, "registry/odd-answer", "of config.yaml lists its addresses", status: 3)
      #expect(!ended.output.contains("resolve/apisix-refused"), "\(ended.output)")
    }
  }

  /// JSON of status 200 that APISIX takes for a service without instances, and that the registry never sends.
  @Test(arguments: [
    ("nacos: {host: [\"http://127.0.0.1:PORT\"]}", "{}"),
    ("nacos: {host: [\"http://127.0.0.1:PORT\"]}", "[1,\"x\",null]"),
    ("consul: {servers: [\"http://127.0.0.1:PORT\"]}", "null"),
    ("consul: {servers: [\"http://127.0.0.1:PORT\"]}", "{}"),
  ]) func whatTheRegistryNeverSends(_ section: String, _ body: String) throws {
    for release in ["3.18.0", "3.15.0"] {
      let ended = try verify("discovery: {\(section)}\n", ["--apisix-version", release]) { _ in .init(body: body) }
      expect(ended, "registry/odd-answer")
      let stub = try StubServer { _ in .init(body: body) }
      defer { stub.stop() }
      let folder = try Folder([
        "config.yaml": "discovery: {\(section.replacingOccurrences(of: "PORT", with: "\(stub.port)"))}\n"
      ])
      let resolved = try gatecheck(
        "resolve", "web", "--config", "config.yaml", "--apisix-version", release, "-o", "json", in: folder.path)
      #expect(resolved.rules == ["registry/odd-answer"], "\(resolved.output)")
    }
    let catalogue = try verify("discovery: {consul: {servers: [\"http://127.0.0.1:PORT\"]}}\n") { asked in
      .init(body: asked.path == "/v1/catalog/services" ? "null" : "[]")
    }
    expect(catalogue, "registry/odd-answer", "null in place of its services")
  }
}
