import Foundation
import TestSupport
import Testing

/// `doctor` as it is called: how it ends, what each format shows, what stays unknown.
@Suite struct DoctorTests {
  /// The checks, as `STATUS NAME`.
  private func checks(_ ended: Ended) throws -> [String] {
    try ended.checks().map { "\($0["status"] ?? "") \($0["name"] ?? "")" }
  }

  private static func folder(_ stub: StubServer, _ upstreams: String = web) throws -> Folder {
    try Folder([
      "config.yaml": "discovery: {consul: {servers: [\"\(stub.url)\"]}}\n", "apisix.yaml": upstreams + "#END\n",
    ])
  }

  private static let web = """
    routes:
      - uri: /orders/*
        host: shop.example.com
        upstream_id: 1
      - uri: /lost
        upstream_id: 7
      - uri: /off
        status: 0
        upstream_id: 1
    upstreams:
      - {id: 1, type: roundrobin, discovery_type: consul, service_name: web}

    """

  @Test func whatIsWellIsALineEach() throws {
    let stub = try StubServer.consul()
    defer { stub.stop() }
    let folder = try Self.folder(stub)
    let ended = try gatecheck("doctor", "--config", "config.yaml", in: folder.path)
    #expect(ended.status == 0, "\(ended.output)\(ended.errors)")
    let lines = ended.output.split(separator: "\n").map(String.init)
    for line in [
      "  ✓ ok       APISIX 3.18.0 takes config.yaml", "  ✓ ok       consul at \(stub.url) answers",
      "  ✓ ok       consul at \(stub.url) lets APISIX read",
    ] {
      #expect(lines.contains(line), "\(ended.output)")
    }
    #expect(lines.last == "healthy: 8 checks: 5 ok, 3 skipped", "\(ended.output)")
    let short = try gatecheck("doctor", "--config", "config.yaml", "-o", "short", in: folder.path)
    #expect(short.output == "healthy: 8 checks: 5 ok, 3 skipped\n")
  }

  /// Status 3 where no answer came; a timeout is called so, and what hangs on it is unknown, never "no".
  @Test func aServerThatIsSilent() throws {
    let stub = try StubServer { _ in
      Thread.sleep(forTimeInterval: 3)
      return .init()
    }
    defer { stub.stop() }
    let folder = try Self.folder(
      stub, "routes: [{uri: /, upstream: {type: roundrobin, discovery_type: consul, service_name: web}}]\n")
    let ended = try gatecheck(
      "doctor", "--config", "config.yaml", "--apisix-file", "apisix.yaml", "--request-timeout", "1", "-o", "json",
      in: folder.path)
    #expect(ended.status == 3)
    #expect(ended.rules == ["connect/timeout"], "\(ended.output)")
    let checks = try checks(ended)
    #expect(checks.contains("unknown consul at \(stub.url) lets APISIX read"), "\(checks)")
    #expect(checks.contains("unknown every service of consul that they name has nodes"), "\(checks)")
    #expect(ended.output.contains("did not answer in time"))
    #expect(!checks.contains { $0.hasPrefix("error") && $0.contains("lets APISIX read") })
  }

  /// The whole time is over before the server has answered: the report comes all the same.
  @Test func theTimeIsOver() throws {
    let stub = try StubServer { _ in
      Thread.sleep(forTimeInterval: 5)
      return .init()
    }
    defer { stub.stop() }
    let folder = try Self.folder(stub)
    let ended = try gatecheck(
      "doctor", "--config", "config.yaml", "--timeout", "1", "-o", "json", in: folder.path)
    #expect(ended.status == 3 && ended.rules == ["connect/timeout"], "\(ended.output)")
  }

  /// Neither of two mistakes hides the other.
  @Test func twoMistakesAtOnce() throws {
    let stub = try StubServer.consul()
    defer { stub.stop() }
    let folder = try Folder([
      "config.yaml": """
      discovery:
        consul: {servers: ["\(stub.url)"]}
        eureka: {host: ["http://127.0.0.1:1"], prefix: /eureka/}

      """,
      "apisix.yaml": Self.web.replacingOccurrences(of: "service_name: web", with: "service_name: wep") + "#END\n",
    ])
    let ended = try gatecheck(
      "doctor", "--config", "config.yaml", "--apisix-file", "apisix.yaml", "-o", "json", in: folder.path)
    let errors = ended.rules.filter { !$0.hasPrefix("standalone/") }
    #expect(errors == ["connect/refused", "registry/unknown-service"], "\(ended.output)")
  }

  // MARK: the way of a request

  @Test(
    arguments: [
      ("/orders/7", "shop.example.com", "ok", "nodes: 1 node", nil),
      ("/orders/7?a=b", nil, "ok", "nodes: 1 node", nil),
      ("/orders/7", "other.example.com", "error", "for shop.example.com alone", "route/no-match"),
      ("/nowhere", nil, "error", "no route takes /nowhere", "route/no-match"),
      ("/off", nil, "error", "routes/arr_3 has this path, and is switched off", "route/no-match"),
      ("/lost", nil, "error", "routes/arr_2 names upstreams/7, which is not there", "route/no-upstream"),
    ] as [(String, String?, String, String, String?)])
  func theWayOfARequest(_ uri: String, _ host: String?, _ status: String, _ told: String, _ rule: String?) throws {
    let stub = try StubServer.consul()
    defer { stub.stop() }
    let arguments =
      ["doctor", "--config", "config.yaml", "--apisix-file", "apisix.yaml", "--uri", uri]
      + (host.map { ["--host", $0] } ?? [])
    let folder = try Self.folder(stub)
    let ended = try gatecheck(arguments, in: folder.path)
    #expect(ended.output.contains(told), "\(ended.output)")
    let json = try gatecheck(arguments + ["-o", "json"], in: folder.path)
    let name = uri + (host.map { " of \($0)" } ?? "")
    #expect(try checks(json).contains("\(status) \(name) reaches nodes"), "\(json.output)")
    #expect(rule.map { json.rules.contains($0) } ?? true, "\(json.rules)")
    if status == "error" {
      #expect(ended.output.contains("\nnot healthy: the request breaks at its"), "\(ended.output)")
    }
  }

  /// The last link, where that is asked for.
  @Test func aNodeThatTakesNoConnection() throws {
    let stub = try StubServer.consul()
    defer { stub.stop() }
    let folder = try Self.folder(stub)
    let ended = try gatecheck(
      "doctor", "--config", "config.yaml", "--apisix-file", "apisix.yaml", "--uri", "/orders/7", "--probe",
      in: folder.path)
    expect(
      ended, "resolve/unreachable-nodes", "✗ reachability: the only node of web does not answer from here: refused")
  }

  // MARK: what it has of a running gateway

  @Test func theGatewayIsBehind() throws {
    let stub = try StubServer.consul()
    defer { stub.stop() }
    let control = try StubServer { asked in
      switch asked.path {
      case "/v1/discovery/consul/dump": .init(body: #"{"services": {"web": []}}"#)
      case "/v1/upstreams":
        .init(
          body: #"[{"key": "/upstreams/1", "value": {"id": "1", "discovery_type": "consul", "service_name": "web"}}]"#)
      default: .init(body: "[]")
      }
    }
    defer { control.stop() }
    let folder = try Self.folder(stub)
    let ended = try gatecheck(
      "doctor", "--config", "config.yaml", "--control", control.url, in: folder.path)
    expect(ended, "resolve/apisix-differs", "✗ error    it holds the nodes that consul has")
    #expect((stub.asked + control.asked).allSatisfy { $0.method == "GET" })
    // What was asked once is a fact from then on.
    for asked in [control.asked.map(\.target), stub.asked.map(\.target)] {
      #expect(!asked.isEmpty && Set(asked).count == asked.count, "\(asked)")
    }
  }

  // MARK: formats

  @Test func eachFormat() throws {
    let stub = try StubServer.consul { _ in .init(status: 403, body: "<b>&\"no\"") }
    defer { stub.stop() }
    let folder = try Self.folder(stub)
    let ended = try gatecheck(
      "doctor", "--config", "config.yaml", "-o", "html=page.html", "-o", "prometheus=metrics", "-o", "junit=junit.xml",
      "-o", "text", in: folder.path)
    #expect(ended.status == 1 && ended.output.contains("✗ error"), "\(ended.output)")
    let page = try folder.read("page.html")
    #expect(page.contains("<h1 class=\"nothealthy\">not healthy</h1>"), "\(page)")
    #expect(!page.contains("<b>&\"no") && !page.contains("<script") && !page.contains("http-equiv"), "\(page)")
    #expect(!page.contains("src=") && !page.contains("href="))
    let metrics = try folder.read("metrics").split(separator: "\n")
    for line in metrics {
      let isRight =
        line.hasPrefix("#")
        ? line.wholeMatch(of: #/# (HELP|TYPE) [a-z_]+ .+/#) != nil
        : line.wholeMatch(of: #/[a-z_]+(\{[a-z]+="([^"\\]|\\.)*"(,[a-z]+="([^"\\]|\\.)*")*\})? [0-9]+/#) != nil
      #expect(isRight, "\(line)")
    }
    #expect(metrics.contains("gatecheck_healthy 0"), "\(metrics)")
    #expect(metrics.contains { $0.hasPrefix("gatecheck_findings{rule=\"registry/") }, "\(metrics)")
    let xml = try execute(
      "python3", ["-c", "import sys, xml.dom.minidom as m; m.parse(sys.argv[1])", folder["junit.xml"]])
    #expect(xml.status == 0, "\(xml.errors)")
  }

  /// Who may not see the workloads learns that, and it is no "there is none".
  @Test func whatMayNotBeSeen() throws {
    let status = #"{"kind": "Status", "code": 403, "reason": "Forbidden", "message": "no"}"#
    let stub = try StubServer { _ in .init(status: 403, body: status) }
    defer { stub.stop() }
    let folder = try Folder(["kube": kubeconfig(server: stub.url, user: "{}")])
    let ended = try gatecheck("doctor", "--kubeconfig", "kube", in: folder.path)
    expect(ended, "server/workloads-unseen", "the deployments of the cluster cannot be seen (403)", status: 3)
    #expect(stub.asked.allSatisfy { $0.method == "GET" })
  }

  @Test func whatCannotBeCalled() throws {
    #expect(try gatecheck("doctor", "--host", "a").status == 2)
    #expect(try gatecheck("doctor", "--uri", "/").status == 2)
    #expect(try gatecheck("doctor", "--admin-key-file", "key").status == 2)
    #expect(try gatecheck("doctor", "--config", "config.yaml", "-o", "sarif").status == 2)
    #expect(try gatecheck("doctor", "--config", "nowhere.yaml").status == 3)
    let refused = try gatecheck("doctor", "--config", "config.yaml", "--select", "nonsense/", "-o", "json")
    #expect(refused.status == 2 && refused.output.contains("\"not known\""), "\(refused.output)")
  }

  /// What heals is looked at again; what stands in a file is not.
  @Test func whatHeals() throws {
    let stub = try StubServer.consul()
    defer { stub.stop() }
    let count = Counter()
    let young = try StubServer.consul { _ in count.next() <= 2 ? .init(status: 500, body: "No cluster leader") : nil }
    defer { young.stop() }
    let folder = try Self.folder(young)
    let ended = try gatecheck("doctor", "--config", "config.yaml", "--wait", "20", in: folder.path)
    #expect(ended.status == 0, "\(ended.output)")
    let broken = try Folder(["config.yaml": "discovery: {consul: {servers: [\"ftp://127.0.0.1\"]}}\n"])
    let file = try gatecheck("doctor", "--config", "config.yaml", "--wait", "600", in: broken.path)
    #expect(file.status == 1, "\(file.output)")
  }
}
