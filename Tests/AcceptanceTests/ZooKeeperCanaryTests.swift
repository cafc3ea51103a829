import Foundation
import TestSupport
import Testing

/// No piece of a credential comes out of a command that asks ZooKeeper, a real one: not of what stands in a znode or in
/// its name, nor of the etcd that apisix-seed writes, a stub that sends back what it was sent.
@Suite(.enabled(if: ZooKeeperServer.isThere, "Debian's zookeeper package and java are needed"))
struct ZooKeeperCanaryTests {
  private static let foreign = Canary("a service's own password", "Zt5rQ8wLx2Nc7VbHk4Gd9PsJm3Fy")
  /// As it may stand in a name.
  private static let jwt = Canary(
    "a short JWT", "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhcGlzaXgifQ.Qz7xW2vK9pLmR4tY8nBc5dFg6hJs3aQeU1oI0rTz")

  /// What each znode holds.
  private static let znodes: [(name: String, data: String)] = {
    let secret = foreign.text
    return [
      (
        "meta",
        #"[{"host":"10.0.0.1","port":80,"weight":1,"metadata":{"password":"\#(secret)","inner":{"apiToken":"\#(secret)"},"#
          + #""jdbc":"mysql://u:\#(secret)@db/x","url":"http://db/?password=\#(secret)"}}]"#
      ),
      ("object", #"{"host":"10.0.0.1","port":80,"metadata":{"apiToken":"\#(secret)"}}"#),
      ("weightless", #"[{"host":"10.0.0.1","port":80,"password":"\#(secret)"}]"#),
      ("text", "password=\(secret)"), ("bare", secret), ("cut", #"[{"host":"10.0.0.1","password":"\#(secret)"#),
      ("host", #"[{"host":"http://apisix:\#(secret)@10.0.0.1","port":80,"weight":1}]"#),
      ("port", #"[{"host":"10.0.0.1","port":"\#(secret)","weight":1}]"#),
      ("typed", #"[{"host":{"password":"\#(secret)"}}]"#), ("key", #"[{"\#(secret)":1}]"#),
      ("apisix:\(secret)@10.0.0.1:80", ""), (jwt.text, ""),
      ("spring", ""),
      ("spring/7f3c", #"{"address":"10.0.0.7","port":"\#(secret)","payload":{"password":"\#(secret)"}}"#),
    ]
  }()

  /// A server that has them.
  private static let server = Result {
    let server = try ZooKeeperServer.shared.get()
    let said = try server.cli(
      (["create /canary"] + znodes.map { "create /canary/\($0.name)\($0.data.isEmpty ? "" : " '\($0.data)'")" }
        + ["create /\(jwt.text)", "create /canary-made"]).joined(separator: "\n"))
    guard said.contains("Created /canary-made") else { throw Unusable(description: said) }
    return server
  }

  private static func files(_ etcd: String) throws -> [String: String] {
    let hosts = try server.get().address
    return [
      "conf.yaml": """
      etcd: \(etcd)
      discovery:
        zookeeper: {hosts: ["\(hosts)"], prefix: /canary, weight: 100, timeout: 10}

      """,
      "config.yaml": "deployment: {etcd: \(etcd)}\n",
    ]
  }

  @Test func whateverAZnodeHolds() throws {
    let address = try Self.server.get().address
    let names =
      Self.znodes.map(\.name) + ["metb", "apisi:\(Self.foreign.text)@10.0.0.1:80", String(Self.jwt.text.dropLast())]
    for name in names where !name.contains("/") {
      for call in Canary.resolve([name, "--zookeeper", address + "/canary"], ofOne: true) {
        try Canary.expectNone(of: [Self.foreign, Self.jwt], by: call, in: [:], name)
      }
    }
    for prefix in ["/canary", "/canary/spring", "/nowhere", "/canary/\(Self.jwt.text)"] {
      let call = Canary.verify(["--zookeeper", address + prefix])
      try Canary.expectNone(of: [Self.foreign, Self.jwt], by: call, in: [:], prefix)
    }
  }

  @Test(arguments: EtcdCanaryTests.Echo.allCases) func whateverEtcdAnswers(_ echo: EtcdCanaryTests.Echo) throws {
    let stub = try StubServer { EtcdCanaryTests.answer($0, echo) }
    defer { stub.stop() }
    let address = try Self.server.get().address + "/canary"
    func look(_ arguments: [String], _ settings: String) throws {
      let files = try Self.files(EtcdCanaryTests.filled(settings, stub))
      for call in [Canary.verify(arguments)] + Canary.resolve(["meta"] + arguments, ofOne: true) {
        try Canary.expectNone(of: EtcdCanaryTests.all + [Self.foreign], by: call, in: files, "\(echo), \(settings)")
      }
    }
    try look(["--seed-config", "conf.yaml"], EtcdCanaryTests.settings[0])
    try look(["--zookeeper", address, "--config", "config.yaml"], EtcdCanaryTests.settings[3])
    #expect(!stub.asked.isEmpty)
  }

  /// A login that apisix-seed has not, before the server's address.
  @Test func anAddressWithALogin() throws {
    let address = try Self.server.get().address
    let secret = Self.foreign.text
    for server in [
      "apisix:\(secret)@\(address)", "http://apisix:\(secret)@\(address)", "apisix:\(secret)@\(address)/canary",
    ] {
      let config = #"discovery: {zookeeper: {hosts: ["\#(server)"], prefix: /canary}}"#
      for call in [
        Canary.verify(["--zookeeper", server]), Canary.verify(["--seed-config", "conf.yaml"]),
      ] + Canary.resolve(["meta", "--zookeeper", server]) + Canary.resolve(["meta", "--seed-config", "conf.yaml"]) {
        try Canary.expectNone(of: [Self.foreign], by: call, in: ["conf.yaml": config], server)
      }
    }
  }
}
