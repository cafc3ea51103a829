import Foundation
import TestSupport
import Testing

/// What doctor says first of each mistake with a registry, and that it says nothing of the twin. Consul, etcd and name
/// servers are real; Nacos and Eureka are contract stubs.
@Suite struct DoctorRegistryTests {

  // MARK: Consul

  private static let consulServer = Result {
    let consul = try ConsulServer(hasACLs: true)
    try consul.register("web", node: "n1", "10.5.10.109", port: 3306)
    for (key, value) in [("web/10.5.10.109:3306", "{}"), ("hyphen/my-host:80", "{}"), ("empty/10.5.10.115:80", "")] {
      try consul.put("/v1/kv/upstreams/" + key, value)
    }
    let all = #"service_prefix "" { policy = "read" } node_prefix "" { policy = "read" } "#
    let weak = try consul.token(#"service_prefix "" { policy = "read" }"#)
    return (consul, try consul.token(all + #"key_prefix "" { policy = "read" }"#), weak)
  }

  @Test(
    .enabled(if: ConsulServer.isThere, "Tests/servers/fetch.sh consul gives no Consul"),
    arguments: RegistryFault.consul)
  func consul(_ fault: RegistryFault) throws {
    let (consul, token, weak) = try Self.consulServer.get()
    try fault.judge(["URL": consul.url, "PORT": "\(consul.port)", "TOKEN": token, "WEAK": weak])
  }

  // MARK: Eureka and Nacos

  @Test(arguments: RegistryFault.eureka) func eureka(_ fault: RegistryFault) throws {
    let stub = try EurekaStub { state in
      state.user = "apisix:\(RegistryFault.password)"
      state.add("WEB", "10.0.0.1")
      state.add("SICK", "10.0.0.2", ["status": "DOWN"])
      state.add("YOUNG", "10.0.0.3", ["status": "STARTING"])
    }
    defer { stub.stop() }
    try fault.judge(["HOST": "127.0.0.1:\(stub.server.port)"])
  }

  @Test(arguments: RegistryFault.nacos) func nacos(_ fault: RegistryFault) throws {
    let stub = try NacosStub { state in
      state.users = [(name: "nacos", password: RegistryFault.password)]
      state.namespaces.append(("7f1c-dev", "dev"))
      state.instances = [
        .init(),
        .init {
          $0.service = "orders"
          $0.group = "PROD"
        },
        .init {
          $0.service = "far"
          $0.space = "7f1c-dev"
        },
        .init {
          $0.service = "sick"
          $0.healthy = false
        },
      ]
    }
    defer { stub.stop() }
    try fault.judge(["HOST": "127.0.0.1:\(stub.server.port)"])
  }

  /// Whether the server works, and what it has of the services, are questions of two checks.
  @Test func nothingIsAskedTwice() throws {
    let nacos = try NacosStub { state in
      state.users = [(name: "nacos", password: RegistryFault.password)]
      state.instances = [.init(), .init { $0.service = "orders" }]
    }
    let eureka = try EurekaStub { $0.add("WEB", "10.0.0.1") }
    defer {
      nacos.stop()
      eureka.stop()
    }
    let folder = try Folder([
      "config.yaml": """
      deployment: {role: data_plane, role_data_plane: {config_provider: yaml}}
      discovery:
        nacos: {host: ["http://nacos:\(RegistryFault.password)@127.0.0.1:\(nacos.server.port)"]}
        eureka: {host: ["http://127.0.0.1:\(eureka.server.port)"], prefix: /eureka/}

      """,
      "apisix.yaml": """
      upstreams:
        - {id: 1, type: roundrobin, discovery_type: nacos, service_name: web}
        - {id: 2, type: roundrobin, discovery_type: nacos, service_name: orders}
        - {id: 3, type: roundrobin, discovery_type: eureka, service_name: WEB}
      #END

      """,
    ])
    let ended = try gatecheck("doctor", "--config", "config.yaml", "--apisix-file", "apisix.yaml", in: folder.path)
    #expect(ended.output.contains("✓ ok       every service of nacos that they name has nodes"), "\(ended.output)")
    #expect(ended.output.contains("✓ ok       every service of eureka that they name has nodes"), "\(ended.output)")
    for asked in [nacos.server.asked, eureka.server.asked] {
      let all = asked.map { "\($0.method) \($0.target)" }
      #expect(!all.isEmpty && Set(all).count == all.count, "\(all)")
    }
  }

  // MARK: DNS

  private static let zone = """
    a IN A 10.5.10.109
    text IN TXT "no address"
    loopa IN CNAME loopb
    loopb IN CNAME loopa
    dot IN SRV 0 0 0 .

    """

  @Test(
    .enabled(if: NameServer.Program.nsd.isThere, "nsd cannot be had"),
    arguments: RegistryFault.dns)
  func dns(_ fault: RegistryFault) throws {
    let server = try NameServer(.nsd, Self.zone)
    defer { withExtendedLifetime(server) {} }
    try fault.judge(["SERVER": server.address, "CLOSED": "\(try StubNameServer.closedPort())"])
  }

  // MARK: etcd

  private static let etcdServer = Result {
    let etcd = try EtcdServer(.etcd)
    try etcd.put("/apisix/routes/", "init_dir")
    let made = try etcd.etcdctl(
      """
      etcdctl user add root:\(RegistryFault.password)
      etcdctl user grant-role root root
      etcdctl user add apisix:\(RegistryFault.password)
      etcdctl role add apisix
      etcdctl role grant-permission apisix --prefix=true readwrite /apisix/
      etcdctl user grant-role apisix apisix
      etcdctl user add poor:\(RegistryFault.password)
      etcdctl auth enable
      """)
    if made.status != 0 { throw Unusable(description: made.errors) }
    return etcd
  }

  @Test(
    .enabled(if: EtcdServer.Package.areThere && NameServer.Program.nsd.isThere, "etcd and nsd are needed"),
    arguments: RegistryFault.etcd)
  func etcd(_ fault: RegistryFault) throws {
    let etcd = try Self.etcdServer.get()
    let server = try NameServer(.nsd, Self.zone)
    defer { withExtendedLifetime(server) {} }
    try fault.judge([
      "URL": etcd.url, "PLACE": String(etcd.url.dropFirst(7)),
      "NAMES": String(server.address.split(separator: ":").last ?? ""),
    ])
  }

  /// Whether it works, and which upstreams it holds, are questions of two checks.
  @Test(
    .enabled(if: EtcdServer.Package.areThere, "etcd is needed"), arguments: [RegistryFault.password, "wrong99wrong"])
  func etcdIsLoggedInToOnce(_ password: String) throws {
    let etcd = try Self.etcdServer.get()
    let folder = try Folder([
      "config.yaml": """
      deployment: {etcd: {host: ["\(etcd.url)"], user: apisix, password: \(password)}}
      discovery: {dns: {servers: ["127.0.0.1:1"]}}

      """
    ])
    let ended = try gatecheck("doctor", "--config", "config.yaml", "-v", "--request-timeout", "1", in: folder.path)
    let isRight = password == RegistryFault.password
    #expect(ended.output.contains("[registry/etcd-login]") != isRight, "\(ended.output)")
    #expect(ended.output.contains("✓ ok       etcd at \(etcd.url) lets APISIX read") == isRight, "\(ended.output)")
    #expect(ended.output.contains("✓ ok       the upstreams can be read") == isRight, "\(ended.output)")
    let logins = ended.errors.split(separator: "\n").filter { $0.contains("/v3/auth/authenticate") }
    #expect(logins.count == 1, "\(ended.errors)")
  }

  // MARK: ZooKeeper

  private static let zooKeeperServer = Result {
    let server = try ZooKeeperServer()
    let nodes = #"[{"host":"10.5.10.109","port":3306,"weight":100}]"#
    let said = try server.cli(
      """
      create /fine
      create /fine/plat-dev '\(nodes)'
      create /vacant
      create /rpc
      create /rpc/org.demo.Hello
      create /rpc/org.demo.Hello/providers
      create /rpc/org.demo.Hello/providers/dubbo%3A%2F%2F10.0.0.1%3A20880
      create /nodata
      create /nodata/a
      create /odd
      create /odd/c x
      create /closed
      create /closed/a '\(nodes)'
      addauth digest user:password
      setAcl /closed auth:user:password:cdrwa
      """)
    guard said.contains("Created /closed") else { throw Unusable(description: said) }
    return server
  }

  @Test(
    .enabled(
      if: ZooKeeperServer.isThere && NameServer.Program.nsd.isThere,
      "Debian's zookeeper package, java and nsd are needed"),
    arguments: RegistryFault.zooKeeper)
  func zooKeeper(_ fault: RegistryFault) throws {
    let names = try NameServer(.nsd, Self.zone)
    defer { withExtendedLifetime(names) {} }
    try fault.judge(["SERVER": try Self.zooKeeperServer.get().address, "NAMES": names.address])
  }
}
