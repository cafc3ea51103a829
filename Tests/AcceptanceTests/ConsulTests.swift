import Foundation
import TestSupport
import Testing

/// Consul as it is: `resolve` and `registry verify` on a real server, 1.8, without ACLs.
@Suite(.enabled(if: ConsulServer.isThere, "Tests/servers/fetch.sh consul gives no Consul")) struct ConsulTests {
  static let shared = Result {
    let consul = try ConsulServer()
    try consul.register("web", node: "n1", "10.5.10.109", port: 3306, check: ("tcp", "passing", ""))
    try consul.register("web", node: "n2", "10.5.10.110", port: 3306, check: ("tcp", "passing", ""))
    try consul.register(
      "billing", node: "n3", "10.5.10.111",
      check: ("billing-http", "critical", "dial tcp 10.5.10.111:80: connect: connection refused\nsecond line"))
    try consul.register("slow", node: "n4", "10.5.10.112", check: ("slow-http", "warning", "429 Too Many Requests"))
    try consul.register("bare", node: "n5", "", port: 8080, nodeAddress: "10.5.10.113")
    try consul.register("Orders", node: "n6", "10.5.10.114")
    try consul.register("team/web", node: "n7", "10.5.10.115")
    return consul
  }

  /// - Parameter extra: more of the section.
  private func run(
    _ command: [String], _ extra: String = "", server: String? = nil, _ arguments: [String] = []
  ) throws -> Ended {
    let server = try server ?? Self.shared.get().url
    let folder = try Folder(["config.yaml": "discovery: {consul: {servers: [\"\(server)\"]\(extra)}}\n"])
    return try gatecheck(command + ["--config", "config.yaml"] + arguments, in: folder.path)
  }

  private func resolve(_ name: String, _ extra: String = "", _ arguments: [String] = []) throws -> Ended {
    try run(["resolve", name], extra, arguments)
  }

  @Test func theNodesAreFound() throws {
    let found = try resolve("web")
    #expect(found.status == 0 && found.output.contains("10.5.10.109  3306"), "\(found.output)")
    #expect(found.output.contains("10.5.10.110") && !found.output.contains("[registry/"), "\(found.output)")
    let verified = try run(["registry", "verify"])
    #expect(verified.status == 0 && verified.output.contains("APISIX may read it"), "\(verified.output)")
    // A name with a slash is one of the catalogue.
    let slash = try resolve("team/web")
    #expect(slash.status == 0 && slash.output.contains("10.5.10.115"), "\(slash.output)")
  }

  @Test(
    arguments: [
      ("orders", "did you mean service_name: Orders?"), ("wep", "did you mean service_name: web?"),
      ("web.service.consul", "did you mean service_name: web?"), ("default/web", "did you mean service_name: web?"),
      ("nothing-of-the-kind", "the name of a service in Consul's catalogue"), ("../..", "the name of a service"),
      ("../../v1/agent/self", "the name of a service"), ("web?near=x", "the name of a service"), ("a b", "the name of"),
    ])
  func anUnknownName(_ name: String, _ help: String) throws {
    let ended = try resolve(name)
    #expect(ended.status == 1 && ended.rules(["registry/unknown-service"]), "\(ended.output)")
    #expect(ended.output.contains("consul has nothing under \(name)") && ended.output.contains(help), "\(ended.output)")
  }

  @Test func aCheckThatFailsIsNamed() throws {
    let critical = try resolve("billing")
    #expect(critical.rules(["registry/nothing-usable"]), "\(critical.output)")
    let said = "billing-http of n3 is critical: dial tcp 10.5.10.111:80: connect: connection refused"
    #expect(critical.output.contains(said + " [") && critical.status == 1, "\(critical.output)")
    let warning = try resolve("slow")
    #expect(warning.output.contains("slow-http of n4 is warning: 429 Too Many Requests"), "\(warning.output)")
    #expect(warning.output.contains("APISIX takes only what passes"), "\(warning.output)")
  }

  @Test func anInstanceWithoutAddress() throws {
    // 3.3 as well: it takes the empty address, though not an absent one.
    for release in ["3.18.0", "3.16.0", "3.8.1", "3.3.0"] {
      let ended = try resolve("bare", "", ["--apisix-version", release])
      #expect(ended.status == 1 && ended.rules(["registry/consul-no-address"]), "\(release): \(ended.output)")
      #expect(ended.output.contains("node n5 is registered without") && ended.output.contains("\"10.5.10.113\""))
    }
  }

  @Test func whatIsLeftOut() throws {
    for name in ["web", "consul"] {
      let ended = try resolve(name, ", skip_services: [web]")
      #expect(ended.status == 1 && ended.rules(["registry/consul-skipped"]), "\(ended.output)")
    }
    let standIn = try resolve("nobody", ", default_service: {host: 10.0.0.9, port: 80}")
    #expect(standIn.output.contains("10.0.0.9"), "\(standIn.output)")
    #expect(standIn.rules(["registry/default-service", "registry/unknown-service"]), "\(standIn.output)")
  }

  @Test func anotherPortOfConsul() throws {
    let consul = try Self.shared.get()
    for command in [["resolve", "web"], ["registry", "verify"]] {
      let ended = try run(command, server: "http://127.0.0.1:\(consul.dnsPort)")
      #expect(ended.status == 3 && ended.rules(["registry/consul-port"]), "\(ended.output)")
      #expect(ended.output.contains("8500"), "\(ended.output)")
    }
  }

  @Test(arguments: ["https://127.0.0.1:8501", "http://127.0.0.1:8500/", "http://127.0.0.1:8500/consul"])
  func anAddressThatAPISIXDoesNotTake(_ server: String) throws {
    for command in [["resolve", "web"], ["registry", "verify"]] {
      let ended = try run(command, server: server)
      #expect(ended.status == 1 && ended.rules(["config/refused"]), "\(ended.output)")
      #expect(ended.output.contains(server.hasPrefix("https") ? "only support consul http" : "the valid format"))
    }
  }

  /// A server that waits for two others.
  @Test func anAgentWithoutLeader() throws {
    let alone = try ConsulServer(awaits: 3)
    for command in [["resolve", "web"], ["registry", "verify"]] {
      let ended = try run(command, server: alone.url)
      #expect(ended.status == 1 && ended.rules(["registry/consul-no-leader"]), "\(ended.output)")
      #expect(ended.output.contains("500: No cluster leader"), "\(ended.output)")
      try ended.paste()
    }
  }

  @Test func anotherDatacenter() throws {
    let consul = try Self.shared.get()
    let other = try ConsulServer(datacenter: "dc2", joining: consul)
    try other.register("elsewhere", node: "n1", "10.6.0.1")
    #expect(
      try Cluster.eventually { try consul.get("/v1/catalog/services?dc=dc2").contains("elsewhere") }, "dc2 never joins")
    let ended = try resolve("elsewhere")
    #expect(ended.status == 1 && ended.rules(["registry/consul-other-datacenter"]), "\(ended.output)")
    #expect(ended.output.contains("in the datacenter dc2; APISIX asks that of the agent, dc1"), "\(ended.output)")
    let there = try run(["resolve", "elsewhere"], server: other.url)
    #expect(there.status == 0 && there.output.contains("10.6.0.1"), "\(there.output)")
  }
}

extension Ended {
  /// Whether these are the rules of the findings shown as text, in any order.
  func rules(_ expected: [String]) -> Bool {
    let shown = output.matches(of: #/\[((?:registry|config|connect|tls|resolve)/[a-z-]+)\]$/#.anchorsMatchLineEndings())
    return shown.map { String($0.1) }.sorted() == expected.sorted()
  }

  /// Runs the lines of help that begin with `consul` or `curl`, as one with all rights would.
  @discardableResult
  func paste() throws -> String {
    let lines = output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter {
      $0.hasPrefix("consul ") || $0.hasPrefix("curl ")
    }
    #expect(!lines.isEmpty, "\(output)")
    let path = (ConsulServer.program.map { ($0 as NSString).deletingLastPathComponent } ?? "") + ":/usr/bin:/bin"
    let ended = try bash(
      "set -e\n" + lines.joined(separator: "\n"),
      environment: ["PATH": path, "CONSUL_HTTP_TOKEN": ConsulServer.master])
    #expect(ended.status == 0, "\(lines)\n\(ended.output)\(ended.errors)")
    return ended.output
  }
}
