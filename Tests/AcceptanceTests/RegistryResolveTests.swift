import Foundation
import TestSupport
import Testing

/// `resolve --registry` against contract stubs of Nacos, Consul, consul_kv and Eureka, which answer as was recorded.
@Suite struct RegistryResolveTests {
  /// What APISIX asked, what it was answered, and the nodes that it computed.
  private struct Case {
    let json: [String: Any]
    var registry: String { json["registry"] as? String ?? "" }
    var about: String { "\(json["id"] ?? "") \(json["about"] ?? "")" }

    static func all(_ name: String) throws -> [Case] {
      try Checkout.text("Tests/APISIXTests/Conformance/\(name).jsonl").split(separator: "\n").compactMap { line in
        (try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]).map(Case.init)
      }
    }

    /// Whether one request by name can tell: what an earlier answer left, and for which names upstreams are there, the
    /// command does not know.
    var isOneQuestion: Bool {
      guard registry != "dns", json["then"] == nil, json["zone"] == nil, json["server_by_port"] == nil else {
        return false
      }
      let upstreams = (json["upstreams"] as? [[String: Any]] ?? []).map { upstream in
        [upstream["service_name"] as? String, "\(upstream["discovery_args"] ?? "")", upstream["scheme"] as? String]
      }
      return registry != "nacos"
        || upstreams.contains([json["service_name"] as? String, "\(json["discovery_args"] ?? "")", nil])
    }
  }

  private static let ports = ["8500", "8761", "8848"]

  private func problem(_ entry: Case) throws -> String? {
    let server = entry.json["server"] as? [String: Any] ?? [:]
    let answers = try server.mapValues { answer in
      let answer = (answer as? [Any])?.first ?? answer
      let body = (answer as? [String: Any])?["body"] ?? ""
      let text =
        try body as? String
        ?? String(
          decoding: JSONSerialization.data(withJSONObject: body, options: .fragmentsAllowed), as: UTF8.self)
      return StubServer.Answer(status: (answer as? [String: Any])?["status"] as? Int ?? 200, body: text)
    }
    let stub = try StubServer { answers[$0.path] ?? StubServer.Answer(status: 404) }
    defer { stub.stop() }
    let moved = { (text: String) in
      Self.ports.reduce(text) { $0.replacingOccurrences(of: "127.0.0.1:\($1)", with: "127.0.0.1:\(stub.port)") }
    }
    let config = "discovery:\n  \(entry.registry):\n" + Self.block(entry.json["config"] ?? [:], "    ")
    let folder = try Folder(["config.yaml": moved(config)])
    var arguments = ["resolve", "-o", "json", "--config", "config.yaml", "--registry", entry.registry]
    if let release = entry.json["release"] as? String { arguments += ["--apisix-version", release] }
    for (key, value) in entry.json["discovery_args"] as? [String: Any] ?? [:] {
      arguments += ["--discovery-arg", "\(key)=\(value)"]
    }
    let ended = try gatecheck(
      arguments + ["--", moved(entry.json["service_name"] as? String ?? "")], in: folder.path)
    guard let document = try? JSONSerialization.jsonObject(with: Data(ended.output.utf8)) as? [String: Any] else {
      return "\(entry.about): status \(ended.status), \(ended.output)"
    }
    let found = Self.nodes(document["nodes"])
    let expected = Self.nodes(entry.json["nodes"])
    let isSorted = ["host_sort", "port_sort"].contains(
      (entry.json["config"] as? [String: Any])?["sort_type"] as? String)
    if isSorted ? found?.sorted() != expected?.sorted() : found != expected {
      return "\(entry.about): expected \(expected ?? ["none"]), found \(found ?? ["none"])"
    }
    let isTold = !(document["findings"] as? [Any] ?? []).isEmpty
    return found?.isEmpty != false && !isTold ? "\(entry.about): no finding says why" : nil
  }

  /// As YAML in block style: in flow style the releases before 3.10 take numbers for texts.
  private static func block(_ value: Any, _ indent: String) -> String {
    switch value {
    case let map as [String: Any]:
      return map.map { key, value in
        let isNested = (value as? [String: Any])?.isEmpty == false || (value as? [Any])?.isEmpty == false
        return indent + "\(key):" + (isNested ? "\n" + block(value, indent + "  ") : " \(scalar(value))\n")
      }.joined()
    case let list as [Any]: return list.map { "\(indent)- \(scalar($0))\n" }.joined()
    default: return "\(indent)\(scalar(value))\n"
    }
  }

  private static func scalar(_ value: Any) -> String {
    let data = try? JSONSerialization.data(
      withJSONObject: value, options: [.fragmentsAllowed, .withoutEscapingSlashes])
    return data.map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  private static func nodes(_ value: Any?) -> [String]? {
    (value as? [[String: Any]])?.map { node in
      ["host", "port", "weight", "priority"].map { "\(node[$0] ?? "-")" }.joined(separator: " ")
    }
  }

  @Test(arguments: [("registries-cases", 40), ("older-registries-cases", 90)])
  func theNodesAreThoseOfAPISIX(_ file: String, atLeast count: Int) throws {
    let cases = try Case.all(file).filter(\.isOneQuestion)
    #expect(cases.count >= count)
    for entry in cases {
      let problem = try problem(entry)
      #expect(problem == nil)
    }
  }

  // MARK: Why not

  private func resolve(
    _ registry: String, _ section: String, _ name: String, _ arguments: [String] = [],
    _ answer: @escaping @Sendable (StubServer.Asked) -> StubServer.Answer
  ) throws -> (ended: Ended, asked: [StubServer.Asked]) {
    let stub = try StubServer(answer)
    defer { stub.stop() }
    let text = "discovery: {\(registry): \(section.replacingOccurrences(of: "PORT", with: "\(stub.port)"))}\n"
    let folder = try Folder(["config.yaml": text])
    let ended = try gatecheck(["resolve", name, "--config", "config.yaml"] + arguments, in: folder.path)
    return (ended, stub.asked)
  }

  @Test(
    arguments: [
      (
        "nacos", "{host: [\"http://127.0.0.1:PORT\"]}", 403, "{\"message\":\"authorization failed!\"}",
        "registry/forbidden"
      ),
      ("nacos", "{host: [\"http://u:wrong@127.0.0.1:PORT\"]}", 403, "unknown user!", "registry/unauthorized"),
      ("nacos", "{host: [\"http://127.0.0.1:PORT\"]}", 410, "gone", "registry/not-found"),
      ("nacos", "{host: [\"http://127.0.0.1:PORT\"]}", 503, "server is STARTING now", "registry/trouble"),
      ("nacos", "{host: [\"http://127.0.0.1:PORT\"]}", 200, "<html></html>", "registry/not-json"),
      (
        "consul", "{servers: [\"http://127.0.0.1:PORT\"], token: q9VwZt3Xk7Lm2Rb8}", 403, "ACL not found",
        "registry/forbidden"
      ),
      ("consul", "{servers: [\"http://127.0.0.1:PORT\"]}", 500, "No cluster leader", "registry/trouble"),
      (
        "eureka", "{host: [\"http://u:q9VwZt3Xk7Lm2Rb8@127.0.0.1:PORT\"], prefix: /eureka/}", 401, "",
        "registry/unauthorized"
      ),
      ("eureka", "{host: [\"http://127.0.0.1:PORT\"], prefix: /eureka/}", 404, "", "registry/not-found"),
      (
        "eureka", "{host: [\"http://127.0.0.1:PORT\"], prefix: /eureka/}", 200, "{\"applications\":{}}",
        "registry/odd-answer"
      ),
    ])
  func aRefusalIsTold(_ registry: String, _ section: String, _ status: Int, _ body: String, _ rule: String) throws {
    let (ended, asked) = try resolve(registry, section, "web") { _ in StubServer.Answer(status: status, body: body) }
    #expect(ended.status == 1 && !asked.isEmpty)
    #expect(ended.output.contains("[\(rule)]"), "\(ended.output)")
    #expect(!ended.output.contains("q9VwZt3Xk7Lm2Rb8"))
  }

  @Test func consulSaysWhichCheckFails() throws {
    let checks = #"""
      [{"Node": {"Node": "n1"}, "Service": {"ID": "web1"}, "Checks": [
        {"Node": "n1", "Name": "web-http", "Status": "critical", "Output": "dial tcp 10.0.0.1:80: connect: connection refused"}]}]
      """#
    let (ended, _) = try resolve("consul", "{servers: [\"http://127.0.0.1:PORT\"]}", "web") { asked in
      switch asked.target {
      case "/v1/catalog/services": StubServer.Answer(body: #"{"consul": [], "web": []}"#)
      case "/v1/health/service/web": StubServer.Answer(body: checks)
      default: StubServer.Answer(body: "[]")
      }
    }
    #expect(ended.status == 1)
    #expect(
      ended.output.contains(
        "no instance of web passes its checks: web-http of n1 is critical: dial tcp 10.0.0.1:80: connect: connection refused"
      ) && ended.output.contains("[registry/nothing-usable]"), "\(ended.output)")
  }

  @Test func nacosSaysWhatItHides() throws {
    let section = "{host: [\"http://127.0.0.1:PORT\"]}"
    let idle = try resolve("nacos", section, "web") { asked in
      let all = #"{"hosts": [{"ip": "10.0.0.1", "port": 80, "healthy": false, "enabled": true}]}"#
      return StubServer.Answer(body: asked.target.contains("healthyOnly=false") ? all : #"{"hosts": []}"#)
    }.ended
    #expect(idle.output.contains("no instance of web is healthy: 10.0.0.1:80 is unhealthy"), "\(idle.output)")
    let near = try resolve("nacos", section, "wep", ["--discovery-arg", "group_name=G"]) { asked in
      let isList = asked.path.hasSuffix("/ns/service/list") && asked.target.contains("groupName=G")
      return StubServer.Answer(body: isList ? #"{"count": 1, "doms": ["web"]}"# : #"{"hosts": []}"#)
    }.ended
    #expect(near.output.contains("help: did you mean service_name: web?"), "\(near.output)")
  }

  @Test func whatWasMeantIsNamed() throws {
    let eureka = #"""
      {"applications": {"application": [{"name": "USER-SERVICE", "instance": [
        {"ipAddr": "10.0.0.1", "status": "OUT_OF_SERVICE", "port": {"$": 80, "@enabled": "true"}, "securePort": {"$": 443, "@enabled": "false"}}]}]}}
      """#
    let section = "{host: [\"http://127.0.0.1:PORT\"], prefix: /eureka/}"
    let unknown = try resolve("eureka", section, "user-service") { _ in StubServer.Answer(body: eureka) }.ended
    #expect(unknown.output.contains("help: did you mean service_name: USER-SERVICE?"), "\(unknown.output)")
    #expect(unknown.output.contains("[registry/unknown-service]"))
    let unusable = try resolve("eureka", section, "USER-SERVICE") { _ in StubServer.Answer(body: eureka) }.ended
    #expect(unusable.output.contains("10.0.0.1 is OUT_OF_SERVICE"), "\(unusable.output)")
    let consul = try resolve("consul", "{servers: [\"http://127.0.0.1:PORT\"]}", "wep") { asked in
      StubServer.Answer(body: asked.path == "/v1/catalog/services" ? #"{"consul": [], "web": []}"# : "[]")
    }.ended
    #expect(consul.output.contains("help: did you mean service_name: web?"), "\(consul.output)")
  }

  @Test func theDefaultServiceIsTold() throws {
    let section = "{servers: [\"http://127.0.0.1:PORT\"], default_service: {host: 10.0.0.9, port: 80}}"
    let (ended, _) = try resolve("consul", section, "web") { _ in StubServer.Answer(body: "[]") }
    #expect(ended.output.contains("10.0.0.9") && ended.output.contains("[registry/default-service]"), "\(ended.output)")
  }

  @Test func severalRegistriesAreAsked() throws {
    let eureka = #"""
      {"applications": {"application": [{"name": "web", "instance": [
        {"ipAddr": "10.0.0.1", "status": "UP", "port": {"$": 80, "@enabled": "true"}, "securePort": {"$": 443, "@enabled": "false"}}]}]}}
      """#
    let stub = try StubServer { asked in
      switch asked.path {
      case "/eureka/apps": StubServer.Answer(body: eureka)
      default: StubServer.Answer(body: #"{"hosts": [{"ip": "10.0.0.2", "port": 81, "weight": 1}]}"#)
      }
    }
    defer { stub.stop() }
    let config = """
      discovery:
        nacos: {host: ["http://127.0.0.1:\(stub.port)"]}
        eureka: {host: ["http://127.0.0.1:\(stub.port)"], prefix: /eureka/}

      """
    let folder = try Folder(["config.yaml": config])
    let both = try gatecheck("resolve", "web", "--config", "config.yaml", in: folder.path)
    #expect(both.output.contains("10.0.0.2") && both.output.contains("[registry/several-hold-it]"), "\(both.output)")
    let one = try gatecheck("resolve", "web", "--config", "config.yaml", "--registry", "eureka", in: folder.path)
    #expect(one.status == 0 && one.output.contains("10.0.0.1"), "\(one.output)")
  }

  /// Where nothing listens, the address is named, and the question stays open.
  @Test func whoDoesNotAnswerIsNamed() throws {
    let folder = try Folder(["config.yaml": "discovery: {nacos: {host: [\"http://127.0.0.1:1\"]}}\n"])
    let ended = try gatecheck("resolve", "web", "--config", "config.yaml", in: folder.path)
    #expect(ended.status == 3 && ended.output.contains("127.0.0.1:1"), "\(ended.output)")
  }

  @Test func dnsAsksItsServers() throws {
    let silent = try Folder(["config.yaml": "discovery: {dns: {servers: [\"127.0.0.1:1\"]}}\n"])
    let ended = try gatecheck("resolve", "web.example.org:80", "--config", "config.yaml", in: silent.path)
    #expect(ended.status == 3 && ended.output.contains("[registry/silent]"), "\(ended.output)")
    #expect(ended.output.contains("127.0.0.1:1 cannot be reached"))
  }

  /// A name server of the test's own.
  @Test(arguments: [(UInt8(3), "the server knows no such name"), (2, "SERVFAIL"), (5, "refuses to answer")])
  func whatANameServerSays(_ code: UInt8, _ told: String) throws {
    let server = try NameServer(code: code)
    defer { server.stop() }
    let folder = try Folder(["config.yaml": "discovery: {dns: {servers: [\"127.0.0.1:\(server.port)\"]}}\n"])
    let ended = try gatecheck("resolve", "web.example.org:80", "--config", "config.yaml", in: folder.path)
    #expect(ended.status == 1 && ended.output.contains("[registry/unknown-service]"), "\(ended.output)")
    #expect(ended.output.contains(told), "\(ended.output)")
    let verified = try gatecheck("registry", "verify", "--config", "config.yaml", in: folder.path)
    #expect(code != 3 || verified.status == 0, "\(verified.output)")
  }

  @Test func whatIsNotAskedIsSaid() throws {
    let folder = try Folder(["config.yaml": "discovery: {consul: {servers: [\"http://127.0.0.1:1\"]}}\n"])
    let old = try gatecheck(
      "resolve", "web", "--config", "config.yaml", "--registry", "consul", "--apisix-version", "2.15.3", in: folder.path
    )
    #expect(old.status != 0 && old.output.contains("[registry/not-known]"), "\(old.output)")
    let all = try gatecheck("resolve", "--all", "--config", "config.yaml", "--registry", "consul", in: folder.path)
    #expect(all.status == 2, "\(all.output)")
  }

  // MARK: registry verify

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
      case "/v1/catalog/services": StubServer.Answer(body: #"{"consul": []}"#)
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
    for rule in ["registry/unauthorized", "registry/not-found", "registry/forbidden"] {
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

  /// A password goes over plain http to this machine alone, unless it is allowed.
  @Test func credentialsDoNotLeaveInTheClear() throws {
    let folder = try Folder(["config.yaml": "discovery: {nacos: {host: [\"http://u:q9VwZt3Xk7@10.255.255.1:8848\"]}}\n"]
    )
    let ended = try gatecheck("resolve", "web", "--config", "config.yaml", in: folder.path)
    #expect(ended.status != 0 && ended.output.contains("--allow-plain-http"), "\(ended.output)")
    #expect(!ended.output.contains("q9VwZt3Xk7"))
  }

  @Test(arguments: [
    ["--registry", "consul"], ["--registry", "tars"], ["--registry", "nacos", "--watch", "--config", "c"],
    ["--discovery-arg", "group"],
  ])
  func wrongCalls(_ arguments: [String]) throws {
    let ended = try gatecheck(["resolve", "web"] + arguments)
    #expect(ended.status == 2)
  }
}

/// Answers each question with a code and no record.
private final class NameServer: Sendable {
  let port: UInt16
  private let socket: Int32

  init(code: UInt8) throws {
    socket = Glibc.socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { [socket] pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(socket, $0, length) == 0 && getsockname(socket, $0, &length) == 0
      }
    }
    guard isBound else { throw POSIXError(.EADDRNOTAVAIL) }
    port = UInt16(bigEndian: address.sin_port)
    Thread.detachNewThread { [socket] in
      var bytes = [UInt8](repeating: 0, count: 512)
      while true {
        var asker = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let count = withUnsafeMutablePointer(to: &asker) {
          $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { recvfrom(socket, &bytes, bytes.count, 0, $0, &length) }
        }
        guard count > 12 else { return }
        (bytes[2], bytes[3]) = (0x84, code)
        _ = withUnsafeMutablePointer(to: &asker) {
          $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { sendto(socket, bytes, count, 0, $0, length) }
        }
      }
    }
  }

  func stop() { shutdown(socket, Int32(SHUT_RDWR)) }
}
