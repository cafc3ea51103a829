import Foundation
import JSON
import TestSupport
import Testing

/// `resolve` and `registry verify` with discovery.dns, on real name servers; where none does what is wanted, on a stub
/// that says whatever bytes it is told.
@Suite struct RegistryDNSTests {
  private static let nsd = "nsd cannot be had"
  private static var hasNSD: Bool { NameServer.Program.nsd.isThere }

  private static let zone =
    """
    a IN A 10.5.10.109
    b IN A 10.5.10.110
    six IN AAAA 2001:db8::109
    text IN TXT "no address"
    alias IN CNAME a
    web IN SRV 10 60 8080 a
    web IN SRV 20 0 8081 b
    broken IN SRV 10 5 80 a
    broken IN SRV 10 5 80 gone
    dot IN SRV 0 0 0 .
    zero IN SRV 10 5 0 a
    loopa IN CNAME loopb
    loopb IN CNAME loopa
    self IN SRV 10 5 80 self
    self IN A 10.5.10.111

    """ + (1...60).map { "many IN A 10.9.0.\($0)\n" }.joined()

  /// - Parameter dns: the section, in which SERVER is the server's address.
  private func resolve(
    _ name: String, at server: String, _ dns: String = "servers: [\"SERVER\"]", _ arguments: [String] = [],
    apisix: String = "{}", files: [String: String] = [:]
  ) throws -> Ended {
    let text = "apisix: \(apisix)\ndiscovery: {dns: {\(dns)}}\n".replacingOccurrences(of: "SERVER", with: server)
    let folder = try Folder(files.mapValues { $0.replacingOccurrences(of: "SERVER", with: server) })
    try folder.write("config.yaml", text.replacingOccurrences(of: "FOLDER", with: folder.path))
    let root = arguments.map { $0.replacingOccurrences(of: "FOLDER", with: folder.path) }
    return try gatecheck(["resolve", name, "--config", "config.yaml"] + root, in: folder.path)
  }

  /// The nodes, as `HOST:PORT WEIGHT`.
  private func nodes(_ ended: Ended) throws -> [String] {
    (try ended.json()["nodes"] as? [[String: Any]] ?? []).map {
      "\($0["host"] ?? "-"):\($0["port"] ?? "-") \($0["weight"] ?? "-")"
    }
  }

  // MARK: Names

  @Test(
    "what is found, and why nothing is",
    .enabled(if: hasNSD, Comment(rawValue: nsd)),
    arguments: [
      ("a.gate.example:80", 0, ["10.5.10.109:80 1"], []), ("A.Gate.Example.:80", 0, ["10.5.10.109:80 1"], []),
      ("web.gate.example", 0, ["10.5.10.109:8080 60", "10.5.10.110:8081 1"], []),
      ("web.gate.example:9000", 0, ["10.5.10.109:9000 60", "10.5.10.110:9000 1"], []),
      ("alias.gate.example:80", 0, ["10.5.10.109:80 1"], []), ("self.gate.example:80", 0, ["10.5.10.111:80 1"], []),
      ("localhost:80", 0, ["127.0.0.1:80 1"], []),
      ("six.gate.example:80", 0, ["[2001:db8:0:0:0:0:0:109]:80 1"], []),
      ("a.gate.example", 0, ["10.5.10.109:- 1"], ["registry/dns-no-port"]),
      ("zero.gate.example", 0, ["10.5.10.109:- 5"], ["registry/dns-no-port"]),
      ("nope.gate.example:80", 1, [], ["registry/dns-no-such-name"]),
      ("text.gate.example:80", 1, [], ["registry/dns-no-record"]),
      ("elsewhere.example:80", 1, [], ["registry/dns-refused"]), ("web:80", 1, [], ["registry/dns-short-name"]),
      ("loopa.gate.example:80", 1, [], ["registry/dns-loop"]), ("broken.gate.example", 1, [], ["registry/dns-target"]),
      ("dot.gate.example", 1, [], ["registry/dns-target"]),
      ("a..gate.example:80", 1, [], ["registry/dns-no-such-name"]),
    ])
  func names(_ name: String, _ status: Int32, _ nodes: [String], _ rules: [String]) throws {
    let server = try NameServer(.nsd, Self.zone)
    let ended = try resolve(name, at: server.address, ["-o", "json"])
    withExtendedLifetime(server) {}
    #expect(ended.status == status && ended.rules == rules, "\(ended.output)")
    #expect(try self.nodes(ended).sorted() == nodes)
  }

  private func resolve(_ name: String, at server: String, _ arguments: [String]) throws -> Ended {
    try resolve(name, at: server, "servers: [\"SERVER\"]", arguments)
  }

  @Test(
    "NXDOMAIN is told from a name without a record, and a long answer comes over TCP",
    arguments: NameServer.Program.allCases)
  func servers(_ program: NameServer.Program) throws {
    guard program.isThere else { try Test.cancel("\(program.rawValue) cannot be had") }
    let lines = "txt-record=text.gate.example,none\nhost-record=a.gate.example,10.5.10.109\n"
    let many = (1...60).map { "host-record=many.gate.example,10.9.0.\($0)\n" }.joined()
    let server = try NameServer(program, program == .dnsmasq ? lines + many : Self.zone)
    defer { withExtendedLifetime(server) {} }
    #expect(try nodes(resolve("a.gate.example:80", at: server.address, ["-o", "json"])) == ["10.5.10.109:80 1"])
    #expect(try nodes(resolve("many.gate.example:80", at: server.address, ["-o", "json"])).count == 60)
    let unknown = try resolve("nope.gate.example:80", at: server.address, [])
    #expect(unknown.status == 1 && unknown.output.contains("\(server.address) does not know nope.gate.example"))
    #expect(
      unknown.output.contains("APISIX keeps that answer for 30 s [") == false
        && unknown.output.contains("APISIX keeps that answer for 30 s"))
    #expect(
      try resolve("text.gate.example:80", at: server.address, ["-o", "json"]).rules == ["registry/dns-no-record"])
    let verified = try verify("servers: [\"\(server.address)\"]")
    #expect(verified.status == 0 && verified.output.contains("dns at \(server.address): APISIX may read it"))
  }

  @Test("unbound: what it cannot find out, and what it keeps silent about")
  func resolver() throws {
    guard NameServer.Program.unbound.isThere, Self.hasNSD else { try Test.cancel("unbound cannot be had") }
    let refusing = try NameServer(.nsd, Self.zone)
    defer { withExtendedLifetime(refusing) {} }
    let (host, port) = ("127.0.0.1", refusing.address.split(separator: ":")[1])
    let server = try NameServer(
      .unbound, Self.zone,
      settings: """
        server:
          do-not-query-localhost: no
          module-config: "iterator"
          local-zone: "silent.example." deny
        forward-zone:
          name: "down.example."
          forward-addr: \(host)@\(port)
        """)
    defer { withExtendedLifetime(server) {} }
    let down = try resolve("web.down.example:80", at: server.address, ["-o", "json"])
    #expect(down.status == 1 && down.rules == ["registry/dns-server-failure"], "\(down.output)")
    let silent = try resolve("web.silent.example:80", at: server.address, ["--request-timeout", "1"])
    #expect(silent.status == 3 && silent.output.contains("[registry/silent]"), "\(silent.output)")
    #expect(silent.output.contains("\(server.address) did not answer in time"))
  }

  // MARK: order

  @Test(
    "a type that order leaves out is named", .enabled(if: hasNSD, Comment(rawValue: nsd)),
    arguments: [
      ("web.gate.example", "[A]", "true", [], "has SRV records, and discovery.dns.order leaves SRV out"),
      ("six.gate.example:80", "[SRV, A]", "true", [], "order: [SRV, A, AAAA]"),
      ("web.gate.example", "[last]", "true", [], "order is [last]: APISIX asks no server for anything"),
      ("web.gate.example", "[SRV]", "true", [], "neither A nor AAAA: no host that an SRV or CNAME record names"),
      ("alias.gate.example:80", "[last, CNAME]", "true", [], "write order: [last, CNAME, A]"),
      ("six.gate.example:80", "[AAAA]", "false", [], "order is [AAAA], and apisix.enable_ipv6 is false"),
      (
        "six.gate.example:80", "[last, SRV, A, AAAA, CNAME]", "false", [],
        "has AAAA records, and apisix.enable_ipv6 is false"
      ),
      ("alias.gate.example:80", "[A]", "true", ["--apisix-version", "3.14"], "order: [A, CNAME]"),
    ])
  func order(_ name: String, _ order: String, _ hasIPv6: String, _ arguments: [String], _ told: String) throws {
    let server = try NameServer(.nsd, Self.zone)
    defer { withExtendedLifetime(server) {} }
    let ended = try resolve(
      name, at: server.address, "servers: [\"SERVER\"], order: \(order)", arguments, apisix: "{enable_ipv6: \(hasIPv6)}"
    )
    #expect(ended.status == 1 && ended.output.contains("[registry/dns-order]"), "\(ended.output)")
    #expect(ended.output.contains(told), "\(ended.output)")
  }

  // MARK: The search list

  @Test(
    "the search list of resolv_conf, and that of the host below --root", .enabled(if: hasNSD, Comment(rawValue: nsd)))
  func search() throws {
    let server = try NameServer(.nsd, Self.zone)
    defer { withExtendedLifetime(server) {} }
    let conf = "nameserver SERVER\nsearch x.example gate.example\noptions ndots:2\n"
    let named = try resolve("a:80", at: server.address, "resolv_conf: FOLDER/r", ["-v"], files: ["r": conf])
    #expect(named.status == 0 && named.output.contains("10.5.10.109"), "\(named.output)")
    let asked = ["SRV a.x.example", "SRV a.gate.example", "SRV a", "A a.x.example", "A a.gate.example"]
    #expect(
      named.errors.components(separatedBy: "\n").filter { $0.contains("DNS ") }.map { line in
        line.components(separatedBy: "DNS ")[1].components(separatedBy: " of ")[0]
      } == asked)
    let hosts = try resolve(
      "a:80", at: server.address, "servers: [\"SERVER\"]", ["--root", "FOLDER"],
      files: ["etc/resolv.conf": "nameserver 192.0.2.1\ndomain gate.example\n"])
    #expect(hosts.status == 0 && hosts.output.contains("10.5.10.109"), "\(hosts.output)")
    let short = try resolve("nope:80", at: server.address, "resolv_conf: FOLDER/r", files: ["r": conf])
    #expect(
      short.status == 1 && short.output.contains("does not know nope, nor with x.example, gate.example behind it"),
      "\(short.output)")
    #expect(try resolve("nope:80", at: server.address, []).output.contains("--root DIR lets gatecheck read"))
  }

  // MARK: Servers

  @Test("a server by its name lets APISIX find nothing", arguments: ["dns1.example:53", "dns1", "127.0.0.1:0"])
  func serverByName(_ text: String) throws {
    let ended = try resolve(
      "a.gate.example:80", at: "127.0.0.1:1", "servers: [\"\(text)\", \"SERVER\"]", ["-o", "json"])
    #expect(ended.status == 1 && ended.rules == ["registry/dns-server-name"], "\(ended.output)")
  }

  @Test("one dead server of several costs one timeout", .enabled(if: hasNSD, Comment(rawValue: nsd)))
  func deadServer() throws {
    let server = try NameServer(.nsd, Self.zone)
    defer { withExtendedLifetime(server) {} }
    let silent = try StubNameServer { _ in [] }
    let servers = "servers: [\"\(silent.address)\", \"SERVER\"]"
    let ended = try resolve("web.gate.example", at: server.address, servers, ["--request-timeout", "2"])
    // Of five questions one waits for it.
    #expect(silent.asked.count < 5, "\(silent.asked.count)")
    #expect(ended.status == 0 && ended.output.contains("10.5.10.110"), "\(ended.output)")
    #expect(
      ended.output.contains("\(silent.address) did not answer in time")
        && ended.output.contains("[registry/dns-dead-server]"))
    let verified = try verify(servers.replacingOccurrences(of: "SERVER", with: server.address))
    #expect(verified.status == 3 && verified.output.contains("dns at \(server.address): APISIX may read it"))
    #expect(verified.output.contains("\(silent.address) did not answer in time"), "\(verified.output)")
  }

  private func verify(_ dns: String) throws -> Ended {
    let folder = try Folder(["config.yaml": "discovery: {dns: {\(dns)}}\n"])
    return try gatecheck("registry", "verify", "--config", "config.yaml", "--request-timeout", "2", in: folder.path)
  }

  @Test("each name server of a resolv.conf is a line", .enabled(if: hasNSD, Comment(rawValue: nsd)))
  func verifiedServers() throws {
    let servers = try [NameServer(.nsd, Self.zone), NameServer(.nsd, Self.zone)]
    defer { withExtendedLifetime(servers) {} }
    let folder = try Folder(["r": servers.map { "nameserver \($0.address)\n" }.joined()])
    let ended = try verify("resolv_conf: \(folder["r"])")
    #expect(ended.status == 0)
    for server in servers { #expect(ended.output.contains("dns at \(server.address): APISIX"), "\(ended.output)") }
  }

  @Test("a dead name server has its address in the document")
  func addressOfADeadServer() throws {
    let dead = "127.0.0.1:\(try StubNameServer.closedPort(withTCP: true))"
    let folder = try Folder(["config.yaml": "discovery: {dns: {servers: [\"\(dead)\"]}}\n"])
    let ended = try gatecheck(
      "registry", "verify", "--config", "config.yaml", "--request-timeout", "1", "-o", "json", in: folder.path)
    let server = try JSONValue.parse(ended.output)["registries"]?.array?.first?["servers"]?.array?.first
    #expect(server?["url"] == .string(dead) && server?["status"] == "unreached", "\(ended.output)")
  }

  // MARK: A stub

  @Test("a stub whose answer is cut, and that listens on UDP alone")
  func cut() throws {
    let stub = try StubNameServer { question in [question[..<2] + [0x87, 0x80] + question[4...]] }
    let ended = try resolve("web.gate.example:80", at: stub.address, ["-o", "json"])
    #expect(ended.status == 1 && ended.rules == ["registry/dns-cut"], "\(ended.output)")
    // Only SRV records are too many: those of type A are taken, as APISIX does.
    let half = try StubNameServer { question in
      let isSRV = question.suffix(4).prefix(2) == [0, 33]
      let address: [UInt8] = [0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 10, 0, 0, 1]
      let head: [UInt8] = isSRV ? [0x87, 0x80, 0, 1, 0, 0, 0, 0, 0, 0] : [0x85, 0x80, 0, 1, 0, 1, 0, 0, 0, 0]
      return [question[..<2] + head + question[12...] + (isSRV ? [] : address)]
    }
    let found = try resolve("web.gate.example:80", at: half.address, [])
    #expect(found.status == 0 && found.output.contains("10.0.0.1"), "\(found.output)")
    #expect(found.output.contains("warning: ") && found.output.contains("[registry/dns-cut]"), "\(found.output)")
  }

  // MARK: Consul

  @Test(
    "Consul gives a client without EDNS three instances of six",
    .enabled(if: ConsulServer.isThere, "consul cannot be had"))
  func consul() throws {
    let consul = try ConsulServer()
    for index in 1...6 { try consul.register("web", node: "n\(index)", "10.5.10.\(index)", port: 8080) }
    let server = "127.0.0.1:\(consul.dnsPort)"
    let fewer = try resolve("web.service.consul", at: server, [])
    #expect(fewer.status == 0 && fewer.output.contains("[registry/dns-fewer]"), "\(fewer.output)")
    #expect(fewer.output.contains("\(server) gives APISIX 3 of 6 instances of web.service.consul"), "\(fewer.output)")
    let mended = try ConsulServer(settings: "dns_config { enable_truncate = true }")
    for index in 1...6 { try mended.register("web", node: "n\(index)", "10.5.10.\(index)", port: 8080) }
    let all = try resolve("web.service.consul", at: "127.0.0.1:\(mended.dnsPort)", ["-o", "json"])
    #expect(try nodes(all).count == 6 && all.rules.isEmpty, "\(all.output)")
  }
}
