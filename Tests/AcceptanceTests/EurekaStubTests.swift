import Foundation
import TestSupport
import Testing

/// Why Eureka gives nothing, each cause at the contract stub of Eureka, not at a real one.
@Suite struct EurekaStubTests {
  private func resolve(
    _ stub: EurekaStub, _ name: String = "WEB", user: String = "", prefix: String = "/eureka/", _ flags: String...
  ) throws -> Ended {
    let host = "http://\(user.isEmpty ? "" : user + "@")127.0.0.1:\(stub.server.port)"
    let folder = try Folder(["config.yaml": "discovery: {eureka: {host: [\"\(host)\"], prefix: \(prefix)}}\n"])
    return try gatecheck(["resolve", name, "--config", "config.yaml"] + flags, in: folder.path)
  }

  @Test func anApplicationThatIsThere() throws {
    let stub = try EurekaStub { state in
      state.user = "apisix:Zq7Wx9Lm2Rt5"
      state.add("WEB", "10.0.0.1")
    }
    defer { stub.stop() }
    let ended = try resolve(stub, user: "apisix:Zq7Wx9Lm2Rt5")
    #expect(ended.status == 0 && ended.output.contains("10.0.0.1"), "\(ended.output)")
    #expect(!ended.output.contains("[registry/"), "\(ended.output)")
    #expect(stub.server.asked.map(\.path) == ["/eureka/apps"])
    expect(try resolve(stub, user: "apisix:wrong"), "registry/unauthorized", "correct user and password")
    expect(try resolve(stub), "registry/unauthorized", "write user and password into discovery.eureka.host")
    expect(try resolve(stub, "web", user: "apisix:Zq7Wx9Lm2Rt5"), "registry/unknown-service", "service_name: WEB?")
  }

  @Test func aPasswordWithAnAt() throws {
    let stub = try EurekaStub { $0.user = "apisix:p@Zq7Wx9Lm2Rt5" }
    defer { stub.stop() }
    expect(
      try resolve(stub, user: "apisix:p@Zq7Wx9Lm2Rt5"), "registry/eureka-at-sign", "at its first @",
      "give the user a password without @")
    #expect(stub.server.asked.isEmpty)
  }

  @Test func anotherPrefix() throws {
    let stub = try EurekaStub { state in
      state.prefix = "/eureka/v2/"
      state.add("WEB", "10.0.0.1")
    }
    defer { stub.stop() }
    expect(try resolve(stub), "registry/eureka-prefix", "write discovery.eureka.prefix: /eureka/v2/")
    expect(try resolve(stub, prefix: "eureka/"), "registry/prefix-slash", "write prefix: /eureka/")
    stub.with { $0.prefix = "/eureka/" }
    expect(try resolve(stub, prefix: "/eureka/v2/"), "registry/eureka-prefix", "discovery.eureka.prefix: /eureka/")
    stub.with { $0.prefix = "/other/" }
    expect(try resolve(stub), "registry/not-found", "/eureka/v2/ for Netflix' server")
  }

  @Test func whatCannotBeRead() throws {
    let stub = try EurekaStub { state in
      state.fault = .init(type: "application/xml", body: "<applications><versions__delta>1</versions__delta>")
    }
    defer { stub.stop() }
    expect(try resolve(stub), "registry/eureka-xml", "answers with XML", "Accept: application/json")
    stub.with { $0.fault = .init(status: 403) }
    expect(try resolve(stub), "registry/eureka-server-starting", "five minutes")
    stub.with { $0.fault = .init(status: 403, body: #"{"status":403,"error":"Forbidden"}"#) }
    expect(try resolve(stub), "registry/forbidden")
    stub.with { $0.fault = .init(status: 302, headers: ["Location: /login"]) }
    expect(try resolve(stub), "registry/redirect", "a redirect to /login, which APISIX does not follow")
    stub.with {
      $0.fault = .init(body: #"{"applications":{"versions__delta":"1","apps__hashcode":"","application":[]}}"#)
    }
    expect(try resolve(stub), "registry/unknown-service", "no application at all")
  }

  /// The list of an application with one instance, gzipped, as Netflix' server sends it to everybody.
  @Test func anAnswerThatIsCompressed() throws {
    let body = #"{"applications":{"application":[]}}"#
    let folder = try Folder(["apps": body])
    #expect(try execute("gzip", ["-k", "apps"], in: folder.path).status == 0)
    let packed = [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder["apps.gz"])))
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n"
    let bytes = Array((head + "Content-Length: \(packed.count)\r\n\r\n").utf8) + packed
    let stub = try EurekaStub { $0.fault = .init(recorded: bytes) }
    defer { stub.stop() }
    let ended = try resolve(stub, prefix: "/eureka/v2/")
    expect(ended, "registry/compressed", "compresses its answers (gzip)", "GzipEncodingEnforcingFilter")
    #expect(!ended.output.contains("registry/not-json"), "\(ended.output)")
  }

  // MARK: instances

  @Test(arguments: [
    ("DOWN", "registry/nothing-usable", "health check"), ("UNKNOWN", "registry/nothing-usable", "health check"),
    ("STARTING", "registry/eureka-starting", "wait until it says UP"),
  ])
  func whatIsNotUp(_ status: String, _ rule: String, _ help: String) throws {
    let stub = try EurekaStub { $0.add("WEB", "10.0.0.1", ["status": status]) }
    defer { stub.stop() }
    expect(try resolve(stub), rule, "10.0.0.1 is \(status)", help)
  }

  /// The command that is printed takes it back.
  @Test func outOfService() throws {
    let stub = try EurekaStub { $0.add("WEB", "10.0.0.1") }
    defer { stub.stop() }
    let path = "/eureka/apps/WEB/10.0.0.1%3Aweb%3A8080/status"
    #expect(try execute("curl", ["-sfX", "PUT", stub.server.url + path + "?value=OUT_OF_SERVICE"]).status == 0)
    let ended = try resolve(stub)
    expect(ended, "registry/eureka-out-of-service", "10.0.0.1 is OUT_OF_SERVICE", "curl -X DELETE")
    let command = ended.output.split(separator: "\n").compactMap { line in
      line.range(of: "curl -X DELETE").map { String(line[$0.lowerBound...]) }
    }
    #expect(try bash(command.joined(separator: "\n")).status == 0)
    #expect(try resolve(stub).status == 0)
  }

  @Test func ports() throws {
    let none = ["port": ["$": 8080, "@enabled": "false"] as [String: Any]]
    let stub = try EurekaStub { $0.add("WEB", "10.0.0.1", none) }
    defer { stub.stop() }
    expect(try resolve(stub), "registry/eureka-no-port", "10.0.0.1 is UP, with no port", "enable a port")
    stub.with { state in
      state.applications = [
        "WEB": ["1": EurekaStub.instance("WEB", "10.0.0.1", ["securePort": ["$": 8443, "@enabled": "true"]])]
      ]
    }
    expect(
      try resolve(stub), "registry/eureka-secure-port", "secure port 8443 of 10.0.0.1 and not 8080", "scheme: https",
      status: 0)
  }

  @Test func aWeightThatIsText() throws {
    let stub = try EurekaStub { $0.add("WEB", "10.0.0.1", ["metadata": ["weight": "10"]]) }
    defer { stub.stop() }
    expect(
      try resolve(stub), "registry/eureka-weight", "metadata.weight of 10.0.0.1 is a text", "take weight out")
  }

  @Test func names() throws {
    let stub = try EurekaStub { $0.add("WEB", "web.example.org") }
    defer { stub.stop() }
    expect(
      try resolve(stub, "WEB", "--apisix-version", "3.15.0"), "registry/eureka-host-name", "takes IP addresses alone",
      "from 3.16 on")
    // A name server that knows no name but one.
    let server = try StubNameServer { question in
      let isKnown = String(decoding: question, as: UTF8.self).contains("known")
      guard isKnown else { return [question[..<2] + [0x84, 3] + question[4...]] }
      let end = (question[12...].firstIndex(of: 0) ?? 12) + 5
      let answer: [UInt8] = [0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 10, 0, 0, 9]
      return [question[..<2] + [0x84, 0, 0, 1, 0, 1, 0, 0, 0, 0] + question[12..<end] + answer]
    }
    func asked() throws -> Ended {
      let config = """
        apisix: {dns_resolver: ["\(server.address)"]}
        discovery: {eureka: {host: ["\(stub.server.url)"], prefix: /eureka/}}

        """
      let folder = try Folder(["config.yaml": config])
      return try gatecheck("resolve", "WEB", "--config", "config.yaml", in: folder.path)
    }
    expect(try asked(), "registry/eureka-host-name", "web.example.org is UP", "apisix.dns_resolver")
    stub.with { $0.add("WEB", "known.example.org") }
    let some = try asked()
    expect(some, "registry/eureka-host-name", "10.0.0.9", "web.example.org of WEB is a name", status: 0)
  }

  /// What self-preservation keeps.
  @Test func whatIsNotHeardOf() throws {
    let heard = Int(Date.now.timeIntervalSince1970 - 3600) * 1000
    let stub = try EurekaStub { state in
      state.add("WEB", "10.0.0.1")
      state.add("WEB", "10.0.0.2", ["leaseInfo": ["durationInSecs": 90, "lastRenewalTimestamp": heard]])
    }
    defer { stub.stop() }
    expect(try resolve(stub), "registry/eureka-stale", "1 instance of WEB UP", "10.0.0.2 for 36", status: 0)
    stub.with { $0.applications["WEB"]?["10.0.0.2:web:8080"] = nil }
    #expect(try !resolve(stub).output.contains("registry/eureka-stale"))
  }

  @Test func nothingAtAll() throws {
    let stub = try EurekaStub()
    defer { stub.stop() }
    let config = "discovery: {eureka: {host: [\"\(stub.server.url)\"], prefix: /eureka/}}\n"
    let folder = try Folder(["config.yaml": config])
    let ended = try gatecheck("registry", "verify", "--config", "config.yaml", in: folder.path)
    expect(ended, "registry/empty", "has no application at all")
  }
}
