import Foundation
import TestSupport
import Testing

/// What no Consul of a test does by itself, by a contract stub: what stands before it, and what newer servers and
/// Consul Enterprise say.
@Suite struct ConsulStubTests {
  /// - Parameter look: while the stub still answers.
  private func run(
    _ command: [String], _ kind: String = "consul", _ extra: String = "", look: (Ended) throws -> Void = { _ in },
    _ answer: @escaping @Sendable (StubServer.Asked) -> StubServer.Answer
  ) throws -> Ended {
    let stub = try StubServer(answer)
    defer { stub.stop() }
    let section = "discovery: {\(kind): {servers: [\"\(stub.url)\"]\(extra)}}\n"
    let words = command.map { $0.replacingOccurrences(of: "SERVER", with: stub.url) }
    let folder = try Folder(["config.yaml": section])
    let ended = try gatecheck(words + ["--config", "config.yaml"], in: folder.path)
    try look(ended)
    return ended
  }

  private static let index = ["X-Consul-Index: 7"]
  private static let web = #"[{"Node": {"Node": "n"}, "Service": {"Address": "10.0.0.1", "Port": 80}, "Checks": []}]"#
  private static let catalogue = #"{"consul": [], "web": []}"#

  private static func consul(_ asked: StubServer.Asked, headers: [String] = index) -> StubServer.Answer {
    switch asked.path {
    case "/v1/catalog/services": StubServer.Answer(headers: headers, body: catalogue)
    case "/v1/catalog/nodes": StubServer.Answer(headers: headers, body: #"[{"Node": "n"}]"#)
    case "/v1/health/service/web": StubServer.Answer(headers: headers, body: web)
    case _ where asked.path.hasPrefix("/v1/health/"): StubServer.Answer(headers: headers, body: "[]")
    default: StubServer.Answer(status: 404)
    }
  }

  /// A proxy that does not know the header.
  @Test func anAnswerWithoutIndex() throws {
    for command in [["resolve", "web"], ["registry", "verify"]] {
      let ended = try run(command) { Self.consul($0, headers: []) }
      #expect(ended.status == 1 && ended.rules(["registry/consul-no-index"]), "\(ended.output)")
      #expect(ended.output.contains("APISIX ends asking it with a Lua error"), "\(ended.output)")
    }
    #expect(try run(["resolve", "web"]) { Self.consul($0) }.status == 0)
    let polled = try run(["resolve", "web"], "consul", ", keepalive: false") { Self.consul($0, headers: []) }
    #expect(polled.status == 0 && polled.rules([]), "\(polled.output)")
    let keys = #"[{"Key": "upstreams/web/10.0.0.1:80", "Value": "e30="}]"#
    for command in [["resolve", "SERVER/v1/kv/upstreams/web/"], ["registry", "verify"]] {
      let ended = try run(command, "consul_kv") { _ in StubServer.Answer(body: keys) }
      #expect(ended.status == 1 && ended.rules(["registry/consul-no-index"]), "\(ended.output)")
      #expect(ended.output.contains("keeps the first answer, and no change reaches it"), "\(ended.output)")
    }
  }

  /// 404 of something else.
  @Test func aPageOfAnotherServer() throws {
    for (kind, name) in [("consul", "web"), ("consul_kv", "SERVER/v1/kv/upstreams/web/")] {
      let ended = try run(["resolve", name], kind) { _ in
        StubServer.Answer(status: 404, type: "text/html", body: "<html>nginx</html>")
      }
      #expect(ended.status == 1 && ended.rules(["registry/not-found"]), "\(ended.output)")
      #expect(ended.output.contains("is this the address of Consul?"), "\(ended.output)")
    }
  }

  @Test(arguments: [301, 302, 303, 307, 308]) func aRedirect(_ status: Int) throws {
    for (kind, name) in [("consul", "web"), ("consul_kv", "SERVER/v1/kv/upstreams/web/")] {
      let ended = try run(["resolve", name], kind) { _ in
        StubServer.Answer(status: status, headers: ["Location: https://consul.example.org:8501/v1?session=Zq7Wx9Lm"])
      }
      #expect(ended.status == 1 && ended.rules(["registry/redirect"]), "\(ended.output)")
      #expect(ended.output.contains("a redirect to https://consul.example.org:8501/v1, which APISIX does not follow"))
      #expect(ended.output.contains("to Consul APISIX speaks only http") && !ended.output.contains("Zq7Wx9Lm"))
    }
    let page = try run(["resolve", "web"]) { _ in StubServer.Answer(status: status, headers: ["Location: /ui/"]) }
    #expect(
      page.rules(["registry/redirect"]) && page.output.contains("a redirect to /ui/, which APISIX does not follow"),
      "\(page.output)")
  }

  @Test func headersTooLong() throws {
    for headers in [
      ["X-Long: " + String(repeating: "x", count: 300_000)],
      (0..<3000).map { "X-\($0): " + String(repeating: "x", count: 100) },
    ] {
      let ended = try run(["resolve", "web"]) { _ in StubServer.Answer(headers: headers, body: "[]") }
      #expect(ended.status == 3 && ended.output.contains("answer are too long"), "\(ended.output)")
      #expect(ended.output.contains("discovery.consul.servers") && !ended.output.contains("kubectl"), "\(ended.output)")
    }
  }

  /// The port of TLS, as Consul answers there.
  @Test func thePortOfTLS() throws {
    let ended = try run(["resolve", "web"]) { _ in
      StubServer.Answer(status: 400, type: "text/plain", body: "Client sent an HTTP request to an HTTPS server.\n")
    }
    #expect(ended.rules(["tls/plain-http-to-tls-port"]), "\(ended.output)")
    #expect(ended.output.contains("APISIX speaks only plain http to Consul"), "\(ended.output)")
  }

  /// Consul from 1.11 on says that it left something out; here it does not say which right is missing.
  @Test func aNewerConsulSaysThatItFilters() throws {
    let filtered = Self.index + ["X-Consul-Results-Filtered-By-ACLs: true"]
    let ended = try run(["resolve", "shop"], "consul", ", token: q9VwZt3Xk7Lm2Rb8") { asked in
      asked.path == "/v1/acl/token/self"
        ? StubServer.Answer(
          body: #"{"AccessorID": "a-1", "SecretID": "q9VwZt3Xk7Lm2Rb8", "Policies": [{"Name": "p"}]}"#)
        : Self.consul(asked, headers: filtered)
    }
    #expect(ended.rules(["registry/consul-weak-token"]), "\(ended.output)")
    #expect(ended.output.contains("Consul shows nothing under shop: the token with the accessor a-1 may not read all"))
    #expect(!ended.output.contains("q9VwZt3Xk7Lm2Rb8"), "\(ended.output)")
  }

  /// What a Consul says is no part of a command before it is quoted.
  @Test func noAccessorRunsAnything() throws {
    let ended = try run(["resolve", "shop"], "consul", ", token: q9VwZt3Xk7Lm2Rb8") { asked in
      switch asked.path {
      case "/v1/acl/token/self": StubServer.Answer(body: #"{"AccessorID": "x; touch /tmp/y $(id)"}"#)
      case "/v1/catalog/services": StubServer.Answer(headers: Self.index, body: "{}")
      default: Self.consul(asked)
      }
    }
    #expect(ended.output.contains("-id='x; touch /tmp/y $(id)' -merge-policies"), "\(ended.output)")
  }

  /// Consul Enterprise.
  @Test func anotherNamespace() throws {
    let ended = try run(["resolve", "shop"]) { asked in
      switch asked.target {
      case "/v1/namespaces": StubServer.Answer(body: #"[{"Name": "default"}, {"Name": "team"}]"#)
      case "/v1/catalog/services?ns=team": StubServer.Answer(headers: Self.index, body: #"{"shop": []}"#)
      default: Self.consul(asked)
      }
    }
    #expect(ended.rules(["registry/consul-other-namespace"]), "\(ended.output)")
    #expect(ended.output.contains("in the namespace team"), "\(ended.output)")
  }

  /// Maintenance, and an agent that is gone.
  @Test(
    arguments: [
      ("serfHealth", "the agent of n is gone"), ("_node_maintenance", "switched maintenance on"),
      ("_service_maintenance:web", "switched maintenance on"), ("c", "mend the service"),
    ])
  func whatFailsIsCured(_ id: String, _ help: String) throws {
    let check = #"{"Node": "n", "CheckID": "\#(id)", "Name": "x", "Status": "critical", "Output": ""}"#
    let entry = #"[{"Node": {"Node": "n"}, "Service": {}, "Checks": [\#(check)]}]"#
    let ended = try run(["resolve", "web"]) { asked in
      switch asked.target {
      case "/v1/health/service/web?passing": StubServer.Answer(headers: Self.index, body: "[]")
      case "/v1/health/service/web": StubServer.Answer(headers: Self.index, body: entry)
      default: Self.consul(asked)
      }
    }
    #expect(ended.rules(["registry/nothing-usable"]) && ended.output.contains(help), "\(ended.output)")
  }

  /// All nodes in one event.
  @Test func moreNodesThanAnEventHolds() throws {
    let checks = (0..<1700).map { number in
      #"{"Node": "n\#(number)", "CheckID": "c", "Status": "passing", "ServiceID": "web", "ServiceName": "web"}"#
    }
    let all = "[\(checks.joined(separator: ", "))]"
    for (release, rules) in [
      ("3.7.0", []), ("3.8.0", ["registry/consul-event-too-large"]), ("3.15.0", ["registry/consul-event-too-large"]),
      ("3.16.0", []),
    ] {
      for command in [["resolve", "web"], ["registry", "verify"]] {
        let ended = try run(command + ["--apisix-version", release]) { asked in
          asked.path == "/v1/health/state/any" ? StubServer.Answer(headers: Self.index, body: all) : Self.consul(asked)
        }
        #expect(ended.rules(rules) && ended.status == (rules.isEmpty ? 0 : 1), "\(release): \(ended.output)")
      }
    }
  }

  // MARK: Entries that hide others

  private static let nameless = #"{"Node": {"Node": "n1"}, "Checks": []}"#

  private static func entry(_ number: Int, _ service: String = "web") -> String {
    #"{"Node": {"Node": "m\#(number)"}, "Checks": [], "Service": "#
      + #"{"Service": "\#(service)", "Address": "10.0.0.\#(number)", "Port": 80}}"#
  }

  /// Asked, and from a file; each line of `told` in both.
  @Test(arguments: [
    (
      "3.17", [nameless, entry(1)], 1,
      "entry 1 of web (node n1) has no Service, and APISIX 3.17.0 takes none of the 2 instances"
    ),
    (
      "3.17", [entry(1), nameless, entry(2)], 0,
      "entry 2 of web (node n1) has no Service, and APISIX 3.17.0 takes none of the 2 instances from it on"
    ),
    ("3.18", [nameless], 1, "entry 1 of web (node n1) has no Service, and APISIX 3.18.0 takes none of the 1 instance"),
    ("3.18", [nameless, entry(1)], 0, ""), ("3.4", [entry(1), nameless], 0, "takes none of the 1 instance from it on"),
  ])
  func anEntryWithoutAService(_ release: String, _ entries: [String], _ status: Int32, _ told: String) throws {
    let answer = "[\(entries.joined(separator: ", "))]"
    let look = { (ended: Ended) throws -> Void in
      // What it tells to run shows the answer.
      if !told.isEmpty { #expect(try ended.paste().contains(Self.nameless)) }
    }
    let asked = try run(["resolve", "web", "--apisix-version", release], look: look) { asked in
      asked.path == "/v1/health/service/web" ? .init(headers: Self.index, body: answer) : Self.consul(asked)
    }
    let folder = try Folder(["web.json": answer])
    let read = try gatecheck(
      "resolve", "web", "--registry", "consul", "--from", "web.json", "--apisix-version", release, in: folder.path)
    for ended in [asked, read] {
      #expect(ended.status == status && !ended.output.contains("passes its checks"), "\(ended.output)")
      #expect(ended.output.contains("[registry/consul-no-service]") == !told.isEmpty, "\(ended.output)")
      if !told.isEmpty { #expect(ended.output.contains(told), "\(ended.output)") }
    }
  }

  /// One that ends the reading is named, and the service that has it, whichever was asked for.
  @Test func anEntryThatCannotBeRead() throws {
    let broken = #"[\#(Self.entry(1, "old")), {"Node": {"Node": "n1"}, "Service": {"Port": 80}, "Checks": []}]"#
    for name in ["web", "old"] {
      let look = { (ended: Ended) throws -> Void in #expect(try ended.paste() == broken) }
      let ended = try run(["resolve", name], look: look) { asked in
        switch asked.path {
        case "/v1/catalog/services": .init(headers: Self.index, body: #"{"consul": [], "old": [], "web": []}"#)
        case "/v1/health/service/old": .init(headers: Self.index, body: broken)
        default: Self.consul(asked)
        }
      }
      #expect(ended.status == 1 && ended.rules(["registry/odd-answer"]), "\(ended.output)")
      #expect(
        ended.output.contains("APISIX 3.18.0 cannot read entry 2 of old (node n1), and takes no service"),
        "\(ended.output)")
      #expect(ended.output.contains("discovery.consul.skip_services: [old]") == (name == "web"), "\(ended.output)")
    }
    let skipped = try run(["resolve", "web"], "consul", ", skip_services: [old]") { Self.consul($0) }
    #expect(skipped.status == 0 && skipped.rules([]), "\(skipped.output)")
  }
}
