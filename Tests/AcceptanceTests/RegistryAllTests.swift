import Foundation
import JSON
import TestSupport
import Testing

/// `resolve --all` and `--referenced` of registries other than Kubernetes. Nacos, Eureka, Consul and consul_kv are
/// contract stubs.
@Suite struct RegistryAllTests {
  static func health(_ name: String, _ hosts: String..., status: String = "passing") -> String {
    let entries = hosts.map { host in
      #"{"Node": {"Node": "n", "Address": "\#(host)"}, "#
        + #""Service": {"Service": "\#(name)", "Address": "\#(host)", "Port": 80}, "#
        + #""Checks": [{"Name": "tcp", "Node": "n", "Status": "\#(status)", "Output": "refused"}]}"#
    }
    return "[\(entries.joined(separator: ", "))]"
  }

  static func instance(_ host: String, _ status: String = "UP") -> String {
    #"{"ipAddr": "\#(host)", "status": "\#(status)", "port": {"$": 80, "@enabled": "true"}, "#
      + #""securePort": {"$": 443, "@enabled": "false"}, "metadata": {"zone": "a"}}"#
  }

  static func applications(_ all: (String, [String])...) -> String {
    let list = all.map { #"{"name": "\#($0)", "instance": [\#($1.joined(separator: ", "))]}"# }
    return #"{"applications": {"versions__delta": "1", "application": [\#(list.joined(separator: ", "))]}}"#
  }

  static func keys(_ all: String...) -> String {
    "[" + all.map { #"{"Key": "\#($0)", "Value": "e30="}"# }.joined(separator: ", ") + "]"
  }

  static func hosts(_ name: String, _ hosts: String...) -> String {
    let list = hosts.map { #"{"ip": "\#($0)", "port": 80, "weight": 1.0, "healthy": true, "enabled": true}"# }
    return #"{"name": "DEFAULT_GROUP@@\#(name)", "hosts": [\#(list.joined(separator: ", "))]}"#
  }

  /// Runs with `discovery:` as it is given, where PORT is the stub's.
  static func run(
    _ sections: String, _ arguments: [String], files: [String: String] = [:],
    _ answer: @escaping @Sendable (StubServer.Asked) -> StubServer.Answer
  ) throws -> (ended: Ended, asked: [StubServer.Asked]) {
    let stub = try StubServer(answer)
    defer { stub.stop() }
    let moved = { (text: String) in text.replacingOccurrences(of: "PORT", with: "\(stub.port)") }
    let folder = try Folder(files.mapValues(moved).merging(["config.yaml": moved("discovery:\n\(sections)\n")]) { $1 })
    return (
      try gatecheck(["resolve"] + arguments.map(moved) + ["--config", "config.yaml"], in: folder.path), stub.asked
    )
  }

  static let consul = "  consul: {servers: [\"http://127.0.0.1:PORT\"]}"
  static let eureka = "  eureka: {host: [\"http://127.0.0.1:PORT\"], prefix: /eureka/}"
  static let nacos = "  nacos: {host: [\"http://nacos:q9VwZt3Xk7Lm2Rb8@127.0.0.1:PORT\"]}"

  /// Without it APISIX ends asking Consul.
  private static let index = ["X-Consul-Index: 7"]

  static func registries(_ asked: StubServer.Asked) -> StubServer.Answer {
    switch asked.path {
    case "/v1/catalog/services": .init(headers: index, body: #"{"consul": [], "web": [], "shop": [], "idle": []}"#)
    case "/v1/health/service/web": .init(headers: index, body: health("web", "10.0.0.1", "10.0.0.2"))
    case "/v1/health/service/shop": .init(headers: index, body: health("shop", "10.0.0.3"))
    case "/v1/health/service/idle", "/v1/health/state/any": .init(headers: index, body: "[]")
    case "/v1/kv/upstreams":
      .init(
        headers: index,
        body: keys("upstreams/web/10.0.0.1:80", "upstreams/web/10.0.0.2:80", "upstreams/a/b/10.0.0.3:80"))
    case "/eureka/apps":
      .init(
        body: applications(
          ("WEB", [instance("10.0.1.1"), instance("10.0.1.2", "DOWN")]), ("IDLE", [instance("10.0.1.3", "DOWN")])))
    case "/nacos/v1/auth/login": .init(body: #"{"accessToken": "t0kenT0kenT0ken"}"#)
    case "/nacos/v1/ns/service/list": .init(body: #"{"count": 2, "doms": ["ORDERS", "GONE"]}"#)
    case "/nacos/v1/ns/instance/list":
      asked.target.contains("serviceName=ORDERS&")
        ? .init(
          body: asked.target.contains("groupName=G1")
            ? hosts("ORDERS", "10.0.2.9") : hosts("ORDERS", "10.0.2.1", "10.0.2.2"))
        : .init(body: hosts("GONE"))
    default: .init(status: 404)
    }
  }

  @Test func everyServiceOfConsul() throws {
    let (ended, asked) = try Self.run(Self.consul, ["--all"], Self.registries)
    #expect(
      ended.output == "SERVICE NAME  NODES\nidle          none\nshop          1\nweb           2\n",
      "\(ended.output)\(ended.errors)")
    #expect(ended.status == 0)
    let targets = asked.map(\.target)
    #expect(targets.first == "/v1/catalog/services" && targets.count == 4, "\(targets)")
    #expect(Set(targets.dropFirst()) == Set(["idle", "shop", "web"].map { "/v1/health/service/\($0)?passing" }))
  }

  @Test func everyServiceOfEurekaAndOfConsulKV() throws {
    let eureka = try Self.run(Self.eureka, ["--all", "-o", "yaml"], Self.registries)
    #expect(eureka.ended.output == "\"IDLE\": null\n\"WEB\": 1\n", "\(eureka.ended.output)")
    #expect(eureka.asked.map(\.target) == ["/eureka/apps"])
    let tree = try Self.run(
      "  consul_kv: {servers: [\"http://127.0.0.1:PORT\"]}", ["--all", "-o", "json"], Self.registries)
    let document = try JSONValue.parse(tree.ended.output)
    let services = document["services"]?.array ?? []
    #expect(document["registry"] == "consul_kv")
    #expect(
      services.map {
        "\($0["serviceName"]?.string?.components(separatedBy: "/kv").last ?? "") \($0["nodes"]?.int ?? 0)"
      } == [
        "/upstreams/a/b/ 1", "/upstreams/web/ 2",
      ], "\(tree.ended.output)")
    #expect(tree.asked.count == 1)
  }

  @Test func ofNacosTheCatalogWithItsNote() throws {
    let (ended, asked) = try Self.run(Self.nacos, ["--all"], Self.registries)
    #expect(
      ended.output == "SERVICE NAME  NODES\nGONE          none\nORDERS        2\n", "\(ended.output)\(ended.errors)")
    #expect(ended.errors.contains("APISIX itself asks Nacos only for the names that upstreams have"))
    #expect(asked.count { $0.path.hasSuffix("auth/login") } == 1, "\(asked.map(\.target))")
    #expect(!ended.all.contains("q9VwZt3Xk7Lm2Rb8") && !ended.all.contains("t0kenT0kenT0ken"))
  }

  @Test func aNameServerHasNoList() throws {
    let ended = try Self.run("  dns: {servers: [\"127.0.0.1:PORT\"]}", ["--all"], Self.registries).ended
    #expect(ended.status == 2)
    #expect(ended.output.contains("error: dns has no list of its services [registry/no-list]"), "\(ended.all)")
    let both = try Self.run(
      "  dns: {servers: [\"127.0.0.1:PORT\"]}\n\(Self.consul)\n\(Self.eureka)", ["--all"], Self.registries
    ).ended
    #expect(both.status == 0)
    #expect(both.errors.contains("dns has no list of its services"))
    #expect(
      both.output == """
        SERVICE NAME  NODES  REGISTRY
        idle          none   consul
        shop          1      consul
        web           2      consul
        IDLE          none   eureka
        WEB           1      eureka

        """, "\(both.output)")
  }

  /// One server among several that is gone costs its own part only.
  @Test func aDeadServerAmongSeveral() throws {
    let ended = try Self.run(
      "  consul: {servers: [\"http://127.0.0.1:1\", \"http://127.0.0.1:PORT\"]}", ["--all", "-o", "short"],
      Self.registries
    ).ended
    let lines = ended.output.split(separator: "\n")
    #expect(lines.count == 1 && lines[0].contains("warning: ") && lines[0].contains("[connect/refused]"), "\(lines)")
    #expect(ended.status == 0)
  }

  @Test func oneThatCannotBeReadTakesAllWithIt() throws {
    let ended = try Self.run(Self.consul, ["--all"]) { asked in
      asked.path == "/v1/health/service/shop"
        ? .init(body: #"[{"Service": {"Service": "shop", "Address": null, "Port": 80}}]"#) : Self.registries(asked)
    }.ended
    #expect(ended.output.contains("error: shop: APISIX 3.18.0 cannot read what http://127.0.0.1:"), "\(ended.output)")
    #expect(!ended.output.contains("web           2"))
  }

  private static let standalone = """
    routes:
      - uri: /a
        upstream: {type: roundrobin, discovery_type: consul, service_name: web}
      - uri: /b
        upstream: {type: roundrobin, discovery_type: eureka, service_name: web}
      - uri: /c
        upstream: {type: roundrobin, discovery_type: nacos, service_name: ORDERS}
      - uri: /d
        upstream: {type: roundrobin, discovery_type: nacos, service_name: ORDERS, discovery_args: {group_name: G1}}
    #END

    """

  @Test func upstreamsOfSeveralRegistriesInOneAnswer() throws {
    let (ended, asked) = try Self.run(
      [Self.consul, Self.eureka, Self.nacos].joined(separator: "\n"), ["--referenced", "apisix.yaml"],
      files: ["apisix.yaml": Self.standalone], Self.registries)
    #expect(
      ended.output.hasPrefix(
        """
        SERVICE NAME            NODES  REGISTRY  USED BY
        ORDERS                  2      nacos     routes/arr_3
        ORDERS (group_name=G1)  1      nacos     routes/arr_4
        web                     2      consul    routes/arr_1
        web                     none   eureka    routes/arr_2

        apisix.yaml:5:
        """), "\(ended.output)\(ended.errors)")
    #expect(ended.output.contains("did you mean service_name: WEB?"), "\(ended.output)")
    #expect(ended.status == 1)
    #expect(!asked.contains { $0.path == "/v1/health/service/shop" })
    #expect(!ended.all.contains("q9VwZt3Xk7Lm2Rb8"))
  }

  /// What 200 upstreams have to wait for, were it silent, is one timeout and not one for each fifty.
  @Test func aServerThatIsDownIsAskedForAFewOnly() throws {
    let down = try StubServer { _ in
      var answer = StubServer.Answer()
      answer.hangsUp = true
      return answer
    }
    defer { down.stop() }
    let upstreams = (0..<200).map {
      "  - {id: \($0), service_name: web\($0), discovery_type: consul, type: roundrobin}"
    }
    let (ended, asked) = try Self.run(
      "  consul: {servers: [\"\(down.url)\", \"http://127.0.0.1:PORT\"]}", ["--referenced", "apisix.yaml"],
      files: ["apisix.yaml": (["upstreams:"] + upstreams + ["#END", ""]).joined(separator: "\n")]
    ) { asked in
      let name = asked.path.split(separator: "/").last.map(String.init) ?? ""
      return .init(headers: Self.index, body: Self.health(name, "10.0.0.1"))
    }
    #expect(ended.output.contains("\nweb199"), "\(ended.all)")
    #expect(Set(asked.map(\.path)).count >= 200)
    #expect(Set(down.asked.map(\.path)).count <= 50)
  }
}

extension Ended {
  /// What it wrote anywhere.
  var all: String { output + errors }
}
