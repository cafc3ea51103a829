import Foundation
import JSON
import TestSupport
import Testing

/// `resolve --from` of what a registry answered APISIX, `--control` with the dump of each, `--watch` and `--probe`. The
/// registries and APISIX are contract stubs.
@Suite struct RegistryFromTests {
  private typealias Stubs = RegistryAllTests

  private func from(_ registry: String, _ body: String, _ arguments: String...) throws -> Ended {
    let folder = try Folder(["answer.json": body])
    return try gatecheck(
      ["resolve"] + arguments + ["--registry", registry, "--from", "answer.json"], in: folder.path)
  }

  private static let table = """
    HOST      PORT  WEIGHT  READY
    10.0.0.1  80    1       yes
    10.0.0.2  80    1       yes

    """

  @Test func ofConsul() throws {
    let body = Stubs.health("web", "10.0.0.1", "10.0.0.2") + Stubs.health("shop", "10.0.0.3")
    #expect(try from("consul", body, "web").output == Self.table)
    #expect(try from("consul", body, "--all", "-o", "yaml").output == "\"shop\": 1\n\"web\": 2\n")
    let ended = try from("consul", body, "wbe")
    #expect(ended.status == 1 && ended.output.contains("did you mean service_name: web?"), "\(ended.all)")
    let apisix = try JSONValue.parse(from("consul", body, "web", "-o", "apisix").output)
    #expect(apisix["nodes"]?.array?.count == 2)
    #expect(try from("consul", body, "web", "-o", "hosts").output == "10.0.0.1 web\n10.0.0.2 web\n")
  }

  /// Asked without `passing`, the answer holds what APISIX does not get.
  @Test func ofConsulWithoutPassing() throws {
    let body = Stubs.health("web", "10.0.0.1", status: "critical")
    let ended = try from("consul", body, "web")
    #expect(ended.status == 1 && ended.output.contains("[registry/nothing-usable]"), "\(ended.all)")
  }

  @Test func ofConsulKV() throws {
    let body = Stubs.keys("upstreams/web/10.0.0.1:80", "upstreams/web/10.0.0.2:80", "upstreams/a/10.0.0.3:80")
    #expect(try from("consul_kv", body, "http://consul:8500/v1/kv/upstreams/web/").output == Self.table)
    let all = try from("consul_kv", body, "--all", "-o", "yaml")
    #expect(
      all.output == "\"http://HOST:8500/v1/kv/upstreams/a/\": 1\n\"http://HOST:8500/v1/kv/upstreams/web/\": 2\n",
      "\(all.all)")
  }

  @Test func ofEureka() throws {
    let body = Stubs.applications(
      ("WEB", [Stubs.instance("10.0.0.1"), Stubs.instance("10.0.0.2", "DOWN")]),
      ("IDLE", [Stubs.instance("10.0.0.3", "DOWN")]))
    #expect(try from("eureka", body, "WEB").output == "HOST      PORT  WEIGHT  READY\n10.0.0.1  80    100     yes\n")
    #expect(try from("eureka", body, "--all", "-o", "yaml").output == "\"IDLE\": null\n\"WEB\": 1\n")
    #expect(try from("eureka", body, "web").output.contains("did you mean service_name: WEB?"))
    #expect(try from("eureka", body, "IDLE").output.contains("10.0.0.3 is DOWN"))
    let page = try from("eureka", "<applications></applications>", "WEB")
    #expect(page.status == 3)
    #expect(page.all.contains("curl -s -H 'Accept: application/json'"), "\(page.all)")
  }

  @Test func ofNacos() throws {
    let body = Stubs.hosts("web", "10.0.0.1", "10.0.0.2")
    #expect(try from("nacos", body, "web").output == Self.table)
    #expect(try from("nacos", body, "DEFAULT_GROUP@@web").output.hasPrefix(Self.table))
    #expect(try from("nacos", body, "--all", "-o", "yaml").output == "\"web\": 2\n")
    #expect(try from("nacos", body, "other").output.contains("[registry/unknown-service]"))
  }

  @Test func ofNameServers() throws {
    let dig = """
      ; <<>> DiG 9.18 <<>> SRV web.test
      ;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 1
      ;; QUESTION SECTION:
      ;web.test.\tIN\tSRV

      ;; ANSWER SECTION:
      web.test.\t\t60\tIN\tSRV\t10 5 8080 a.test.
      a.test.\t60\tIN\tA\t10.0.0.1

      """
    let found = try from("dns", dig, "web.test")
    #expect(found.output == "HOST      PORT  WEIGHT  READY\n10.0.0.1  8080  5       yes\n", "\(found.all)")
    let alias = "www.test. 60 IN CNAME a.test.\na.test. 60 IN A 10.0.0.1\n"
    #expect(try from("dns", alias, "www.test:80").output.contains("10.0.0.1  80"))
    let none = try from("dns", ";; ->>HEADER<<- opcode: QUERY, status: NXDOMAIN, id: 1\n", "gone.test")
    #expect(none.status == 1 && none.output.contains("does not know gone.test (NXDOMAIN)"), "\(none.all)")
    #expect(try from("dns", "10.0.0.1\n", "web.test").status == 3)
    #expect(try from("dns", dig, "--all").status == 2)
  }

  @Test func fromStandardInput() throws {
    let ended = try gatecheck(
      ["resolve", "web", "--registry", "consul", "--from", "-"], input: Stubs.health("web", "10.0.0.1", "10.0.0.2"))
    #expect(ended.output == Self.table, "\(ended.all)")
  }

  // MARK: --control

  /// What each release's control API shows, with the credentials of its configuration.
  static let dumps: [(String, String, name: String, String)] = [
    ("consul", #"{"config": {"token": "q9VwZt3Xk7Lm2Rb8"}, "services": {"web": NODES}}"#, "web", Stubs.consul),
    (
      "eureka", #"{"config": {"host": ["http://u:q9VwZt3Xk7Lm2Rb8@e"]}, "services": {"WEB": EUREKA}}"#, "WEB",
      Stubs.eureka
    ),
    ("nacos", #"{"config": {}, "services": {"public": {"DEFAULT_GROUP": {"ORDERS": NACOS}}}}"#, "ORDERS", Stubs.nacos),
    ("nacos", #"{"services": {"public.DEFAULT_GROUP.ORDERS": {"nodes": NACOS}}}"#, "ORDERS", Stubs.nacos),
    ("nacos", #"{"services": {"default/public/DEFAULT_GROUP/ORDERS": {"nodes": NACOS}}}"#, "ORDERS", Stubs.nacos),
  ]

  private static func nodes(_ hosts: [String], _ weight: Int) -> String {
    "[" + hosts.map { #"{"host": "\#($0)", "port": 80, "weight": \#(weight)}"# }.joined(separator: ",") + "]"
  }

  private func compare(
    _ dump: String, _ section: String, _ arguments: [String], isStale: Bool = false
  ) throws -> Ended {
    let last = isStale ? "10.9.9.9" : ""
    let body = dump.replacingOccurrences(of: "NODES", with: Self.nodes(["10.0.0.2", isStale ? last : "10.0.0.1"], 1))
      .replacingOccurrences(of: "EUREKA", with: Self.nodes([isStale ? last : "10.0.1.1"], 100))
      .replacingOccurrences(of: "NACOS", with: Self.nodes(["10.0.2.1", isStale ? last : "10.0.2.2"], 1))
    return try Stubs.run(section, arguments + ["--control", "http://127.0.0.1:PORT"]) { asked in
      asked.path.hasPrefix("/v1/discovery/") ? .init(body: body) : Stubs.registries(asked)
    }.ended
  }

  @Test(arguments: dumps.indices) func theDumpOfOneName(_ index: Int) throws {
    let (registry, dump, name, section) = Self.dumps[index]
    let same = try compare(dump, section, [name, "-o", "json"])
    #expect(try JSONValue.parse(same.output)["held"]?["state"] == "equal", "\(same.all)")
    #expect(same.status == 0)
    let stale = try compare(dump, section, [name], isStale: true)
    #expect(
      stale.output.contains("has 10.9.9.9:80, which \(registry) does not give: \(name) [resolve/apisix-differs]"),
      "\(stale.all)")
    #expect(!(same.all + stale.all).contains("q9VwZt3Xk7Lm2Rb8"))
  }

  @Test(arguments: dumps.indices) func theDumpOfAll(_ index: Int) throws {
    let (registry, dump, name, section) = Self.dumps[index]
    let same = try compare(dump, section, ["-o", "json"])
    let services = try JSONValue.parse(same.output)["services"]?.array ?? []
    #expect(services.contains { $0["serviceName"]?.string == name && $0["state"] == "equal" }, "\(same.all)")
    let isMissing = registry == "consul"
    #expect(same.status == (isMissing ? 1 : 0), "\(same.all)")
    if isMissing { #expect(same.output.contains("differs from consul: 1 missing (shop)")) }
    let stale = try compare(dump, section, [], isStale: true)
    #expect(stale.output.contains("differs from \(registry): "), "\(stale.all)")
    #expect(!(same.all + stale.all).contains("q9VwZt3Xk7Lm2Rb8"))
  }

  @Test func aDumpThatIsNoneOrEmpty() throws {
    let empty = try compare(#"{"config": {}, "services": {}}"#, Stubs.consul, [])
    #expect(empty.output.contains("the running APISIX holds nothing at all of consul; consul gives 2"), "\(empty.all)")
    let other = try compare("[]", Stubs.consul, ["web"])
    #expect(other.output.contains("something else than a dump of consul"), "\(other.all)")
    let dns = try Stubs.run(
      Stubs.consul, ["web", "--control", "http://127.0.0.1:PORT/off"], Stubs.registries
    ).ended
    #expect(dns.output.contains("discovery.consul is not enabled there"), "\(dns.all)")
  }

  // MARK: A module of one's own

  @Test func aModuleOfOnesOwn() throws {
    let unknown = try Stubs.run("  mine: {}", ["web", "--registry", "mine"], Stubs.registries).ended
    #expect(unknown.status == 3)
    #expect(
      unknown.output.contains(
        "warning: mine is a module of one's own (apisix/discovery/mine): which nodes it gives is not known here "
          + "[registry/own-module]"), "\(unknown.all)")
    #expect(
      unknown.output.contains(
        "gatecheck resolve --config config.yaml web --registry mine --control http://127.0.0.1:9090"))
    let dump = #"{"services": {"web": [{"host": "10.0.0.1", "port": 80, "weight": 1}], "idle": {}}}"#
    func held(_ arguments: String...) throws -> Ended {
      try Stubs.run(
        "  mine: {}\n\(Stubs.consul)", arguments + ["--registry", "mine", "--control", "http://127.0.0.1:PORT"]
      ) { asked in asked.path == "/v1/discovery/mine/dump" ? .init(body: dump) : .init(status: 404) }.ended
    }
    let one = try held("web")
    #expect(
      one.output == "HOST      PORT  WEIGHT  READY\n10.0.0.1  80    1       yes\n" && one.status == 0, "\(one.all)")
    #expect(one.errors.contains("shown is what the running APISIX holds"))
    #expect(try held().output == "SERVICE NAME  NODES\nidle          none\nweb           1\n")
    #expect(try JSONValue.parse(held("web", "-o", "json").output)["registry"] == "mine")
    #expect(try held("wbe").output.contains("did you mean service_name: web?"))
    let missing = try Stubs.run(
      "  mine: {}", ["web", "--registry", "mine", "--control", "http://127.0.0.1:PORT"]
    ) { _ in .init(status: 404) }.ended
    #expect(missing.output.contains("discovery.mine is not enabled there, or has no dump"), "\(missing.all)")
    let other = try Stubs.run("  mine: {}", ["web", "--registry", "mime"], Stubs.registries).ended
    #expect(other.status == 2 && other.output.contains("did you mean --registry mine?"), "\(other.all)")
  }

  // MARK: --watch, --probe

  /// Consul's blocking query, then a poll of Eureka: the first nodes, and the change.
  @Test(arguments: ["consul", "consul_kv", "eureka"]) func aChangeIsFollowed(_ registry: String) throws {
    let count = Counter()
    let section =
      registry == "eureka"
      ? "  eureka: {host: [\"http://127.0.0.1:PORT\"], prefix: /eureka/, fetch_interval: 1}"
      : "  \(registry): {servers: [\"http://127.0.0.1:PORT\"], timeout: {wait: 1}}"
    let name =
      registry == "consul" ? "web" : registry == "eureka" ? "WEB" : "http://127.0.0.1:PORT/v1/kv/upstreams/web/"
    let (ended, asked) = try Stubs.run(section, [name, "--watch", "--timeout", "4"]) { _ in
      let number = count.next()
      let body =
        switch (registry, number) {
        case ("consul", 1): Stubs.health("web", "10.0.0.1")
        case ("consul", _): Stubs.health("web", "10.0.0.1", "10.0.0.2")
        case ("consul_kv", 1): Stubs.keys("upstreams/web/10.0.0.1:80")
        case ("consul_kv", _): Stubs.keys("upstreams/web/10.0.0.1:80", "upstreams/web/10.0.0.2:80")
        case (_, 1): Stubs.applications(("WEB", [Stubs.instance("10.0.0.1")]))
        default: Stubs.applications(("WEB", [Stubs.instance("10.0.0.1"), Stubs.instance("10.0.0.2")]))
        }
      return .init(headers: ["X-Consul-Index: \(number == 1 ? 7 : 9)"], body: body)
    }
    #expect(ended.status == 0, "\(ended.all)")
    let lines = ended.output.split(separator: "\n").map { $0.drop { $0 != " " } }
    #expect(lines.count == 2, "\(ended.all)")
    #expect(
      lines.first?.hasSuffix("1 node +10.0.0.1:80") == true && lines.last?.hasSuffix("2 nodes +10.0.0.2:80") == true)
    guard registry != "eureka" else { return }
    #expect(asked.dropFirst().first?.target.contains("index=7&wait=1s") == true, "\(asked.map(\.target))")
    #expect(asked.dropFirst(2).first?.target.contains("index=9&wait=1s") == true)
  }

  @Test func whatIsLostIsToldAndKept() throws {
    let count = Counter()
    let ended = try Stubs.run(
      "  consul: {servers: [\"http://127.0.0.1:PORT\"], fetch_interval: 1, keepalive: false}",
      ["web", "--watch", "--timeout", "4", "-o", "json"]
    ) { _ in
      let number = count.next()
      return number == 2 ? .init(status: 500, body: "No cluster leader") : .init(body: Stubs.health("web", "10.0.0.1"))
    }.ended
    let events = try ended.output.split(separator: "\n").map { try JSONValue.parse(String($0))["event"]?.string }
    #expect(
      events == ["start", "lost", "change", "back", "change"] || events == ["start", "lost", "back"], "\(ended.all)")
  }

  @Test func theNodesAreTried() throws {
    let stub = try StubServer { _ in .init() }
    defer { stub.stop() }
    let folder = try Folder([
      "a.json": Stubs.health("web", "127.0.0.1").replacingOccurrences(of: "80", with: "\(stub.port)")
    ])
    let ended = try gatecheck(
      ["resolve", "web", "--registry", "consul", "--from", "a.json", "--probe"], in: folder.path)
    #expect(ended.status == 0 && ended.output.contains("connected in"), "\(ended.all)")
    stub.stop()
  }
}
