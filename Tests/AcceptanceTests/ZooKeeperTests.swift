import Foundation
import JSON
import TestSupport
import Testing

/// `resolve --zookeeper` and `registry verify --zookeeper` on a real ZooKeeper: what apisix-seed would write into etcd.
@Suite(.serialized, .enabled(if: ZooKeeperServer.isThere, "Debian's zookeeper package and java are needed"))
struct ZooKeeperTests {
  private static let nodes =
    #"[{"host":"10.5.10.109","port":3306,"weight":100},{"host":"10.5.10.110","port":3306,"weight":100}]"#

  /// A server that has one of each.
  private static let server = Result {
    let server = try ZooKeeperServer.shared.get()
    let said = try server.cli(
      """
      create /zookeeper/plat-dev '\(nodes)'
      create /zookeeper/null
      create /zookeeper/empty ""
      create /zookeeper/none '[]'
      create /zookeeper/object '{"host":"10.0.0.1","port":80,"weight":1}'
      create /zookeeper/text 'hello'
      create /zookeeper/port '[{"host":"10.0.0.1","port":"80","weight":1}]'
      create /zookeeper/item '["10.0.0.1:80"]'
      create /zookeeper/nohost '[{"port":80,"weight":1}]'
      create /zookeeper/weightless '[{"Host":"10.0.0.1","PORT":80,"priority":1,"metadata":{"a":"b"}}]'
      create /zookeeper/secret '\(nodes)'
      create /dubbo
      create /dubbo/org.demo.Hello
      create /dubbo/org.demo.Hello/providers
      create /dubbo/org.demo.Hello/providers/dubbo%3A%2F%2F10.0.0.1%3A20880
      create /services
      create /services/cart
      create /services/cart/7f3c '{"name":"cart","id":"7f3c","address":"10.0.0.7","port":8080}'
      create /good
      create /good/plat-dev '\(nodes)'
      create /bare
      addauth digest user:password
      setAcl /zookeeper/secret auth:user:password:cdrwa
      """)
    guard said.contains("Created /bare") else { throw Unusable(description: said) }
    return server
  }

  private static func resolve(_ name: String, _ more: String...) throws -> Ended {
    let server = try server.get()
    let ended = try gatecheck(["resolve", name, "--zookeeper", server.address, "-o", "json"] + more)
    // The library is never heard.
    #expect(ended.errors.split(separator: "\n").allSatisfy { $0.hasPrefix("gatecheck: ") }, "\(ended.errors)")
    return ended
  }

  private static func nodes(_ ended: Ended) throws -> [String] {
    try JSONValue.parse(ended.output)["nodes"]?.array?.map { $0.text() } ?? []
  }

  @Test func theNodesOfTheZnode() throws {
    let ended = try Self.resolve("plat-dev", "--apisix-version", "3.5.0")
    #expect(ended.status == 0 && ended.rules.isEmpty, "\(ended.output)")
    #expect(
      try Self.nodes(ended) == [
        #"{"host":"10.5.10.109","port":3306,"weight":100}"#, #"{"host":"10.5.10.110","port":3306,"weight":100}"#,
      ])
    #expect(try JSONValue.parse(ended.output)["registry"] == "zookeeper")
    // From 3.6 on APISIX refuses what is written then.
    let newer = try Self.resolve("plat-dev")
    #expect(newer.status == 0 && newer.rules == ["registry/zookeeper-seed-refused"], "\(newer.output)")
    let weightless = try Self.resolve("weightless")
    #expect(weightless.rules.first == "registry/zookeeper-weight")
    #expect(
      try Self.nodes(weightless) == [#"{"host":"10.0.0.1","port":80,"weight":0,"metadata":{"a":"b"}}"#])
    let nohost = try Self.resolve("nohost")
    #expect(nohost.status == 1 && nohost.rules.first == "resolve/refused-nodes", "\(nohost.output)")
    let apisix = try gatecheck("resolve", "plat-dev", "--zookeeper", Self.server.get().address, "-o", "apisix")
    #expect(apisix.output.contains("10.5.10.109"), "\(apisix.output)")
  }

  /// What is printed as the cure cures it, in ZooKeeper's own command line.
  @Test(arguments: [
    ("null", "registry/zookeeper-no-data"), ("empty", "registry/zookeeper-no-data"),
    ("none", "resolve/empty-nodes"), ("object", "registry/zookeeper-not-nodes"),
    ("text", "registry/zookeeper-not-nodes"), ("port", "registry/zookeeper-not-nodes"),
    ("item", "registry/zookeeper-not-nodes"), ("secret", "registry/zookeeper-not-allowed"),
    ("cart", "registry/zookeeper-other-layout"), ("org.demo.Hello", "registry/zookeeper-other-layout"),
    ("quite-another", "registry/unknown-service"),
  ]) func whyThereAreNone(_ name: String, _ rule: String) throws {
    let ended = try Self.resolve(name, "--apisix-version", "3.5.0")
    #expect(ended.status == 1 && ended.rules == [rule], "\(ended.output)")
    let help = try JSONValue.parse(ended.output)["findings"]?.array?.first?["help"]?.string ?? ""
    let start = try #require(["set /", "create /", "setAcl /"].compactMap { help.range(of: $0) }.first, "\(help)")
    let said = try Self.server.get().cli("addauth digest user:password\n\(help[start.lowerBound...])")
    let cured = try Self.resolve(name, "--apisix-version", "3.5.0")
    #expect(cured.status == 0 && cured.rules.isEmpty, "\(said)\(cured.output)")
    if name == "cart" { #expect(try Self.nodes(cured) == [#"{"host":"10.0.0.7","port":8080,"weight":100}"#]) }
  }

  @Test func whatWasMeant() throws {
    let near = try Self.resolve("plat-deb")
    #expect(near.rules == ["registry/unknown-service"] && near.output.contains("did you mean service_name: plat-dev?"))
    let prefix = try gatecheck("resolve", "plat-dev", "--zookeeper", Self.server.get().address + "/god")
    #expect(prefix.status == 1 && prefix.output.contains("[registry/zookeeper-no-prefix]"), "\(prefix.output)")
    #expect(prefix.output.contains("/good") && prefix.output.contains("/services"))
    let slash = try gatecheck("resolve", "plat-dev", "--zookeeper", Self.server.get().address + "/good/")
    #expect(slash.output.contains("[registry/zookeeper-no-prefix]") && slash.output.contains("write prefix: /good"))
  }

  @Test func eachServerIsVerified() throws {
    let address = try Self.server.get().address
    let several = try gatecheck("resolve", "plat-dev", "--zookeeper", "127.0.0.1:1,\(address)", "-o", "json")
    #expect(several.status == 0 && several.rules.contains("connect/refused"), "\(several.output)")
    #expect(try Self.nodes(several).count == 2)
    let well = try gatecheck("registry", "verify", "--zookeeper", address + "/good")
    #expect(
      well.status == 0
        && well.output == "zookeeper at \(address): apisix-seed may read it (version 3.8.0, 1 service)\n",
      "\(well.output)")
    let document = try JSONValue.parse(
      gatecheck("registry", "verify", "--zookeeper", address + "/good", "-o", "json").output)
    let registry = document["registries"]?.array?.first
    #expect(registry?["registry"] == "zookeeper" && registry?["version"] == "3.8.0" && registry?["services"] == 1)
    #expect(registry?["servers"]?.array?.first?["url"] == .string(address))
    for (prefix, rule) in [
      ("/dubbo", "registry/zookeeper-other-layout"), ("/bare", "registry/empty"),
      ("/nowhere", "registry/zookeeper-no-prefix"),
    ] {
      let ended = try gatecheck("registry", "verify", "--zookeeper", address + prefix)
      #expect(ended.status == 1 && ended.output.contains("[\(rule)]"), "\(ended.output)")
    }
    // Every cause once, however many znodes have it.
    let said = try Self.server.get().cli(
      "create /mixed\ncreate /mixed/a\ncreate /mixed/b\ncreate /mixed/c x\ncreate /mixed/d '\(Self.nodes)'")
    let mixed = try gatecheck("registry", "verify", "--zookeeper", address + "/mixed", "-o", "json")
    #expect(mixed.rules == ["registry/zookeeper-no-data", "registry/zookeeper-not-nodes"], "\(said)\(mixed.output)")
    #expect(mixed.output.contains("(1 more znode alike)"))
  }

  /// apisix-seed's own file says which servers, which prefix, and which etcd.
  @Test(
    .enabled(if: EtcdServer.Package.areThere, "Debian's etcd packages are needed, 3.4 and 3.5"),
    arguments: EtcdServer.Package.allCases)
  func whatEtcdHolds(_ package: EtcdServer.Package) throws {
    let etcd = try EtcdServer(package)
    defer { etcd.stop() }
    let folder = try Folder([
      "conf.yaml": """
      etcd:
        host: ["\(etcd.url)"]
        prefix: /apisix
        timeout: 30
      discovery:
        zookeeper:
          hosts: ["127.0.0.1:1", "\(Self.server.get().address)"]
          prefix: /good
          weight: 100
          timeout: 10

      """
    ])
    func resolve(_ more: String...) throws -> Ended {
      try gatecheck(["resolve", "plat-dev", "--seed-config", "conf.yaml", "-o", "json"] + more, in: folder.path)
    }
    let upstream = #""type":"roundrobin","_service_name":"plat-dev","_discovery_type":"zookeeper","nodes""#
    try etcd.put("/apisix/routes/", "init_dir")
    let nobody = try resolve()
    #expect(nobody.status == 0 && nobody.rules == ["connect/refused"], "\(nobody.output)")
    #expect(nobody.errors.contains("no upstream in etcd has service_name plat-dev"))
    try etcd.put(
      "/apisix/routes/1", #"{"uri":"/a","upstream":{"service_name":"plat-dev","discovery_type":"zookeeper"}}"#)
    let asMade = try resolve()
    #expect(asMade.status == 1 && asMade.rules.contains("registry/zookeeper-not-written"), "\(asMade.output)")
    try etcd.put("/apisix/routes/1", #"{"uri":"/a","upstream":{\#(upstream):\#(Self.nodes)}}"#)
    let written = try resolve()
    #expect(written.status == 1 && written.rules.contains("registry/zookeeper-seed-refused"), "\(written.output)")
    #expect(written.output.contains("APISIX 3.18.0 drops routes/1"))
    let older = try resolve("--apisix-version", "3.5.0")
    #expect(older.status == 0 && older.rules == ["connect/refused"], "\(older.output)")
    try etcd.put("/apisix/upstreams/2", #"{\#(upstream):{"10.5.10.109:3306":100}}"#)
    let stale = try resolve("--apisix-version", "3.5.0")
    #expect(stale.status == 1 && stale.rules.contains("registry/zookeeper-differs"), "\(stale.output)")
    #expect(
      stale.output.contains(
        "upstreams/2 in etcd has 10.5.10.109:3306; the znode has 10.5.10.109:3306, 10.5.10.110:3306"))
    // The etcd of config.yaml, and one by its address.
    try folder.write("config.yaml", "deployment: {etcd: {host: [\"\(etcd.url)\"]}}\n")
    let address = try Self.server.get().address + "/good"
    for more in [["--config", "config.yaml"], ["--etcd", etcd.url], ["--etcd", "--config", "config.yaml"]] {
      let ended = try gatecheck(
        ["resolve", "plat-dev", "--zookeeper", address, "-o", "json", "--apisix-version", "3.5.0"] + more,
        in: folder.path)
      #expect(ended.rules == ["registry/zookeeper-differs"], "\(more) \(ended.output)")
    }
    let verified = try gatecheck("registry", "verify", "--seed-config", "conf.yaml", in: folder.path)
    #expect(verified.status == 3 && verified.output.contains("[connect/refused]"), "\(verified.output)")
    #expect(verified.output.contains("apisix-seed may read it"))
    // etcd keeps what the znode no longer gives.
    try etcd.put(
      "/apisix/upstreams/3", #"{\#(upstream.replacingOccurrences(of: "plat-dev", with: "gone")):\#(Self.nodes)}"#)
    let gone = try gatecheck(
      "resolve", "gone", "--seed-config", "conf.yaml", "--apisix-version", "3.5.0", in: folder.path)
    #expect(gone.status == 1 && gone.errors.contains("upstreams/3 in etcd keeps 10.5.10.109:3306"), "\(gone.errors)")
  }

  @Test func serversThatDoNotServe() throws {
    let lonely = try ZooKeeperServer(
      "initLimit=5\nsyncLimit=2\nserver.1=127.0.0.1:\(StubNameServer.closedPort(withTCP: true)):\(StubNameServer.closedPort(withTCP: true))\n"
        + "server.2=127.0.0.1:1:2\nserver.3=127.0.0.1:3:4")
    defer { lonely.stop() }
    let ended = try gatecheck("registry", "verify", "--zookeeper", lonely.address)
    #expect(ended.status == 1 && ended.output.contains("[registry/zookeeper-not-serving]"), "\(ended.output)")
    let strict = try ZooKeeperServer(variables: [
      "-Dzookeeper.sessionRequireClientSASLAuth=true",
      "-Dzookeeper.authProvider.sasl=org.apache.zookeeper.server.auth.SASLAuthenticationProvider",
    ])
    defer { strict.stop() }
    let login = try gatecheck("resolve", "plat-dev", "--zookeeper", strict.address)
    #expect(login.status == 1 && login.output.contains("[registry/zookeeper-login]"), "\(login.output)\(login.errors)")
    strict.process.halt(true)
    let halted = try gatecheck("resolve", "plat-dev", "--zookeeper", strict.address, "--request-timeout", "1")
    let late = try gatecheck("registry", "verify", "--zookeeper", strict.address, "--timeout", "1")
    strict.process.halt(false)
    expect(late, "connect/timeout", "within the time for the whole command", status: 3)
    #expect(halted.status == 3 && halted.output.contains("[connect/timeout]"), "\(halted.output)")
    #expect(halted.errors.isEmpty, "\(halted.errors)")
  }

  @Test func noZooKeeperThere() throws {
    let other = try StubNameServer(tcp: { _ in nil }, udp: { _ in [] })
    let cases = [
      (other.address, 1, "registry/zookeeper-other-server"), ("127.0.0.1:1", 3, "connect/refused"),
      ("zk.invalid:2181", 3, "connect/name-not-resolved"),
    ]
    for (address, status, rule) in cases {
      for command in [["resolve", "plat-dev"], ["registry", "verify"]] {
        let ended = try gatecheck(command + ["--zookeeper", address])
        #expect(Int(ended.status) == status && ended.output.contains("[\(rule)]"), "\(address) \(ended.output)")
      }
    }
    let folder = try Folder(["conf.yaml": "etcd: {host: [\"http://127.0.0.1:1\"]}\n"])
    let hostless = try gatecheck("registry", "verify", "--seed-config", "conf.yaml", in: folder.path)
    #expect(hostless.output.contains("[registry/silent]"), "\(hostless.output)")
    try folder.write("conf.yaml", "discovery: {zookeeper: {hosts: [\"127.0.0.1:99999\"]}}\n")
    let portless = try gatecheck("registry", "verify", "--seed-config", "conf.yaml", in: folder.path)
    expect(portless, "connect/failed", status: 3)
    #expect(try gatecheck("registry", "verify", "--seed-config", "none.yaml", in: folder.path).status == 3)
    for call in [
      ["resolve", "--zookeeper", "127.0.0.1:1"], ["resolve", "a", "--zookeeper", "127.0.0.1:1", "--all"],
      ["resolve", "a", "--zookeeper", "127.0.0.1:1", "--registry", "nacos"],
      ["resolve", "a", "--zookeeper", ""], ["registry", "verify", "--zookeeper", "127.0.0.1:1,"],
    ] {
      #expect(try gatecheck(call).status == 2)
    }
  }
}
