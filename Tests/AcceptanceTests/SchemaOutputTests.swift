import Foundation
import JSON
import TestSupport
import Testing

/// Python as the user has it, with what that found in the user's own folders.
private let python = ProcessInfo.processInfo.environment.filter { ["HOME", "PATH", "VIRTUAL_ENV"].contains($0.key) }
private let hasValidator =
  (try? bash("python3 -c 'import jsonschema, referencing'", environment: python))?.status == 0

/// The JSON documents of the commands for tokens and rights, as the built binary prints them, against docs/schemas.
@Suite(.enabled(if: hasValidator, "Python's jsonschema is not there"))
struct SchemaOutputTests {
  private static let validator = """
    import json, pathlib, sys, jsonschema, referencing
    from referencing.jsonschema import DRAFT202012
    folder = pathlib.Path(sys.argv[1])
    def retrieve(uri):
        return referencing.Resource(json.loads((folder / uri).read_text()), DRAFT202012)
    registry = referencing.Registry(retrieve=retrieve)
    for path in sorted(pathlib.Path('.').glob('*.json')):
        schema = json.loads((folder / f"{path.name.split('.')[0]}.schema.json").read_text())
        kind = jsonschema.validators.validator_for(schema)
        for error in kind(schema, registry=registry).iter_errors(json.loads(path.read_text())):
            print(path.name, error.json_path, error.message[:200])
    """

  /// The schema of each, then the command.
  private static let commands: [(schema: String, arguments: [String])] = [
    ("token", ["token", "verify", "--config", "CONFIG"]), ("token", ["token", "verify", "--config", "SEVERAL"]),
    ("token", ["token", "verify", "--server", "URL", "--token-file", "/dev/null"]),
    ("token", ["token", "verify", "--server", "https://127.0.0.1:1", "--token-file", "TOKEN"]),
    ("token", ["token", "verify", "--config", "missing.yaml"]), ("token", ["token", "inspect", "TOKEN"]),
    ("token", ["token", "inspect", "CONFIG"]), ("token", ["token", "inspect", "SEVERAL"]),
    ("token", ["token", "inspect", "missing"]), ("token", ["token", "inspect", "/dev/null"]),
    ("token", ["token", "verify", "--config", "CONFIG", "--apisix-version", "nonsense"]),
    ("rbac-verify", ["rbac", "verify", "--config", "CONFIG"]),
    ("rbac-verify", ["rbac", "verify", "--config", "SEVERAL"]),
    ("rbac-verify", ["rbac", "verify", "--server", "https://127.0.0.1:1", "--token-file", "TOKEN"]),
    ("rbac-diff", ["rbac", "diff", "--server", "URL", "--token-file", "TOKEN"]),
    ("rbac-diff", ["rbac", "diff", "--server", "https://127.0.0.1:1", "--token-file", "TOKEN"]),
    ("token-create", ["token", "create", "--server", "URL", "--token-file", "TOKEN", "--output-file", "made"]),
    (
      "token-create",
      ["token", "create", "--server", "URL", "--token-file", "TOKEN", "--output-file", "made", "--confirm"]
    ),
    ("token-create", ["token", "create", "--server", "URL", "--token-file", "missing", "--output-file", "made"]),
    ("token-create", ["token", "create", "--select", "nonsense/", "--output-file", "made"]),
    ("token-create", ["token", "create", "--name", "NO", "--output-file", "made"]),
    ("rbac-verify", ["rbac", "verify", "--config", "CONFIG", "--select", "nonsense/"]),
    ("rbac-diff", ["rbac", "diff", "--server", "URL", "--select", "nonsense/"]),
    ("resolve", ["resolve", "a/b:c", "--config", "CONFIG", "--select", "nonsense/"]),
    ("resolve", ["resolve", "a/b:c", "--config", "SEVERAL"]), ("resolve", ["resolve", "--all", "--config", "CONFIG"]),
    ("registry-verify", ["registry", "verify", "--config", "CONFIG"]),
    ("registry-verify", ["registry", "verify", "--config", "SEVERAL"]),
    ("registry-verify", ["registry", "verify", "--config", "missing.yaml"]),
    ("registry-verify", ["registry", "verify", "--config", "CONFIG", "--select", "nonsense/"]),
    ("registry-verify", ["registry", "verify", "--config", "CONFIG", "--registry", "nacos"]),
    ("registry-verify", ["registry", "verify", "--seed-config", "missing.yaml"]),
    ("doctor", ["doctor", "--config", "CONFIG"]), ("doctor", ["doctor", "--config", "SEVERAL"]),
    ("doctor", ["doctor", "--config", "missing.yaml"]),
    ("doctor", ["doctor", "--config", "CONFIG", "--control", "URL", "--admin", "URL", "--uri", "/", "--probe"]),
    ("doctor", ["doctor", "--config", "CONFIG", "--select", "nonsense/"]),
    ("doctor", ["doctor", "--server", "URL", "--token-file", "TOKEN"]),
  ]

  @Test(arguments: CanaryLiveTests.Echo.allCases) func everyDocumentFitsItsSchema(_ echo: CanaryLiveTests.Echo) throws {
    let stub = try StubServer { CanaryLiveTests.answer($0, echo) }
    defer { stub.stop() }
    let token = CanaryTests.jwt.text
    let cluster = "service: {schema: http, host: 127.0.0.1, port: \"\(stub.port)\"}, client: {token: \"\(token)\"}"
    let folder = try Folder([
      "config.yaml": "discovery: {kubernetes: {\(cluster)}}\n", "token": token,
      "several.yaml": "discovery: {kubernetes: [{id: a, \(cluster)}, {id: b, \(cluster)}]}\n", "out/x": "",
    ])
    let places = [
      "CONFIG": "config.yaml", "SEVERAL": "several.yaml", "TOKEN": "token", "URL": stub.url,
    ]
    try expectValid(Self.commands.map { ($0.schema, $0.arguments.map { places[$0] ?? $0 }) }, in: folder)
  }

  /// Each document against the schema that it is of.
  private func expectValid(_ commands: [(schema: String, arguments: [String])], in folder: Folder) throws {
    for (index, command) in commands.enumerated() {
      let ended = try gatecheck(command.arguments + ["-o", "json", "--timeout", "5"], in: folder.path)
      try folder.write("out/\(command.schema).\(index).json", ended.output)
    }
    let ended = try bash(
      "cd out && python3 -c \"$VALIDATOR\" \"$SCHEMAS\"", in: folder.path,
      environment: python.merging(["VALIDATOR": Self.validator, "SCHEMAS": Checkout.path("docs/schemas")]) { $1 })
    #expect(ended.status == 0, "\(ended.errors)")
    #expect(ended.output == "")
  }

  /// Each registry that there is, some with several servers: those that answer, refuse, and are not there.
  @Test(arguments: EtcdCanaryTests.Echo.allCases) func everyRegistry(_ echo: EtcdCanaryTests.Echo) throws {
    let etcd = try StubServer { EtcdCanaryTests.answer($0, echo) }
    defer { etcd.stop() }
    let cluster = try StubServer { CanaryLiveTests.answer($0, .version) }
    defer { cluster.stop() }
    let registry = try StubServer { asked in
      switch asked.path {
      case "/nacos/v1/ns/instance/list": .init(body: #"{"hosts": []}"#)
      case "/v1/catalog/services": .init(headers: ["X-Consul-Index: 7"], body: #"{"consul": []}"#)
      case "/v1/catalog/nodes": .init(body: #"[{"Node": "n1"}]"#)
      case "/eureka/apps": .init(body: #"{"applications": {"application": []}}"#)
      case let path where path.hasPrefix("/v1/"): .init(body: "[]")
      default: .init(status: 404)
      }
    }
    defer { registry.stop() }
    let names = try StubNameServer { question in [question[..<2] + [0x85, 0x83] + question[4...]] }
    let kubernetes = "service: {schema: http, host: 127.0.0.1, port: \"\(cluster.port)\"}, client: {token: abc}"
    let server = "http://127.0.0.1:\(registry.port)"
    let folder = try Folder([
      "out/x": "",
      "conf.yaml": "discovery: {zookeeper: {hosts: [\"\(try zooKeeper)\", \"127.0.0.1:1\"]}}\n",
      "config.yaml": """
      discovery:
        nacos: {host: ["\(server)", "http://127.0.0.1:1"], prefix: /nacos/v1/}
        consul: {servers: ["\(server)", "http://127.0.0.1:1"]}
        consul_kv: {servers: ["\(server)"]}
        eureka: {host: ["\(server)", "\(server)/other"], prefix: /eureka/}
        dns: {servers: ["\(names.address)", "127.0.0.1:1"]}
        kubernetes: [{id: a, \(kubernetes)}, {id: b, \(kubernetes)}]
      deployment:
        etcd: {host: ["\(etcd.url)", "http://127.0.0.1:1"], user: apisix, password: s3cr3t-of-etcd}

      """,
    ])
    let verify = ["registry", "verify", "--config", "config.yaml", "--seed-config", "conf.yaml"]
    let doctor = [["--config", "config.yaml", "--bundle", "b.tgz"], ["--from-bundle", "b.tgz"]]
    try expectValid([("registry-verify", verify)] + doctor.map { ("doctor", ["doctor"] + $0) }, in: folder)
    let document = try JSONValue.parse(folder.read("out/registry-verify.0.json"))
    let told = (document["registries"]?.array ?? []).map { registry in
      let servers = registry["servers"]?.array ?? []
      let id = registry["id"]?.string.map { " \($0)" } ?? ""
      return "\(registry["registry"]?.string ?? "")\(id) \(servers.compactMap { $0["status"]?.string })"
    }
    #expect(
      told.map { $0.prefix { $0 != "[" } }.joined()
        == "nacos consul consul_kv eureka dns etcd zookeeper kubernetes a kubernetes b ")
    #expect(told.contains(#"consul ["well", "unreached"]"#) && document["findings"]?.array?.isEmpty == false, "\(told)")
  }

  /// One of a real server, where it can be had.
  private var zooKeeper: String {
    get throws { ZooKeeperServer.isThere ? try ZooKeeperServer.shared.get().address : "127.0.0.1:1" }
  }
}
