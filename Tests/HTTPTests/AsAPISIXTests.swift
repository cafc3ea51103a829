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

  @Test(arguments: [("dns6", "[::1]:PORT", true), ("dns", "127.0.0.1:PORT", true), ("dns", "127.0.0.1:6PORT", false)])
  func nameServersAreNamedByAddressAndPort(port: String, form: String, answers: Bool) throws {
    let server = try FaultServer.shared.get()
    // A port of more than 16 bits is none; cut to 16 it may be another's.
    let number = try server.port(port)
    let text = form.replacing("6PORT", with: "\(number + 65536)").replacing("PORT", with: "\(number)")
    var request = Request("http://kube.example:\(try server.port("ok"))/", proxy: .direct)
    request.nameServers = NameServers([text])
    let asked = request
    if answers {
      #expect(try HTTPClient().send(asked).status == 200)
    } else {
      let error = #expect(throws: HTTPError.self) { try HTTPClient().send(asked) }
      #expect(error?.kind == .nameServersSilent)
    }
  }

  @Test func aNameIsLookedUpOnceWhateverCame() throws {
    let server = try FaultServer.shared.get()
    var request = Request("http://other.example:\(try server.port("ok"))/", proxy: .direct, timeout: .seconds(1))
    request.nameServers = NameServers(["127.0.0.1:\(try server.port("dns-silent"))"], searches: false)
    let (asked, client) = (request, HTTPClient())
    for _ in 0..<3 { #expect(throws: HTTPError.self) { try client.send(asked) } }
    #expect(try server.requests(to: "dns-silent").count == 1)
    // Ctrl-C between two questions ends it.
    let flag = ClientTests.Flag()
    let error = #expect(throws: HTTPError.self) {
      try HTTPClient(isCancelled: { flag.isSet(after: 1) }).send(asked)
    }
    #expect(error?.kind == .cancelled)
  }
}
