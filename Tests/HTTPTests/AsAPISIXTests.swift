import HTTP
import Testing

/// Requests as APISIX sends them to Kubernetes: no server name in the handshake, no compression, its own name servers.
@Suite struct AsAPISIXTests {
  /// By the name, which an address would not show.
  private func request(
    _ port: String, _ name: TLSSettings.Name, path: String = "/", _ server: FaultServer
  ) throws -> Request {
    var tls = server.trusted
    tls.name = name
    return Request("https://localhost:\(try server.port(port))\(path)", tls: tls, proxy: .direct)
  }

  @Test func noServerNameIsSent() throws {
    let server = try FaultServer.shared.get()
    #expect(try HTTPClient().send(request("sni", .asked, server)).status == 200)
    for name in [TLSSettings.Name.verified, .noted, .ignored] {
      let error = #expect(throws: HTTPError.self) { try HTTPClient().send(request("sni", name, server)) }
      #expect(error?.kind == .tlsFailed)
    }
  }

  @Test func theHostHeaderStays() throws {
    let server = try FaultServer.shared.get()
    #expect(try HTTPClient().send(request("tls", .verified, path: "/nameless", server)).status == 200)
    let head = try #require(try server.requests(to: "tls").first { $0.hasPrefix("GET /nameless ") })
    #expect(head.contains("\r\nHost: localhost:\(try server.port("tls"))\r\n"))
  }

  @Test func aNameIsVerifiedWithoutBeingSent() throws {
    let server = try FaultServer.shared.get()
    let error = #expect(throws: HTTPError.self) {
      try HTTPClient().send(request("wrong-host", .verified, path: "/secret", server))
    }
    #expect(error?.kind == .wrongHost)
    #expect(try server.requests(to: "wrong-host").allSatisfy { !$0.hasPrefix("GET /secret ") })
  }

  @Test func aWrongNameIsNotedAndTheRequestGoesOn() throws {
    let server = try FaultServer.shared.get()
    let client = HTTPClient()
    #expect(try client.send(request("tls", .noted, server)).status == 200)
    #expect(client.wrongHosts == [])
    #expect(try client.send(request("wrong-host", .noted, server)).status == 200)
    #expect(client.wrongHosts == ["localhost:\(try server.port("wrong-host"))"])
    #expect(try client.stream(request("wrong-host", .noted, server)) { _ in .proceed }.status == 200)
  }

  @Test(arguments: ["expired", "self-signed", "future"])
  func nothingElseIsLetPass(port: String) throws {
    let server = try FaultServer.shared.get()
    #expect(throws: HTTPError.self) { try HTTPClient().send(request(port, .noted, server)) }
  }

  @Test func whatIsCompressedUnaskedIsNoted() throws {
    let server = try FaultServer.shared.get()
    let client = HTTPClient()
    var request = Request(try server.url("http", "gzip", "/asked"), proxy: .direct)
    #expect(try client.send(request).body == Array("{}".utf8))
    #expect(client.compressed == [:])
    request = Request(try server.url("http", "gzip", "/unasked"), proxy: .direct)
    request.asksCompression = false
    #expect(try client.send(request).body == Array("{}".utf8))
    #expect(client.compressed == ["127.0.0.1:\(try server.port("gzip"))": "gzip"])
    let heads = try server.requests(to: "gzip")
    #expect(heads.first { $0.hasPrefix("GET /asked ") }?.contains("\r\nAccept-Encoding: ") == true)
    #expect(heads.first { $0.hasPrefix("GET /unasked ") }?.contains("Accept-Encoding") == false)
  }

  @Test func namesAreLookedUpWhereTheRequestSays() throws {
    let server = try FaultServer.shared.get()
    func ask(_ host: String, dns: String) throws -> Int {
      var request = Request("http://\(host):\(try server.port("ok"))/", proxy: .direct)
      request.nameServers = NameServers(["127.0.0.1:\(try server.port(dns))"])
      return try HTTPClient().send(request).status
    }
    #expect(try ask("kube.example", dns: "dns") == 200)
    let unknown = #expect(throws: HTTPError.self) { try ask("other.example", dns: "dns") }
    #expect(unknown?.kind == .nameNotResolved)
    let silent = #expect(throws: HTTPError.self) { try ask("kube.example", dns: "refused") }
    #expect(silent?.kind == .nameServersSilent)
    // The hosts file comes first.
    #expect(try ask("localhost", dns: "refused") == 200)
  }
}
