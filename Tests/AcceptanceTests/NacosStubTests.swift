import Foundation
import TestSupport
import Testing

/// Why Nacos gives nothing, each cause at the contract stub of Nacos: a test that is green here says what the contract
/// says, not what a real Nacos does.
@Suite struct NacosStubTests {
  func resolve(
    _ stub: NacosStub, _ name: String = "web", _ arguments: [String: String] = [:], user: String = "",
    more: String = "", _ flags: [String] = []
  ) throws -> Ended {
    defer { withExtendedLifetime(stub) {} }
    let host = "http://\(user.isEmpty ? "" : user + "@")127.0.0.1:\(stub.server.port)"
    let folder = try Folder(["config.yaml": "discovery: {nacos: {host: [\"\(host)\"]\(more)}}\n"])
    let given = arguments.flatMap { ["--discovery-arg", "\($0.key)=\($0.value)"] }
    return try gatecheck(["resolve", name, "--config", "config.yaml"] + given + flags, in: folder.path)
  }

  private static let users = [(name: "nacos", password: "Zq7Wx9Lm2Rt5"), (name: "apisix", password: "Zq7Wx9Lm2Rt5x")]

  @Test func aServiceThatIsThere() throws {
    let stub = try NacosStub { state in
      state.users = Self.users
      state.instances = [.init { $0.ip = "10.0.0.2" }, .init()]
    }
    defer { stub.stop() }
    let ended = try resolve(stub, user: "nacos:Zq7Wx9Lm2Rt5")
    expect(ended, "registry/nacos-not-referenced", "10.0.0.2", "10.0.0.1", status: 0)
    #expect(stub.server.asked.map(\.path) == ["/nacos/v1/auth/login", "/nacos/v1/ns/instance/list"])
  }

  /// What it tells to run shows which names APISIX asks for.
  @Test(arguments: ["--etcd", "--referenced apisix.yaml"]) func theUpstreamsAreShown(_ flags: String) throws {
    let stub = try NacosStub { $0.instances = [.init()] }
    defer { stub.stop() }
    let upstream = #"{"service_name": "web", "discovery_type": "nacos", "type": "roundrobin"}"#
    let (key, value) = (Canary.base64("/apisix/upstreams/1"), Canary.base64(upstream))
    let etcd = try StubServer { _ in .init(body: #"{"header": {}, "kvs": [{"key": "\#(key)", "value": "\#(value)"}]}"#)
    }
    defer { etcd.stop() }
    let standalone = "role: data_plane\n  role_data_plane: {config_provider: yaml}"
    let folder = try Folder([
      "apisix.yaml": "upstreams:\n  - \(upstream.dropLast()), \"id\": 1}\n#END\n",
      "config.yaml": """
      discovery: {nacos: {host: ["\(stub.server.url)"]}}
      deployment:
        \(flags == "--etcd" ? "etcd: {host: [\"\(etcd.url)\"]}" : standalone)

      """,
    ])
    let ended = try gatecheck("resolve", "web", "--config", "config.yaml", in: folder.path)
    let command = try #require(
      ended.output.firstMatch(of: #/help: (gatecheck resolve .*) shows/#)?.1, "\(ended.output)")
    #expect(command == "gatecheck resolve --config config.yaml \(flags)")
    let shown = try bash("\(command) -o json", in: folder.path)
    let services = try shown.json()["services"] as? [[String: Any]]
    #expect(
      shown.status == 0 && services?.map { $0["serviceName"] as? String } == ["web"], "\(shown.output)\(shown.errors)")
  }

  // MARK: the login

  @Test func theLoginIsRefused() throws {
    let stub = try NacosStub { $0.users = Self.users }
    defer { stub.stop() }
    let help = "the user is not there, or the password is wrong"
    expect(try resolve(stub, user: "nacos:wrong99wrong"), "registry/unauthorized", "user not found!", help)
    expect(
      try resolve(stub, user: "nobody:wrong99wrong"), "registry/nacos-unknown-user", "User nobody not found",
      "make the user in Nacos' console")
    stub.with { $0.dialect = .first }
    expect(try resolve(stub, user: "nobody:wrong99wrong"), "registry/unauthorized", "unknown user!", help)
    expect(try resolve(stub), "registry/unauthorized", "write user and password into discovery.nacos.host")
  }

  @Test func aLoginThatIsNotNeeded() throws {
    let stub = try NacosStub { state in
      state.instances = [.init()]
      state.faults["/nacos/v1/auth/login"] = .init(status: 403, type: "text/plain", body: "user not found!")
    }
    defer { stub.stop() }
    expect(
      try resolve(stub, user: "nacos:Zq7Wx9Lm2Rt5"), "registry/nacos-auth-off", "take USER:PASSWORD@ out of")
    #expect(try resolve(stub).status == 0)
  }

  @Test func aTokenThatIsNotTaken() throws {
    let stub = try NacosStub { state in
      state.users = Self.users
      state.faults["/nacos/v1/ns/instance/list"] = .init(status: 403, body: #"{"message":"token invalid!"}"#)
    }
    defer { stub.stop() }
    expect(try resolve(stub, user: "nacos:Zq7Wx9Lm2Rt5"), "registry/nacos-token", "token.secret.key")
    let message = #"{"message":"Invalid server identity key or value, Please make sure set it"}"#
    stub.with { $0.faults["/nacos/v1/ns/instance/list"] = .init(status: 403, body: message) }
    expect(try resolve(stub, user: "nacos:Zq7Wx9Lm2Rt5"), "registry/nacos-identity", "identity.key and .value")
    stub.with { $0.faults["/nacos/v1/ns/instance/list"] = .init(status: 401, body: "") }
    expect(try resolve(stub, user: "nacos:Zq7Wx9Lm2Rt5"), "registry/unauthorized")
  }

  /// The commands that are printed give the right, and then the nodes come.
  @Test(arguments: [("1.4", "public"), ("2.4", "public"), ("2.4", "dev-id"), ("3.0.3", "public"), ("3.0.3", "dev-id")])
  func theRightIsGranted(_ release: String, _ space: String) throws {
    let stub = try NacosStub { state in
      state.dialect = release == "1.4" ? .first : release == "2.4" ? .second : .third(release)
      state.users = Self.users
      state.instances = [.init { $0.space = space }]
      state.namespaces.append(("dev-id", "dev"))
    }
    defer { stub.stop() }
    let arguments = space == "public" ? [:] : ["namespace_id": space]
    let refused = try resolve(stub, "web", arguments, user: "apisix:Zq7Wx9Lm2Rt5x")
    expect(
      refused, "registry/forbidden", "authorization failed!", "the right to read the namespace \(space)",
      "Authority Control, Roles", "curl -X POST")
    let commands = refused.output.split(separator: "\n").compactMap { line in
      line.range(of: "curl -X POST").map { String(line[$0.lowerBound...]) }
    }
    let ended = try bash(commands.joined(separator: "\n"), environment: ["TOKEN": "token-of-nacos"])
    #expect(ended.status == 0, "\(ended.errors)")
    #expect(try resolve(stub, "web", arguments, user: "apisix:Zq7Wx9Lm2Rt5x").status == 0)
    // No more than that: not another namespace, where one is meant.
    stub.with { $0.instances = [.init { $0.space = "other" }] }
    let other = try resolve(stub, "web", ["namespace_id": "other"], user: "apisix:Zq7Wx9Lm2Rt5x")
    #expect(other.status == 1 && other.output.contains("[registry/forbidden]"), "\(other.output)")
  }

  /// `registry verify` prints the same.
  @Test func verifyPrintsTheRight() throws {
    let stub = try NacosStub { $0.users = Self.users }
    defer { stub.stop() }
    let host = "http://apisix:Zq7Wx9Lm2Rt5x@127.0.0.1:\(stub.server.port)"
    let folder = try Folder(["config.yaml": "discovery: {nacos: {host: [\"\(host)\"]}}\n"])
    let ended = try gatecheck("registry", "verify", "--config", "config.yaml", in: folder.path)
    expect(ended, "registry/forbidden", "the right to read the namespace public", "curl -X POST", "role=apisix-read")
    let other = try gatecheck(
      "registry", "verify", "--config", "config.yaml", "--discovery-arg", "namespace_id=dev-id", in: folder.path)
    expect(other, "registry/forbidden", "the right to read the namespace dev-id", "resource=dev-id:*:*")
  }

  // MARK: where it is

  @Test(arguments: [NacosStub.Dialect.first, .second])
  func anotherNamespaceOrGroup(_ dialect: NacosStub.Dialect) throws {
    let stub = try NacosStub { state in
      state.dialect = dialect
      state.namespaces.append(("7f1c-dev", "dev"))
      state.instances = [
        .init { $0.space = "7f1c-dev" },
        .init {
          $0.group = "PROD"
          $0.service = "orders"
        },
      ]
    }
    defer { stub.stop() }
    expect(
      try resolve(stub, "web", ["namespace_id": "dev"]), "registry/nacos-namespace", "the name of a namespace",
      "write discovery_args: {namespace_id: 7f1c-dev}")
    expect(
      try resolve(stub, "web", ["namespace_id": "qa"]), "registry/nacos-namespace", "no namespace qa", "7f1c-dev (dev)")
    expect(
      try resolve(stub, "web"), "registry/nacos-namespace", "web is in namespace 7f1c-dev (dev)",
      "write discovery_args: {namespace_id: 7f1c-dev}")
    expect(
      try resolve(stub, "orders"), "registry/nacos-group", "orders is in group PROD",
      "write discovery_args: {group_name: PROD}")
    expect(try resolve(stub, "Orders", ["group_name": "PROD"]), "registry/unknown-service", "service_name: orders?")
    #expect(try resolve(stub, "orders", ["group_name": "PROD"]).status == 0)
    // Whoever may not list them is told what was asked.
    stub.with { state in
      for path in ["console/namespaces", "ns/catalog/services", "ns/service/list"] {
        state.faults["/nacos/v1/" + path] = .init(status: 403)
      }
    }
    expect(try resolve(stub, "orders"), "registry/unknown-service", "in namespace public, group DEFAULT_GROUP")
  }

  @Test func namespacesAndGroupsOfTheThird() throws {
    let stub = try NacosStub { state in
      state.dialect = .third("3.0.3")
      state.namespaces.append(("7f1c-dev", "dev"))
      state.instances = [.init { $0.space = "7f1c-dev" }, .init { $0.group = "PROD" }]
    }
    defer { stub.stop() }
    expect(try resolve(stub, "web", ["namespace_id": "dev"]), "registry/nacos-namespace", "namespace_id: 7f1c-dev")
    expect(try resolve(stub, "web"), "registry/nacos-group", "group_name: PROD")
  }

  @Test func aGroupInTheName() throws {
    let stub = try NacosStub { $0.instances = [.init { $0.group = "PROD" }] }
    defer { stub.stop() }
    expect(
      try resolve(stub, "PROD@@web"), "registry/nacos-group-in-name", "10.0.0.1", "write service_name: web",
      "group_name: PROD", status: 0)
    expect(
      try resolve(stub, "TEST@@web", ["group_name": "PROD"]), "registry/nacos-group", "web is in group PROD",
      "service_name: web")
  }

  // MARK: instances

  @Test func whatIsNotHandedOut() throws {
    let stub = try NacosStub { $0.instances = [.init { $0.healthy = false }] }
    defer { stub.stop() }
    expect(try resolve(stub), "registry/nothing-usable", "10.0.0.1:80 is unhealthy", "heartbeats")
    stub.with { $0.instances = [.init { $0.enabled = false }] }
    let disabled = try resolve(stub)
    expect(disabled, "registry/nacos-disabled", "1 instance of web and hands out none: they are disabled")
    let command = disabled.output.split(separator: "\n").compactMap { line in
      line.range(of: "curl -X PUT").map { String(line[$0.lowerBound...]) }
    }
    #expect(try bash(command.joined(separator: "\n")).status == 0)
    #expect(try resolve(stub).status == 0)
    stub.with { $0.faults["/nacos/v1/ns/instance/list"] = .init(status: 500, body: "service is disabled now.") }
    expect(try resolve(stub), "registry/nacos-disabled", "enable the service")
  }

  @Test func theProtectionThreshold() throws {
    let stub = try NacosStub { state in
      state.instances = [
        .init(),
        .init {
          $0.healthy = false
          $0.port = 81
        },
      ]
      state.protected = ["web"]
    }
    defer { stub.stop() }
    expect(try resolve(stub), "registry/nacos-protection-threshold", "its protection threshold is reached", status: 0)
    // 1.4 does not say so, and does it with no healthy one at all.
    stub.with { state in
      state.dialect = .first
      state.protected = []
      state.instances = [.init { $0.healthy = false }]
    }
    expect(try resolve(stub), "registry/nacos-protection-threshold", "it counts 0 of 1 as healthy", status: 0)
    stub.with { $0.instances = [.init()] }
    #expect(try !resolve(stub).output.contains("protection"))
  }

  @Test(arguments: ["3.18.0", "3.8.1", "2.15.3"]) func weights(_ release: String) throws {
    let stub = try NacosStub { $0.instances = [.init { $0.weight = 0.5 }] }
    defer { stub.stop() }
    let version = ["--apisix-version", release]
    let refused = try resolve(stub, version)
    expect(refused, "registry/nacos-weight", "10.0.0.1:80", "invalid nodes format", "register it with a whole weight")
    let command = refused.output.split(separator: "\n").compactMap { line in
      line.range(of: "curl -X PUT").map { String(line[$0.lowerBound...]) }
    }
    #expect(try bash(command.joined(separator: "\n")).status == 0)
    #expect(try !resolve(stub, version).output.contains("registry/nacos-weight"))
    stub.with { $0.instances = [.init { $0.weight = 0 }, .init { $0.port = 81 }] }
    expect(try resolve(stub, version), "registry/nacos-weight-zero", "10.0.0.1:80", "sends it no request", status: 0)
  }

  func resolve(_ stub: NacosStub, _ flags: [String]) throws -> Ended {
    try resolve(stub, "web", [:], flags)
  }

  @Test func aPortForGRPC() throws {
    let stub = try NacosStub { $0.instances = [.init { $0.metadata = ["gRPC_port": "9090"] }] }
    defer { stub.stop() }
    expect(
      try resolve(stub), "registry/nacos-grpc-port",
      "APISIX takes the text \"9090\" and refuses all nodes: invalid nodes format", status: 0)
  }

  @Test(arguments: ["", "orders.example.org", "fd00::5"]) func addresses(_ ip: String) throws {
    let stub = try NacosStub { $0.instances = [.init { $0.ip = ip }] }
    defer { stub.stop() }
    let ended = try resolve(stub)
    if ip == "fd00::5" {
      #expect(ended.status == 0 && !ended.output.contains("registry/nacos-address"), "\(ended.output)")
    } else {
      expect(ended, "registry/nacos-address", "\"\(ip)\", no IP address: requests to it get 502")
    }
    stub.with { $0.instances.append(.init()) }
    #expect(try resolve(stub).status == 0)
  }
}
