import Foundation
import TestSupport
import Testing

/// Why `resolve --registry` finds nothing, each reason against a contract stub.
@Suite struct RegistryReasonTests {
  private func resolve(
    _ registry: String, _ section: String, _ name: String, _ arguments: [String] = [],
    _ answer: @escaping @Sendable (StubServer.Asked) -> StubServer.Answer
  ) throws -> (ended: Ended, asked: [StubServer.Asked]) {
    let stub = try StubServer(answer)
    defer { stub.stop() }
    let text = "discovery: {\(registry): \(section.replacingOccurrences(of: "PORT", with: "\(stub.port)"))}\n"
    let folder = try Folder(["config.yaml": text])
    let ended = try gatecheck(["resolve", name, "--config", "config.yaml"] + arguments, in: folder.path)
    return (ended, stub.asked)
  }

  @Test(
    arguments: [
      (
        "nacos", "{host: [\"http://127.0.0.1:PORT\"]}", 403, "{\"message\":\"authorization failed!\"}",
        "registry/forbidden"
      ),
      ("nacos", "{host: [\"http://u:wrong@127.0.0.1:PORT\"]}", 403, "unknown user!", "registry/unauthorized"),
      ("nacos", "{host: [\"http://127.0.0.1:PORT\"]}", 410, "gone", "registry/nacos-api-off"),
      ("nacos", "{host: [\"http://127.0.0.1:PORT\"]}", 503, "server is STARTING now", "registry/nacos-starting"),
      ("nacos", "{host: [\"http://127.0.0.1:PORT\"]}", 200, "<html></html>", "registry/not-json"),
      (
        "consul", "{servers: [\"http://127.0.0.1:PORT\"], token: q9VwZt3Xk7Lm2Rb8}", 403, "ACL not found",
        "registry/consul-token-unknown"
      ),
      ("consul", "{servers: [\"http://127.0.0.1:PORT\"]}", 500, "No cluster leader", "registry/consul-no-leader"),
      ("consul", "{servers: [\"http://127.0.0.1:PORT\"]}", 500, "No path to datacenter", "registry/trouble"),
      ("consul", "{servers: [\"http://127.0.0.1:PORT\"]}", 403, "RBAC: access denied", "registry/forbidden"),
      (
        "eureka", "{host: [\"http://u:q9VwZt3Xk7Lm2Rb8@127.0.0.1:PORT\"], prefix: /eureka/}", 401, "",
        "registry/unauthorized"
      ),
      ("eureka", "{host: [\"http://127.0.0.1:PORT\"], prefix: /eureka/}", 404, "", "registry/not-found"),
      (
        "eureka", "{host: [\"http://127.0.0.1:PORT\"], prefix: /eureka/}", 200, "{\"applications\":{}}",
        "registry/odd-answer"
      ),
    ])
  func aRefusalIsTold(_ registry: String, _ section: String, _ status: Int, _ body: String, _ rule: String) throws {
    let (ended, asked) = try resolve(registry, section, "web") { _ in StubServer.Answer(status: status, body: body) }
    #expect(ended.status == 1 && !asked.isEmpty)
    #expect(ended.output.contains("[\(rule)]"), "\(ended.output)")
    #expect(!ended.output.contains("q9VwZt3Xk7Lm2Rb8"))
  }

  @Test func consulSaysWhichCheckFails() throws {
    let checks = #"""
      [{"Node": {"Node": "n1"}, "Service": {"ID": "web1"}, "Checks": [
        {"Node": "n1", "Name": "web-http", "Status": "critical", "Output": "dial tcp 10.0.0.1:80: connect: connection refused"}]}]
      """#
    let (ended, _) = try resolve("consul", "{servers: [\"http://127.0.0.1:PORT\"]}", "web") { asked in
      switch asked.target {
      case "/v1/catalog/services": StubServer.Answer(body: #"{"consul": [], "web": []}"#)
      case "/v1/health/service/web": StubServer.Answer(body: checks)
      default: StubServer.Answer(body: "[]")
      }
    }
    #expect(ended.status == 1)
    #expect(
      ended.output.contains(
        "no instance of web passes its checks: web-http of n1 is critical: dial tcp 10.0.0.1:80: connect: connection refused"
      ) && ended.output.contains("[registry/nothing-usable]"), "\(ended.output)")
  }

  @Test func nacosSaysWhatItHides() throws {
    let section = "{host: [\"http://127.0.0.1:PORT\"]}"
    let idle = try resolve("nacos", section, "web") { asked in
      let all = #"{"hosts": [{"ip": "10.0.0.1", "port": 80, "healthy": false, "enabled": true}]}"#
      return StubServer.Answer(body: asked.target.contains("healthyOnly=false") ? all : #"{"hosts": []}"#)
    }.ended
    #expect(idle.output.contains("no instance of web is healthy: 10.0.0.1:80 is unhealthy"), "\(idle.output)")
    let near = try resolve("nacos", section, "wep", ["--discovery-arg", "group_name=G"]) { asked in
      let isList = asked.path.hasSuffix("/ns/service/list") && asked.target.contains("groupName=G")
      return StubServer.Answer(body: isList ? #"{"count": 1, "doms": ["web"]}"# : #"{"hosts": []}"#)
    }.ended
    #expect(near.output.contains("help: did you mean service_name: web?"), "\(near.output)")
  }

  @Test func whatWasMeantIsNamed() throws {
    let eureka = #"""
      {"applications": {"application": [{"name": "USER-SERVICE", "instance": [
        {"ipAddr": "10.0.0.1", "status": "OUT_OF_SERVICE", "port": {"$": 80, "@enabled": "true"}, "securePort": {"$": 443, "@enabled": "false"}}]}]}}
      """#
    let section = "{host: [\"http://127.0.0.1:PORT\"], prefix: /eureka/}"
    let unknown = try resolve("eureka", section, "user-service") { _ in StubServer.Answer(body: eureka) }.ended
    #expect(unknown.output.contains("help: did you mean service_name: USER-SERVICE?"), "\(unknown.output)")
    #expect(unknown.output.contains("[registry/unknown-service]"))
    let unusable = try resolve("eureka", section, "USER-SERVICE") { _ in StubServer.Answer(body: eureka) }.ended
    #expect(unusable.output.contains("10.0.0.1 is OUT_OF_SERVICE"), "\(unusable.output)")
    let consul = try resolve("consul", "{servers: [\"http://127.0.0.1:PORT\"]}", "wep") { asked in
      StubServer.Answer(body: asked.path == "/v1/catalog/services" ? #"{"consul": [], "web": []}"# : "[]")
    }.ended
    #expect(consul.output.contains("help: did you mean service_name: web?"), "\(consul.output)")
  }

  @Test func theDefaultServiceIsTold() throws {
    let section = "{servers: [\"http://127.0.0.1:PORT\"], default_service: {host: 10.0.0.9, port: 80}}"
    let (ended, _) = try resolve("consul", section, "web") { _ in StubServer.Answer(body: "[]") }
    #expect(ended.output.contains("10.0.0.9") && ended.output.contains("[registry/default-service]"), "\(ended.output)")
  }

  @Test func severalRegistriesAreAsked() throws {
    let eureka = #"""
      {"applications": {"application": [{"name": "web", "instance": [
        {"ipAddr": "10.0.0.1", "status": "UP", "port": {"$": 80, "@enabled": "true"}, "securePort": {"$": 443, "@enabled": "false"}}]}]}}
      """#
    let stub = try StubServer { asked in
      switch asked.path {
      case "/eureka/apps": StubServer.Answer(body: eureka)
      default: StubServer.Answer(body: #"{"hosts": [{"ip": "10.0.0.2", "port": 81, "weight": 1}]}"#)
      }
    }
    defer { stub.stop() }
    let config = """
      discovery:
        nacos: {host: ["http://127.0.0.1:\(stub.port)"]}
        eureka: {host: ["http://127.0.0.1:\(stub.port)"], prefix: /eureka/}

      """
    let folder = try Folder(["config.yaml": config])
    let both = try gatecheck("resolve", "web", "--config", "config.yaml", in: folder.path)
    #expect(both.output.contains("10.0.0.2") && both.output.contains("[registry/several-hold-it]"), "\(both.output)")
    let one = try gatecheck("resolve", "web", "--config", "config.yaml", "--registry", "eureka", in: folder.path)
    #expect(one.status == 0 && one.output.contains("10.0.0.1"), "\(one.output)")
  }

  /// Where nothing listens, the address is named, and the question stays open.
  @Test func whoDoesNotAnswerIsNamed() throws {
    let folder = try Folder(["config.yaml": "discovery: {nacos: {host: [\"http://127.0.0.1:1\"]}}\n"])
    let ended = try gatecheck("resolve", "web", "--config", "config.yaml", in: folder.path)
    #expect(ended.status == 3 && ended.output.contains("127.0.0.1:1"), "\(ended.output)")
  }

  @Test func dnsAsksItsServers() throws {
    let silent = try Folder(["config.yaml": "discovery: {dns: {servers: [\"127.0.0.1:1\"]}}\n"])
    let ended = try gatecheck("resolve", "web.example.org:80", "--config", "config.yaml", in: silent.path)
    #expect(ended.status == 3 && ended.output.contains("[registry/silent]"), "\(ended.output)")
    #expect(ended.output.contains("127.0.0.1:1 cannot be reached"))
  }

  @Test func whatIsNotAskedIsSaid() throws {
    let folder = try Folder(["config.yaml": "discovery: {consul: {servers: [\"http://127.0.0.1:1\"]}}\n"])
    let old = try gatecheck(
      "resolve", "web", "--config", "config.yaml", "--registry", "consul", "--apisix-version", "3.1.0", in: folder.path
    )
    #expect(old.status != 0 && old.output.contains("[registry/not-known]"), "\(old.output)")
    let all = try gatecheck("resolve", "--all", "--config", "config.yaml", "--registry", "consul", in: folder.path)
    #expect(all.status == 3 && all.output.contains("[connect/refused]"), "\(all.output)")
  }

  @Test func whatIsNotAskedOfConsul() throws {
    let skipped = try resolve("consul", "{servers: [\"http://127.0.0.1:PORT\"], skip_services: [web]}", "web") { _ in
      StubServer.Answer(body: "{}")
    }.ended
    #expect(skipped.output.contains("APISIX passes over web in Consul"), "\(skipped.output)")
    let unset = try resolve("consul", "{servers: [\"http://127.0.0.1:PORT\"], token: \"${{NO_SUCH}}\"}", "web") { _ in
      StubServer.Answer(body: "[]")
    }.ended
    #expect(unset.status == 1 && unset.output.contains("environment variable NO_SUCH"), "\(unset.output)")
  }

  /// A server that says a credential again does not make it show, whole or in part.
  @Test(arguments: ["nacos", "consul", "eureka"]) func whatAServerSaysAgainIsHidden(_ registry: String) throws {
    let secret = "Zq7Wx9Lm2Rt5"
    let section =
      registry == "consul"
      ? "{servers: [\"http://127.0.0.1:PORT\"], token: \(secret)}"
      : "{host: [\"http://user:\(secret)@127.0.0.1:PORT\"]\(registry == "eureka" ? ", prefix: /eureka/" : "")}"
    for padding in [0, 140, 150] {
      let ended = try resolve(registry, section, "web", ["-v"]) { _ in
        StubServer.Answer(status: 403, body: String(repeating: "x", count: padding) + " bad \(secret) and more")
      }.ended
      #expect(ended.status == 1 && !(ended.output + ended.errors).contains("Zq7W"), "\(ended.output)")
    }
  }

  @Test func oneDeadServerOfTwo() throws {
    let section = "{host: [\"http://127.0.0.1:1\", \"http://127.0.0.1:PORT\"]}"
    let ended = try resolve("nacos", section, "web") { _ in
      StubServer.Answer(body: #"{"hosts": [{"ip": "10.0.0.2", "port": 81, "weight": 1}]}"#)
    }.ended
    #expect(
      ended.status == 0 && ended.output.contains("10.0.0.2") && ended.output.contains("warning"), "\(ended.output)")
  }

  @Test func aLoginWithoutAToken() throws {
    let ended = try resolve("nacos", "{host: [\"http://user:q9VwZt3Xk7@127.0.0.1:PORT\"]}", "web") { _ in
      StubServer.Answer(body: #"{"x": 1}"#)
    }.ended
    #expect(ended.output.contains("answers the login without an accessToken"), "\(ended.output)")
  }

  /// A password goes over plain http to this machine alone, unless it is allowed.
  @Test func credentialsDoNotLeaveInTheClear() throws {
    let folder = try Folder(["config.yaml": "discovery: {nacos: {host: [\"http://u:q9VwZt3Xk7@10.255.255.1:8848\"]}}\n"]
    )
    let ended = try gatecheck("resolve", "web", "--config", "config.yaml", in: folder.path)
    #expect(ended.status != 0 && ended.output.contains("--allow-plain-http"), "\(ended.output)")
    #expect(!ended.output.contains("q9VwZt3Xk7"))
  }

  @Test(arguments: [
    ["--registry", "consul"], ["--registry", "tars"],
    ["--discovery-arg", "group"],
  ])
  func wrongCalls(_ arguments: [String]) throws {
    let ended = try gatecheck(["resolve", "web"] + arguments)
    #expect(ended.status == 2)
  }
}
