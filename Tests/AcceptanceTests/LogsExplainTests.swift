import Findings
import JSON
import TestSupport
import Testing

/// `gatecheck logs explain`, as a user calls it.
@Suite struct LogsExplainTests {
  /// The three of a user's post, written by 3.8.
  private static let log = #"""
    2024/05/17 03:01:07 [error] 54#54: *114 [lua] informer_factory.lua:295: list failed, kind: Endpoints, reason: Unauthorized, message : {"kind":"Status","message":"Unauthorized","reason":"Unauthorized","code":401}
    2024/05/17 03:01:08 [error] 54#54: *114 [lua] informer_factory.lua:295: list failed, kind: Endpoints, reason: Forbidden, message : {"kind":"Status","message":"endpoints is forbidden: User \"system:serviceaccount:default:apisix-test\" cannot list resource \"endpoints\" in API group \"\" at the cluster scope","reason":"Forbidden","code":403}
    2024/05/17 03:05:22 [error] 52#52: *623 [lua] init.lua:400: nodes(): get unexpected upstream service_name:　cms.default.svc.cluster.local, client: 192.168.60.136, server: _, request: "GET /k8s/products HTTP/1.1", host: "gateway.example.com"
    2024/05/17 03:05:22 [error] 52#52: *623 [lua] init.lua:545: handle_upstream(): failed to set upstream: no valid upstream node: nil, client: 192.168.60.136, server: _, request: "GET /k8s/products HTTP/1.1", host: "gateway.example.com"

    """#

  @Test func threeCausesAndTheirMends() throws {
    let folder = try Folder(["error.log": Self.log])
    let told = try gatecheck("logs", "explain", "error.log", in: folder.path)
    #expect(told.status == 1)
    for part in [
      "error.log:1:1: error: the API server does not accept APISIX's token: 401",
      "error.log:2:1: error: system:serviceaccount:default:apisix-test may not list endpoints in the whole cluster: 403",
      "help: gatecheck rbac generate --name apisix-test --namespace default | kubectl apply -f -",
      "help: write service_name: default/cms:PORT", "then: no node is known", "written by APISIX 3.8.0 or 3.8.1",
    ] {
      #expect(told.output.contains(part), "\(part)\n\(told.output)")
    }
  }

  @Test func theDocumentHasTheGroupsAndWhatCausedThem() throws {
    let folder = try Folder(["error.log": Self.log])
    let document = try JSONValue.parse(gatecheck("logs", "explain", "-o", "json", "error.log", in: folder.path).output)
    let groups = try #require(document["groups"]?.array)
    #expect(
      groups.map { $0["rule"]?.string } == [
        "log/list-unauthorized", "log/list-forbidden", "log/unexpected-service-name", "log/no-valid-upstream-node",
      ])
    #expect(groups.last?["causedBy"] == groups[2]["id"])
    #expect(document["apisixVersion"] == ["min": "3.8.0", "max": "3.8.1"])
    #expect(document["lines"] == ["read": 4, "explained": 4, "other": 0])
    // The same from a pipe, and from gzip.
    let ids = groups.map { $0["id"]?.string }
    for command in [
      "gatecheck logs explain -o json - <error.log", "gzip error.log; gatecheck logs explain -o json error.log.gz",
    ] {
      let again = try JSONValue.parse(bash(command, in: folder.path).output)
      #expect(again["groups"]?.array?.map { $0["id"]?.string } == ids)
    }
  }

  @Test func whatIsNoMatterOfDiscoveryIsLeftAlone() throws {
    let line = "2026/11/28 11:10:05 [warn] 41#41: *90 a client request body is buffered to a temporary file /tmp/1\n"
    let folder = try Folder(["error.log": line])
    let told = try gatecheck("logs", "explain", "error.log", in: folder.path)
    #expect(told.status == 0 && !told.output.contains("error:"), "\(told.output)")
    #expect(try gatecheck("logs", "explain", "none.log", in: folder.path).status == 3)
  }

  /// In no format, whatever wrote the line.
  @Test func noSecretIsShown() throws {
    let front = "2024/05/17 03:01:07 [error] 54#54: *114 [lua] "
    let lines = [
      "init.lua:127: get_token_param(): nacos login fail:nacos hunter2pw desc:status = 403, context: ngx.timer",
      "client.lua:237: fetch_from_host(): get_url:ns/instance/list?serviceName=web&accessToken=tok-1secretvalue err:status "
        + "= 403, context: ngx.timer",
      "init.lua:139: fetch_from_host: http://nacos:s3cretpw@127.0.0.1:1/nacos/v1/ err:all nacos services fetch failed, "
        + "context: ngx.timer",
      "init.lua:545: handle_upstream(): failed to set upstream: no valid upstream node: nil, client: 1.2.3.4, server: _, "
        + "request: \"GET /a?token=abcdef1234567890abcdef HTTP/1.1\", host: \"h\"",
      "init.lua:139: fetch_from_host: http://127.0.0.1:1/nacos/v1/ err:password=correct horse battery, context: ngx.timer",
      "init.lua:139: fetch_from_host: http://127.0.0.1:2/nacos/v1/ err:password: my staple, context: ngx.timer",
    ]
    let folder = try Folder(["error.log": lines.map { front + $0 + "\n" }.joined()])
    for format in OutputFormat.allCases {
      let told = try gatecheck("logs", "explain", "-o", format.rawValue, "error.log", in: folder.path)
      let wide = try bash("COLUMNS=900 gatecheck logs explain -o \(format.rawValue) error.log", in: folder.path)
      for secret in [
        "hunter2pw", "tok-1secretvalue", "s3cretpw", "abcdef1234567890abcdef", "correct", "battery", "my staple",
      ] {
        #expect(!(told.output + told.errors + wide.output).contains(secret), "\(format) \(secret)")
      }
    }
  }

  /// Whatever stands in a log of a gateway, no format breaks.
  @Test func everyLogInEveryFormat() throws {
    let folder = Checkout.path("Tests/Fixtures/logs")
    for format in OutputFormat.allCases {
      let told = try bash(
        "for f in *.log; do gatecheck logs explain -o \(format.rawValue) $f >/dev/null || [ $? = 1 ] || echo $f; done",
        in: folder)
      #expect(told.output == "" && told.errors == "", "\(format): \(told)")
    }
  }

  /// Ten seconds, one entry each: an edge belongs to what is asked for.
  @Test(arguments: [
    (["--since", "2026-11-28 11:02:15"], 5), (["--until", "2026-11-28 11:02:15"], 6),
    (["--since", "2026/11/28 11:02:15"], 5), (["--since", "2026-11-28T11:02:15Z"], 5),
    (["--since", "2026-11-28T19:02:15+08:00"], 5), (["--since", "2026-11-28 19:02:15 +0800"], 5),
    (["--since", "2026-11-28"], 10), (["--until", "2026-11-28"], 10), (["--until", "2026-11-27"], 0),
    (["--since", "2026-11-28 11:03"], 0), (["--until", "2026-11-28 11:02"], 10), (["--until", "2026-11-28 11:01"], 0),
    (["--since", "5s"], 6), (["--until", "5s"], 5), (["--since", "5s", "--until", "2s"], 4),
    (["--since", "1h30m"], 10), (["--since", "11:02:15"], 5), (["--until", "11:02:15"], 6),
    // Of the day before.
    (["--since", "11:03"], 10), (["--until", "11:03"], 0),
    (["--since", "2d", "--until", "2026-11-28 11:02:12"], 3),
  ])
  func spansOfTime(_ flags: [String], _ count: Int) throws {
    let lines = (10..<20).map {
      "2026/11/28 11:02:\($0) [error] 1#1: *\($0) [lua] init.lua:549: nodes(): fetch nodes failed by a, error: consul "
        + "service not found: default/a, client: 10.0.0.1, server: _, request: \"GET /a HTTP/1.1\"\n"
    }
    let folder = try Folder(["error.log": lines.joined()])
    let told = try gatecheck(["logs", "explain", "-o", "json", "error.log"] + flags, in: folder.path)
    #expect(told.status == (count > 0 ? 1 : 0))
    #expect(try JSONValue.parse(told.output)["lines"]?["read"] == JSONValue(count))
  }

  @Test(arguments: [
    ["--since", "yesterday"], ["--since", "25:00"], ["--until", "2026-11-31"], ["--since", "0s"], ["--since", "1w"],
    ["--since", "2026-11-28", "--until", "2026-11-27"], ["--since", "1h", "--until", "2h"],
  ])
  func timesThatAreNone(_ flags: [String]) throws {
    let told = try gatecheck(["logs", "explain", "-"] + flags)
    #expect(told.status == 2 && told.errors.contains("--since") || told.errors.contains("--until"))
  }

  /// Each format says that there is more, and how much.
  @Test(arguments: OutputFormat.allCases) func whatIsFoldedIsTold(_ format: OutputFormat) throws {
    let lines = (0..<70).map {
      "2026/11/28 11:02:10 [error] 1#1: *\($0) [lua] init.lua:549: nodes(): fetch nodes failed by a\($0), error: consul "
        + "service not found: default/a\($0), client: 10.0.0.1, server: _, request: \"GET /a HTTP/1.1\"\n"
    }
    let folder = try Folder(["error.log": lines.joined()])
    let told = try gatecheck("logs", "explain", "-o", format.rawValue, "error.log", in: folder.path)
    #expect(told.status == 1 && told.output.contains("6 more entries with other values"))
    let other = try gatecheck(
      "logs", "explain", "-o", format.rawValue, "--select", "log/connect-failed", "error.log", in: folder.path)
    #expect(other.status == 0 && !other.output.contains("more entries") && !other.output.contains("folded\": [\n"))
  }
}
