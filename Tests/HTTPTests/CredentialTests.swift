import HTTP
import Inputs
import Testing

/// A credential reaches the server it was given for, and nobody else.
@Suite struct CredentialTests {
  static let token = Secret("canary-0123456789abcdef")

  private func carried(_ requests: [String]) -> Bool { requests.contains { $0.contains("canary-") } }

  @Test func bearerReachesItsServer() throws {
    let server = try FaultServer.shared.get()
    let request = Request(
      try server.url("https", "tls", "/bearer"), credential: .bearer(Self.token), tls: server.trusted, proxy: .direct)
    #expect(try HTTPClient().send(request).status == 200)
    let seen = try server.requests(to: "tls").filter { $0.hasPrefix("GET /bearer ") }
    #expect(seen.count == 1)
    #expect(seen[0].contains("Authorization: Bearer canary-0123456789abcdef\r\n"))
  }

  @Test(
    "nothing is sent to a server that does not verify", arguments: ["expired", "wrong-host", "self-signed", "future"])
  func unverified(port: String) throws {
    let server = try FaultServer.shared.get()
    let request = Request(
      try server.url("https", port, "/canary-path"), credential: .bearer(Self.token), tls: server.trusted,
      proxy: .direct)
    #expect(throws: HTTPError.self) { try HTTPClient().send(request) }
    _ = try HTTPClient().certificate(of: try server.url("https", port), proxy: .direct)
    #expect(!carried(try server.requests(to: port)))
  }

  @Test func redirectIsNotFollowed() throws {
    let server = try FaultServer.shared.get()
    let request = Request(
      try server.url("https", "tls-redirect"), credential: .bearer(Self.token), tls: server.trusted, proxy: .direct)
    let response = try HTTPClient().send(request)
    #expect(response.status == 302)
    #expect(response.header("location")?.isEmpty == false)
    #expect(!(try server.requests(to: "tls").contains { $0.hasPrefix("GET /x ") }))
  }

  @Test func proxySeesNoToken() throws {
    let server = try FaultServer.shared.get()
    let request = Request(
      try server.url("https", "tls"), credential: .bearer(Self.token), tls: server.trusted,
      proxy: .url(Secret(try server.url("http", "proxy"))))
    #expect(try HTTPClient().send(request).status == 200)
    #expect(try !server.requests(to: "proxy").isEmpty)
    #expect(!carried(try server.requests(to: "proxy")))
  }

  @Test(
    "no credential in clear",
    arguments: [
      Credential.bearer(token), .basic(user: "nacos", password: token), .header(name: "X-Consul-Token", value: token),
    ])
  func plainHTTP(credential: Credential) throws {
    let server = try FaultServer.shared.get()
    func refusal(_ url: String, _ proxy: ProxySetting = .direct) -> HTTPError.Kind? {
      do throws(HTTPError) {
        _ = try HTTPClient().send(Request(url, credential: credential, proxy: proxy, timeout: .seconds(1)))
        return nil
      } catch { return error.kind }
    }
    #expect(refusal("http://192.0.2.1:6443/") == .credentialOverPlainHTTP)
    #expect(refusal("http://127.0.0.1.example.org/") == .credentialOverPlainHTTP)
    #expect(refusal("http://localhost.example.org/") == .credentialOverPlainHTTP)
    #expect(refusal("http://127.0.0.1:1@192.0.2.1/") == .credentialOverPlainHTTP)
    #expect(refusal(try server.url("http", "ok")) == nil)
    #expect(refusal("http://localhost:\(try server.port("ok"))/") == nil)
    // A proxy would read it, even on the way to this machine.
    let proxy = ProxySetting.url(Secret(try server.url("http", "proxy")))
    #expect(refusal(try server.url("http", "ok"), proxy) == .credentialOverPlainHTTP)
    #expect(!carried(try server.requests(to: "proxy")))
  }

  @Test func otherFormsCountAsCredentials() {
    for request in [
      Request("http://user:word@192.0.2.1/"),
      Request("http://192.0.2.1/", headers: [Header("authorization", "Bearer x")]),
      Request("http://192.0.2.1/", headers: [Header("Cookie", "session=1")]),
      Request("http://192.0.2.1/", tls: TLSSettings(clientCertificate: .init(certificate: [1], key: Secret("k")))),
    ] {
      let error = #expect(throws: HTTPError.self, "\(request.url)") { try HTTPClient().send(request) }
      #expect(error?.kind == .credentialOverPlainHTTP)
    }
  }

  @Test func allowedInWords() throws {
    let server = try FaultServer.shared.get()
    let request = Request(
      try server.url("http", "ok"), credential: .bearer(Self.token),
      proxy: .url(Secret(try server.url("http", "proxy-allowed"))), allowPlainHTTP: true)
    #expect(try HTTPClient().send(request).status == 200)
  }

  @Test func secretsDoNotPrint() {
    let request = Request("https://a/", credential: .bearer(Self.token), proxy: .url(Self.token))
    var dumped = ""
    dump(request, to: &dumped)
    #expect(!"\(request)\(String(reflecting: request))\(dumped)".contains("canary"))
    #expect("\(Self.token)" == "***")
    #expect(Self.token.redacted(in: "x canary-0123456789abcdef y") == "x *** y")
  }
}
