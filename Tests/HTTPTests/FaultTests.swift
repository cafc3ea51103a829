import HTTP
import Inputs
import Testing

/// The whole matrix: one line a fault, what is asked of which port of the fault server, and what must come of it.
@Suite struct FaultTests {
  struct Fault: Sendable, CustomTestStringConvertible {
    let name: String
    let scheme: String
    let port: String
    let expected: Expected
    var change: @Sendable (inout Request, FaultServer) throws -> Void = { _, _ in }

    var testDescription: String { name }

    init(
      _ name: String, _ scheme: String, _ port: String, _ expected: Expected,
      _ change: @escaping @Sendable (inout Request, FaultServer) throws -> Void = { _, _ in }
    ) {
      self.name = name
      self.scheme = scheme
      self.port = port
      self.expected = expected
      self.change = change
    }
  }

  enum Expected: Sendable {
    case status(Int)
    case error(HTTPError.Kind)
  }

  static let limit = Duration.milliseconds(1500)

  private static func timeout(_ step: HTTPError.Step) -> Expected {
    .error(.timedOut(step, after: limit, wholeCommand: false))
  }

  static let faults: [Fault] = [
    // Connecting.
    Fault("refuses", "http", "refused", .error(.refused)),
    Fault("drops packets", "http", "full", timeout(.connect)) { request, _ in request.timeout = limit },
    Fault("drops packets, connect timeout", "http", "full", timeout(.connect)) { request, _ in
      request.connectTimeout = limit
    },
    Fault("name does not resolve", "http", "ok", .error(.nameNotResolved)) { request, _ in
      request.url = "http://\(String(repeating: "a", count: 64)).invalid/"
    },
    Fault("no http URL", "http", "ok", .error(.unsupportedURL)) { request, _ in request.url = "file:///etc/passwd" },
    Fault("no URL", "http", "ok", .error(.unsupportedURL)) { request, _ in request.url = "10.0.0.1:6443" },

    // Stalls.
    Fault("accepts, then nothing", "http", "silent", timeout(.answer)) { request, _ in request.timeout = limit },
    Fault("accepts, no TLS", "https", "silent", timeout(.tlsHandshake)) { request, _ in request.timeout = limit },
    Fault("TLS, then nothing", "https", "tls-silent", timeout(.answer)) { request, _ in request.timeout = limit },
    Fault("stalls in the headers", "http", "mid-headers", timeout(.headers)) { request, _ in request.timeout = limit },
    Fault("stalls in the body", "http", "mid-body", timeout(.body)) { request, _ in request.timeout = limit },
    Fault("slow body", "http", "slow", timeout(.body)) { request, _ in request.timeout = limit },

    // Broken connections and answers.
    Fault("resets", "http", "reset", .error(.connectionLost(.answer))),
    Fault("closes without an answer", "http", "close", .error(.connectionLost(.answer))),
    Fault("closes after TLS", "https", "tls-close", .error(.connectionLost(.answer))),
    Fault("closes in the TLS handshake", "https", "close", .error(.connectionLost(.tlsHandshake))),
    Fault("truncated body", "http", "truncated", .error(.truncatedBody)),
    Fault("truncated chunk", "http", "truncated-chunk", .error(.truncatedBody)),
    Fault("broken chunk", "http", "bad-chunk", .error(.badAnswer)),
    Fault("negative length", "http", "bad-length", .error(.badAnswer)),
    Fault("absurd length", "http", "long-length", .status(200)),
    Fault("broken gzip", "http", "bad-gzip", .error(.badAnswer)),
    Fault("not HTTP", "http", "not-http", .error(.badAnswer)),
    Fault("endless headers", "http", "endless-headers", .error(.headTooLarge)),
    Fault("endless header line", "http", "endless-line", .error(.headTooLarge)),
    Fault("endless body", "http", "endless", .error(.bodyTooLarge(limit: 1 << 20))) { request, _ in
      request.maxBytes = 1 << 20
    },
    Fault("gzip bomb", "http", "bomb", .error(.bodyTooLarge(limit: 1 << 20))) { request, _ in
      request.maxBytes = 1 << 20
    },
    Fault("64 MiB and a byte", "http", "object", .error(.bodyTooLarge(limit: 64 << 20))),

    // Answers that are none of a healthy server, but answers.
    Fault("plain http on a TLS port, hung up", "http", "tls", .error(.plainHTTPToTLSPort)),
    Fault("HTML", "http", "html", .status(200)),
    Fault("redirect", "http", "redirect", .status(302)),
    Fault("redirect over TLS", "https", "tls-redirect", .status(302)),
    Fault("401", "http", "unauthorized", .status(401)),
    Fault("429", "http", "busy", .status(429)),
    Fault("500", "http", "broken", .status(500)),
    Fault("503", "http", "unavailable", .status(503)),

    // TLS.
    Fault("good certificate", "https", "tls", .status(200)),
    Fault("TLS 1.2", "https", "tls-1.2", .status(200)),
    Fault("TLS 1.0 only", "https", "tls-1.0", .error(.tlsVersionTooOld)),
    Fault("plain http on a TLS port, alert", "http", "tls-alert", .error(.plainHTTPToTLSPort)),
    Fault("plain http on a TLS port, Go's words", "http", "go-tls", .error(.plainHTTPToTLSPort)),
    Fault("TLS on a plain port", "https", "not-http", .error(.notATLSPort)),
    Fault("TLS on a plain http port", "https", "go-tls", .error(.notATLSPort)),
    Fault("expired", "https", "expired", .error(.expiredCertificate)),
    Fault("not yet valid", "https", "future", .error(.notYetValidCertificate)),
    Fault("wrong host", "https", "wrong-host", .error(.wrongHost)),
    Fault("self-signed", "https", "self-signed", .error(.untrustedCertificate(.selfSigned))),
    Fault("unknown issuer", "https", "tls", .error(.untrustedCertificate(.unknownIssuer))) { request, server in
      request.tls.authorities = .file(server.file("other-ca.crt"))
    },
    Fault("not in the system's store", "https", "tls", .error(.untrustedCertificate(.unknownIssuer))) { request, _ in
      request.tls.authorities = .system
    },
    Fault("not verified on demand", "https", "self-signed", .status(200)) { request, _ in request.tls.verify = false },
    Fault("authorities in memory", "https", "tls", .status(200)) { request, server in
      request.tls.authorities = .pem(try server.bytes("ca.crt"))
    },
    Fault("CA file missing", "https", "tls", .error(.badAuthorities)) { request, _ in
      request.tls.authorities = .file("/nonexistent/ca.crt")
    },
    Fault("CA file is a key", "https", "tls", .error(.badAuthorities)) { request, server in
      request.tls.authorities = .file(server.file("ca.key"))
    },
    Fault("CA data is rubbish", "https", "tls", .error(.badAuthorities)) { request, _ in
      request.tls.authorities = .pem(Array("rubbish".utf8))
    },
    Fault("client certificate wanted", "https", "client-wanted", .error(.clientCertificateWanted)),
    Fault("client certificate wanted, TLS 1.2", "https", "client-wanted-1.2", .error(.clientCertificateWanted)),
    Fault("client certificate given", "https", "client-wanted", .status(200)) { request, server in
      request.tls.clientCertificate = try server.clientCertificate("client")
    },
    Fault("foreign client certificate", "https", "client-wanted", .error(.clientCertificateRefused)) {
      $0.tls.clientCertificate = try $1.clientCertificate("foreign")
    },
    Fault("foreign client certificate, TLS 1.2", "https", "client-wanted-1.2", .error(.clientCertificateRefused)) {
      $0.tls.clientCertificate = try $1.clientCertificate("foreign")
    },
    Fault("client certificate is rubbish", "https", "tls", .error(.badClientCertificate)) { request, _ in
      request.tls.clientCertificate = .init(certificate: Array("rubbish".utf8), key: Secret("rubbish"))
    },
    Fault("client key of another", "https", "tls", .error(.badClientCertificate)) { request, server in
      request.tls.clientCertificate = .init(
        certificate: try server.bytes("client.crt"), key: Secret(bytes: try server.bytes("foreign.key")))
    },
    Fault("server name", "https", "wrong-host", .status(200)) { request, _ in
      request.tls.serverName = "api.example.org"
    },
    Fault("server name that does not match", "https", "tls", .error(.wrongHost)) { request, _ in
      request.tls.serverName = "api.example.org"
    },

    // Proxies.
    Fault("through a proxy", "https", "tls", .status(200)) { $0.proxy = .url(Secret(try $1.url("http", "proxy"))) },
    Fault("proxy wants a password", "https", "tls", .error(.proxyAuthenticationWanted)) {
      $0.proxy = .url(Secret(try $1.url("http", "proxy-407")))
    },
    Fault("proxy wants a password, http", "http", "ok", .error(.proxyAuthenticationWanted)) {
      $0.proxy = .url(Secret(try $1.url("http", "proxy-407")))
    },
    Fault("proxy will not connect", "https", "tls", .error(.proxyRefused(status: 403))) {
      $0.proxy = .url(Secret(try $1.url("http", "proxy-403")))
    },
    Fault("proxy stalls", "https", "tls", timeout(.tunnel)) {
      $0.proxy = .url(Secret(try $1.url("http", "silent")))
      $0.timeout = limit
    },
    Fault("proxy refuses", "https", "tls", .error(.refused)) { $0.proxy = .url(Secret(try $1.url("http", "refused"))) },
    Fault("proxy's name does not resolve", "https", "tls", .error(.proxyNameNotResolved)) { request, _ in
      request.proxy = .url(Secret("http://\(String(repeating: "a", count: 64)).invalid:3128"))
    },

    // Requests that are not sent.
    Fault("token with a line break", "https", "tls", .error(.invalidRequest)) { request, _ in
      request.credential = .bearer(Secret("abc\r\nX-Evil: 1"))
    },
    Fault("method with a blank", "https", "tls", .error(.invalidRequest)) { request, _ in request.method = "GET /x" },
  ]

  @Test("each fault has its own error", arguments: faults)
  func fault(_ fault: Fault) throws {
    let server = try FaultServer.shared.get()
    var request = Request(try server.url(fault.scheme, fault.port), tls: server.trusted, proxy: .direct)
    try fault.change(&request, server)
    let result = Result { () throws(HTTPError) in try HTTPClient().send(request) }
    switch (fault.expected, result) {
    case (.status(let status), .success(let response)): #expect(response.status == status)
    case (.error(let kind), .failure(let error)):
      #expect(error.kind == kind, "\(error.detail)")
      #expect(!error.description.isEmpty)
    case (.status, .failure(let error)): Issue.record("\(error) \(error.kind): \(error.detail)")
    case (.error(let kind), .success(let response)): Issue.record("\(response.status) instead of \(kind)")
    }
  }
}
