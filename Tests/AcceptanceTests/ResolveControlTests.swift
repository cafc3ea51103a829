import Foundation
import JSON
import TestSupport
import Testing

/// `resolve --control` of one name and of all, and what stands in the place of a control API. APISIX is a stub, with
/// answers that a running one gave.
@Suite struct ResolveControlTests {
  private static let endpoints = """
    apiVersion: v1
    kind: Endpoints
    metadata: {name: cms, namespace: shop}
    subsets: [{addresses: [{ip: 10.1.0.1}, {ip: 10.1.0.2}], ports: [{name: http, port: 80}]}]

    """

  private static func node(_ host: String) -> String { #"{\"host\":\"\#(host)\",\"port\":80,\"weight\":50}"# }

  private static func dump(_ hosts: String...) -> StubServer.Answer {
    let nodes = hosts.map(node).joined(separator: ",")
    return StubServer.Answer(
      body: #"{"config": {}, "endpoints": [{"endpoints": [{"name": "shop/cms", "value": "{\"http\":[\#(nodes)]}"}]}]}"#)
  }

  private func resolve(_ answer: StubServer.Answer, _ arguments: String...) throws -> Ended {
    let server = try StubServer { _ in answer }
    defer { server.stop() }
    let folder = try Folder(["e.yaml": Self.endpoints])
    return try gatecheck(
      ["resolve"] + arguments + ["--from", "e.yaml", "--control", server.url], in: folder.path)
  }

  @Test func oneNameThatIsTheSame() throws {
    let ended = try resolve(Self.dump("10.1.0.2", "10.1.0.1"), "shop/cms:http")
    #expect(ended.status == 0)
    #expect(ended.output.hasPrefix("HOST      PORT  WEIGHT  READY\n10.1.0.1  80"))
    #expect(ended.errors == "gatecheck: the running APISIX has the same 2 nodes\n")
    let document = try JSONValue.parse(
      resolve(Self.dump("10.1.0.2", "10.1.0.1"), "shop/cms:http", "-o", "json").output)
    #expect(document["held"]?["state"] == "equal")
    #expect(document["held"]?["nodes"]?.array?.count == 2)
  }

  @Test func oneNameThatDiffers() throws {
    let stale = try resolve(Self.dump("10.1.0.1", "10.1.0.9"), "shop/cms:http")
    #expect(stale.status == 1)
    #expect(
      stale.output.contains(
        "error: the running APISIX lacks 10.1.0.2:80 and has 10.1.0.9:80, which the API server does not give: "
          + "shop/cms:http [resolve/apisix-differs]\n  help: the watch is dead or late"), "\(stale.output)")
    let extra = try resolve(
      StubServer.Answer(
        body:
          #"{"config": {}, "endpoints": [{"endpoints": [{"name": "shop/old", "value": "{\"http\":[\#(Self.node("10.1.0.9"))]}"}]}]}"#
      ), "shop/old:http")
    #expect(
      extra.output.contains("the running APISIX has 10.1.0.9:80, which the API server does not give: shop/old:http"))
    #expect(extra.output.contains("[resolve/unknown-service]"))
    let missing = try resolve(Self.dump("10.1.0.1"), "shop/cms:https")
    #expect(missing.errors.contains("the running APISIX has no nodes of it either"))
    let lacking = try resolve(
      StubServer.Answer(
        body: #"{"config": {}, "endpoints": [{"endpoints": [{"name": "shop/old", "value": "{\"http\":[]}"}]}]}"#),
      "shop/cms:http")
    #expect(
      lacking.output.contains("the running APISIX has no nodes of shop/cms:http, and the API server gives 2"),
      "\(lacking.output)")
  }

  @Test(arguments: [[], ["shop/cms:http"]]) func anAPISIXThatHoldsNothing(name: [String]) throws {
    for body in [#"{"endpoints":[],"config":[]}"#, #"{"endpoints":[{"endpoints":[]}],"config":{}}"#] {
      let server = try StubServer { _ in StubServer.Answer(body: body) }
      defer { server.stop() }
      let folder = try Folder(["e.yaml": Self.endpoints])
      let ended = try gatecheck(["resolve"] + name + ["--from", "e.yaml", "--control", server.url], in: folder.path)
      #expect(ended.status == 1)
      #expect(ended.output.contains("holds nothing at all"), "\(ended.output)")
      #expect(ended.output.contains("help: its first list never came: error.log says why"))
    }
  }

  /// What is no control API, and one that is not ready.
  @Test(arguments: [[], ["shop/cms:http"]]) func whatAnswersInItsPlace(name: [String]) throws {
    let cases: [(StubServer.Answer, rule: String, told: String)] = [
      (
        .init(status: 404, body: #"{"error_msg":"404 Route Not Found"}"#), "resolve/apisix-refused",
        "is the port of APISIX's proxy, not of its control API"
      ),
      (
        .init(status: 500, type: "text/html", body: "<html>500 Internal Server Error</html>"), "resolve/apisix-refused",
        "APISIX in standalone mode answers so until its first configuration has come"
      ),
      (.init(status: 404, body: "{}"), "resolve/apisix-refused", "discovery.kubernetes is not enabled there"),
      (
        .init(type: "text/html", body: "<html><form>password</form></html>"), "server/login-page",
        "a login page answers in place of the control API"
      ),
      (.init(body: "[]"), "resolve/apisix-refused", "something else than a dump of kubernetes"),
    ]
    for (answer, rule, told) in cases {
      let server = try StubServer { _ in answer }
      defer { server.stop() }
      let folder = try Folder(["e.yaml": Self.endpoints])
      let ended = try gatecheck(["resolve"] + name + ["--from", "e.yaml", "--control", server.url], in: folder.path)
      #expect(ended.status == 1)
      #expect(ended.output.contains("[\(rule)]") && ended.output.contains(told), "\(ended.output)")
    }
    let folder = try Folder(["e.yaml": Self.endpoints])
    for flag in ["--control", "--admin", "--referenced"] where name.isEmpty || flag == "--control" {
      let ended = try gatecheck(
        ["resolve"] + name + ["--from", "e.yaml", flag, "http://127.0.0.1:1", "-o", "json"], in: folder.path)
      #expect(ended.rules == ["connect/refused"] && ended.status == 3, "\(ended.output)")
    }
  }

  /// What the API server did not say is not held against APISIX.
  @Test(arguments: [[], ["shop/cms:http"]]) func anAPIServerThatRefuses(name: [String]) throws {
    let server = try StubServer { asked in
      asked.path.hasPrefix("/v1/")
        ? Self.dump("10.1.0.1")
        : StubServer.Answer(
          status: 401,
          body:
            #"{"kind": "Status", "apiVersion": "v1", "code": 401, "reason": "Unauthorized", "message": "Unauthorized"}"#
        )
    }
    defer { server.stop() }
    let folder = try Folder(["token": "a.b.c"])
    let ended = try gatecheck(
      ["resolve"] + name + ["--server", server.url, "--token-file", "token", "--control", server.url], in: folder.path)
    #expect(ended.status == 1)
    #expect(!ended.output.contains("resolve/apisix-differs"), "\(ended.output)")
    #expect(
      ended.errors.contains("the running APISIX has 1 node of it: 10.1.0.1:80\n") || name.isEmpty, "\(ended.errors)")
  }

  /// Upstreams can be judged by which registries are enabled, without kubernetes among them.
  @Test func aConfigurationWithoutKubernetes() throws {
    let folder = try Folder([
      "config.yaml": "discovery:\n  nacos:\n    host: [\"http://127.0.0.1:1\"]\n",
      "apisix.yaml": """
      routes:
        - uri: /a
          upstream: {type: roundrobin, discovery_type: kubernetes, service_name: "shop/cms:http"}
        - uri: /b
          upstream: {type: roundrobin, discovery_type: nacos, service_name: WEB}
      #END

      """,
    ])
    let ended = try gatecheck(
      "resolve", "--referenced", "apisix.yaml", "--config", "config.yaml", "-o", "short", in: folder.path)
    #expect(
      ended.output.contains(
        "apisix.yaml:3:50: error: routes/arr_1: discovery kubernetes is not enabled: config.yaml has only nacos "
          + "[discovery-type/not-enabled]\n"), "\(ended.output)")
    #expect(ended.output.contains("[connect/refused]") && ended.status == 3, "\(ended.output)")
    let one = try gatecheck("resolve", "shop/cms:http", "--config", "config.yaml", "-o", "json", in: folder.path)
    #expect(one.rules == ["config/no-kubernetes"] && one.status == 1)
    #expect(one.output.contains("there is no discovery.kubernetes in this file, only nacos"))
  }

  /// Two clusters with one id: APISIX starts no discovery, and nothing is said of a service.
  @Test func oneIDTwice() throws {
    let cluster = "\n    service: {host: 127.0.0.1, port: \"6443\"}\n    client: {token: a.b.c}"
    let folder = try Folder([
      "config.yaml": "discovery:\n  kubernetes:\n  - id: one\(cluster)\n  - id: one\(cluster)\n",
      "e.yaml": Self.endpoints,
    ])
    for more in [[], ["--from", "e.yaml"]] {
      let ended = try gatecheck(
        ["resolve", "one/shop/cms:http", "--config", "config.yaml", "-o", "json"] + more, in: folder.path)
      #expect(ended.rules == ["config/refused"] && ended.status == 1, "\(ended.output)")
      #expect(ended.output.contains("every worker of APISIX 3.18.0 would fail: duplicate id value"), "\(ended.output)")
    }
    // Two files of one cluster are none.
    try folder.write("f.yaml", Self.endpoints.replacingOccurrences(of: "cms", with: "web"))
    let both = try gatecheck(
      "resolve", "one/shop/cms:http", "--from", "one=e.yaml", "--from", "one=f.yaml", in: folder.path)
    #expect(both.status == 0)
  }

  /// The same page has the same rule as in token verify.
  @Test func aLoginPageInPlaceOfTheServer() throws {
    let page = StubServer.Answer(type: "text/html", body: "<html><form>password</form></html>")
    let server = try StubServer { _ in page }
    defer { server.stop() }
    let folder = try Folder(["token": "a.b.c"])
    for command in [["resolve", "shop/cms:http"], ["resolve", "--all"], ["token", "verify"]] {
      let ended = try gatecheck(
        command + ["--server", server.url, "--token-file", "token", "-o", "json"], in: folder.path)
      #expect(ended.rules.contains("server/login-page"), "\(command) \(ended.output)")
      #expect(!ended.rules.contains("server/not-kubernetes"))
    }
  }
}
