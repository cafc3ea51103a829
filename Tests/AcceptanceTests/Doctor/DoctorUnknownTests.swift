import TestSupport
import Testing

/// What could not be found out is not called well.
@Suite struct DoctorUnknownTests {
  private static let route = """
    routes:
      - {id: 1, uri: /orders, upstream: {type: roundrobin, discovery_type: kubernetes, service_name: "shop/web:http"}}
      - {id: 2, uri: /old, plugins: {redirect: {uri: /orders}}}
      - {id: 3, uri: /lost}
      - {id: 4, uri: /v, vars: [[arg_x, "==", "1"]], upstream: {type: roundrobin, nodes: {"127.0.0.1:1": 1}}}
    #END

    """

  /// - Parameter server: of port 1 nobody answers.
  private static func folder(_ server: String = "127.0.0.1:1") throws -> Folder {
    let parts = server.split(separator: ":")
    return try Folder([
      "config.yaml": """
      discovery:
        kubernetes:
          - id: one
            service: {schema: http, host: \(parts[0]), port: "\(parts[1])"}
            client: {token: abc}

      """,
      "apisix.yaml": route,
    ])
  }

  private func statuses(_ ended: Ended) throws -> [String: String] {
    let checks = try ended.checks().map { (($0["name"] as? String ?? ""), ($0["status"] as? String ?? "")) }
    return Dictionary(checks) { first, _ in first }
  }

  private func doctor(_ arguments: String..., in folder: Folder) throws -> Ended {
    try gatecheck(
      ["doctor", "--config", "config.yaml", "--apisix-file", "apisix.yaml", "-o", "json"] + arguments, in: folder.path)
  }

  /// The API server is not there: neither the token nor the way of a request is judged.
  @Test func nobodyAnswers() throws {
    let ended = try doctor("--uri", "/orders", in: Self.folder())
    let statuses = try statuses(ended)
    #expect(ended.rules.contains("connect/refused"), "\(ended.output)")
    #expect(statuses["/orders reaches nodes"] == "skipped", "\(statuses)")
    let taken = try #require(statuses.first { $0.key.contains(" takes the token of ") })
    #expect(taken.value == "skipped", "\(statuses)")
  }

  /// A page is no word about a token, and a trouble of the server is none.
  @Test(arguments: [200, 503]) func aPage(_ status: Int) throws {
    let stub = try StubServer { _ in .init(status: status, body: "<html>hello</html>") }
    defer { stub.stop() }
    let ended = try doctor(in: Self.folder("127.0.0.1:\(stub.port)"))
    let taken = try #require(statuses(ended).first { $0.key.contains(" takes the token of ") })
    #expect(taken.value == "skipped" || taken.value == "unknown", "\(ended.output)")
  }

  @Test func aClusterThatIsNotThere() throws {
    let ended = try doctor("--cluster", "nine", in: Self.folder())
    expect(
      ended, "config/unknown-cluster", "there is no cluster \\\"nine\\\" in this file", "ids: one", status: 2)
  }

  @Test func nothingIsThere() throws {
    let folder = try Folder()
    let ended = try gatecheck("doctor", in: folder.path)
    #expect(ended.status == 3, "\(ended.output)")
    #expect(ended.output.hasSuffix("not known: nothing was looked at; 3 checks: 3 skipped\n"), "\(ended.output)")
  }

  /// A plugin may answer where there is no upstream; where none does, nobody does.
  @Test func aRouteWithoutAnUpstream() throws {
    let folder = try Self.folder()
    let answered = try doctor("--uri", "/old", in: folder)
    #expect(try statuses(answered)["/old reaches nodes"] == "skipped" && !answered.rules.contains("route/no-upstream"))
    #expect(answered.output.contains("its plugin redirect may answer"), "\(answered.output)")
    #expect(try doctor("--uri", "/lost", in: folder).rules.contains("route/no-upstream"))
    #expect(try doctor("--uri", "/v", in: folder).output.contains("routes/4, where its vars, methods or filter"))
  }

  /// Where APISIX does not start that is the verdict, not the request that gets nowhere.
  @Test func whatComesFirst() throws {
    let folder = try Self.folder()
    try folder.write("config.yaml", folder.read("config.yaml").replacing("\"1\"", with: "1"))
    let ended = try gatecheck(
      "doctor", "--config", "config.yaml", "--apisix-file", "apisix.yaml", "--uri", "/lost", in: folder.path)
    #expect(
      ended.output.split(separator: "\n").last?.contains("[kubernetes/port-not-string]") == true, "\(ended.output)")
  }
}
