import APISIX
import Inputs
import JSON
import Lint
import TestSupport
import YAML

@testable import Probes

/// A configuration whose clusters are stubs.
struct ResolveCluster {
  let resolver: LiveResolver

  init(
    _ server: StubServer, more: JSONValue = .object(JSONObject()), release: Release = .newest,
    isCancelled: @escaping @Sendable () -> Bool = { false }, trace: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    var members = Self.cluster(server).object?.members ?? []
    members += more.object?.members ?? []
    self.init(
      config: .object(JSONObject(members)), requestTimeout: .seconds(10), release: release, isCancelled: isCancelled,
      trace: trace)
  }

  init(_ servers: [(id: String, server: StubServer)], requestTimeout: Duration = .seconds(10)) {
    let clusters = servers.map { id, server in
      JSONValue.object(
        JSONObject([.init(key: "id", value: .string(id))] + (Self.cluster(server).object?.members ?? [])))
    }
    self.init(config: .array(clusters), requestTimeout: requestTimeout)
  }

  private init(
    config: JSONValue, requestTimeout: Duration, release: Release = .newest,
    isCancelled: @escaping @Sendable () -> Bool = { false }, trace: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    let file: JSONValue = ["discovery": ["kubernetes": config]]
    let bytes = Array(file.text().utf8)
    var options = AccessOptions()
    options.config = "config.yaml"
    options.release = release
    options.requestTimeout = requestTimeout
    // JSON, which older releases do not read.
    let (tree, error) = Tree.partial(bytes)
    let read = DiscoveryConfig(
      tree, error: error, path: "config.yaml", Conditions(release: release, environment: .known([:])))
    var context = Context(environment: [:], now: { 1_800_000_000 }, files: { _, _ in bytes })
    context.isCancelled = isCancelled
    context.trace = trace
    resolver = LiveResolver(read, options, context)
  }

  private static func cluster(_ server: StubServer) -> JSONValue {
    [
      "service": ["schema": "http", "host": "127.0.0.1", "port": .string("\(server.port)")],
      "client": ["token": "a.b.c"],
    ]
  }
}

func endpoints(
  _ namespace: String, _ name: String, addresses: [String], port: String, _ number: Int
) -> JSONValue {
  [
    "metadata": ["namespace": .string(namespace), "name": .string(name)],
    "subsets": [
      [
        "addresses": .array(addresses.map { ["ip": .string($0)] }),
        "ports": [["name": .string(port), "port": .number(Double(number))]],
      ]
    ],
  ]
}

extension StubServer.Answer {
  static func json(_ value: JSONValue) -> Self { Self(body: value.text()) }

  static func list(
    _ items: [JSONValue], kind: String = "EndpointsList", continuing token: String = "", version: String = "7"
  ) -> Self {
    .json([
      "kind": .string(kind), "metadata": ["resourceVersion": .string(version), "continue": .string(token)],
      "items": .array(items),
    ])
  }

  static func status(_ code: Int, _ reason: String) -> Self {
    var answer = json([
      "kind": "Status", "code": .number(Double(code)), "reason": .string(reason), "message": .string(reason),
    ])
    answer.status = code
    return answer
  }

  static let notFound = status(404, "NotFound")
}
