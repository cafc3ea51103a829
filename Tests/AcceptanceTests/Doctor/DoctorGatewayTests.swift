import Foundation
import TestSupport
import Testing

/// What a running gateway says of itself. The gateways are stubs, which answer what APISIX 3.18.0 does: status and
/// texts of `/status/ready`, and the shape of `configs/validate`, as in its source.
@Suite struct DoctorGatewayTests {
  private static func eureka() throws -> EurekaStub { try EurekaStub { $0.add("WEB", "10.0.0.1") } }

  private static func control(_ services: String = "{}") throws -> StubServer {
    try StubServer { asked in
      switch asked.path {
      case "/v1/discovery/eureka/dump": .init(body: #"{"services": \#(services)}"#)
      default: .init(body: "[]")
      }
    }
  }

  private static func folder(_ eureka: EurekaStub, status: UInt16?) throws -> Folder {
    let status = status.map { "apisix: {status: {ip: 127.0.0.1, port: \($0)}}" } ?? ""
    return try Folder([
      "config.yaml": """
      deployment: {role: data_plane, role_data_plane: {config_provider: yaml}}
      \(status)
      discovery:
        eureka: {host: ["http://127.0.0.1:\(eureka.server.port)"], prefix: /eureka/}

      """,
      "apisix.yaml": """
      routes:
        - uri: /orders
          upstream: {type: roundrobin, discovery_type: eureka, service_name: WEB}
        - uri: 7
          plugins: {key-auth: {}}
          upstream: {type: roundrobin, discovery_type: eureka, service_name: WEB}
      #END

      """,
    ])
  }

  /// As rows of the matrix.
  @Test(arguments: RegistryFault.gateway) func gateway(_ fault: RegistryFault) throws {
    func status(_ error: String?) throws -> StubServer {
      try StubServer { _ in
        error.map { .init(status: 503, body: #"{"status":"error","error":"\#($0)"}"#) }
          ?? .init(body: #"{"status":"ok"}"#)
      }
    }
    func admin(_ answer: StubServer.Answer) throws -> StubServer {
      try StubServer { $0.method == "POST" ? answer : .init(body: #"{"total":0,"list":[]}"#) }
    }
    let refusal =
      #"{"errors":[{"resource_type":"routes","index":0,"error":"invalid routes at index 0, err: unknown plugin [x]"}]}"#
    let eureka = try Self.eureka()
    let control = try Self.control(#"{"WEB": [{"host": "10.0.0.1", "port": 8080, "weight": 100}]}"#)
    let states = (
      noList: try status("kubernetes discovery not ready"),
      noWorker: try status("worker count: 2 but status report count: 1"), ready: try status(nil)
    )
    let admins = (refusing: try admin(.init(status: 400, body: refusal)), taking: try admin(.init()))
    defer {
      eureka.stop()
      for stub in [control, states.noList, states.noWorker, states.ready, admins.refusing, admins.taking] {
        stub.stop()
      }
    }
    try fault.judge([
      "HOST": "127.0.0.1:\(eureka.server.port)", "CONTROL": control.url, "NOLIST": "\(states.noList.port)",
      "NOWORKER": "\(states.noWorker.port)", "READY": "\(states.ready.port)", "REFUSING": admins.refusing.url,
      "TAKING": admins.taking.url,
    ])
  }

  private func ready(_ answer: StubServer.Answer) throws -> Ended {
    let (eureka, control) = (try Self.eureka(), try Self.control())
    let status = try StubServer { asked in asked.path == "/status/ready" ? answer : .init(status: 404) }
    defer {
      eureka.stop()
      control.stop()
      status.stop()
    }
    let folder = try Self.folder(eureka, status: status.port)
    let ended = try gatecheck("doctor", "--config", "config.yaml", "--control", control.url, in: folder.path)
    #expect(status.asked.map(\.target) == ["/status/ready"])
    return ended
  }

  @Test(arguments: [
    ("kubernetes discovery not ready", "no list of every cluster has come yet"),
    ("worker count: 2 but status report count: 1", "its workers start, or one has died"),
    ("worker id: 0 has not received configuration", "it waits for its first configuration"),
  ])
  func notReady(_ words: String, _ help: String) throws {
    let ended = try ready(.init(status: 503, body: #"{"status":"error","error":"\#(words)"}"#))
    expect(ended, "gateway/not-ready", "✗ error    it says that it is ready", "not ready: \(words)", help)
  }

  @Test func anAgentThatDidNotStart() throws {
    let ended = try ready(.init(status: 500, type: "text/html", body: "<html>500</html>"))
    expect(ended, "gateway/not-ready", "not ready: it answers 500", "look for init_worker_by_lua")
  }

  @Test func readyIsNoProofOfNow() throws {
    let ended = try ready(.init(body: #"{"status":"ok"}"#))
    #expect(ended.output.contains("✓ ok       it says that it is ready: which it says for ever"), "\(ended.output)")
    let other = try ready(.init(status: 404))
    #expect(other.output.contains("? unknown  it says that it is ready: "), "\(other.output)")
    #expect(other.status == ended.status)
  }

  @Test func withoutStatusNothingIsAsked() throws {
    let (eureka, control) = (try Self.eureka(), try Self.control())
    defer {
      eureka.stop()
      control.stop()
    }
    let folder = try Self.folder(eureka, status: nil)
    let ended = try gatecheck("doctor", "--config", "config.yaml", "--control", control.url, in: folder.path)
    #expect(ended.output.contains("- skipped  it says that it is ready: apisix.status is not set"), "\(ended.output)")
  }

  // MARK: configs/validate

  private func validated(_ answer: StubServer.Answer) throws -> (Ended, asked: [StubServer.Asked]) {
    let eureka = try Self.eureka()
    let admin = try StubServer { asked in
      asked.path == "/apisix/admin/configs/validate"
        ? asked.method == "POST" ? answer : .init(status: 404) : .init(body: #"{"total":0,"list":[]}"#)
    }
    defer {
      eureka.stop()
      admin.stop()
    }
    let folder = try Self.folder(eureka, status: nil)
    let ended = try gatecheck(
      "doctor", "--config", "config.yaml", "--admin", admin.url, "--apisix-file", "apisix.yaml", in: folder.path,
      environment: ["GATECHECK_ADMIN_KEY": "Zq7Wx9Lm2Rt5"])
    return (ended, admin.asked)
  }

  @Test func whatTheGatewayRefuses() throws {
    let words = #"invalid routes at index 1, err: property \"uri\" validation failed: wrong type: expected string"#
    let (ended, asked) = try validated(
      .init(
        status: 400,
        body: #"{"error_msg":"Configuration validation failed","errors":[{"resource_type":"routes","index":1,"#
          + #""error":"\#(words)"}]}"#))
    expect(
      ended, "gateway/refuses", "✗ error    it would take apisix.yaml",
      "apisix.yaml:4:10: error: the gateway refuses it",
      "wrong type: expected string")
    // All is read, but for this one question, which changes nothing.
    let posts = asked.filter { $0.method != "GET" }
    #expect(posts.map(\.target) == ["/apisix/admin/configs/validate"])
    #expect(posts.allSatisfy { $0.method == "POST" && $0.body.hasPrefix("routes:") })
  }

  @Test func valuesThatDoNotFitAreNotTold() throws {
    let words = #"invalid routes at index 0, err: failed to match pattern \"^a\" with \"Zq7Wx9Lm2Rt5\""#
    let (ended, _) = try validated(
      .init(
        status: 400,
        body: #"{"error_msg":"no","errors":[{"resource_type":"routes","index":0,"error":"\#(words)"}]}"#))
    expect(ended, "gateway/refuses", "failed to match pattern")
  }

  @Test func oneThatTakesItAndOneThatCannotSay() throws {
    let (well, _) = try validated(.init())
    #expect(well.output.contains("✓ ok       it would take apisix.yaml"), "\(well.output)")
    let (old, _) = try validated(.init(status: 404, body: #"{"error_msg":"404 Route Not Found"}"#))
    #expect(old.output.contains("? unknown  it would take apisix.yaml: this APISIX has no"), "\(old.output)")
  }
}
