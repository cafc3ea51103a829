import HTTP
import Synchronization
import Testing

/// What a client does with answers, limits and the caller's flag.
@Suite struct ClientTests {
  @Test func headersKeepOrderAndRepeat() throws {
    let server = try FaultServer.shared.get()
    let response = try HTTPClient().send(Request(server.url("http", "headers"), proxy: .direct))
    #expect(response.header("x-one") == "1")
    #expect(response.header("X-Blank") == "padded")
    #expect(response.head.values(of: "Warning") == ["299 - \"a\"", "299 - \"b\""])
    #expect(response.header("absent") == nil)
    #expect(response.body == Array("{}".utf8))
    #expect(response.milliseconds > 0)
  }

  @Test func retryAfterIsThere() throws {
    let server = try FaultServer.shared.get()
    #expect(try HTTPClient().send(Request(server.url("http", "busy"), proxy: .direct)).header("retry-after") == "7")
  }

  @Test func requestCarriesMethodHeadersAndBody() throws {
    let server = try FaultServer.shared.get()
    let request = Request(
      try server.url("http", "ok", "/posted?a=b"), method: "POST",
      headers: [Header("Content-Type", "application/json"), Header("Impersonate-User", "a"), Header("X-Empty", "")],
      body: Array("{\"a\":1}".utf8), proxy: .direct)
    // The server reads heads only, so the connection is not used again.
    _ = try HTTPClient().send(request)
    let head = try #require(try server.requests(to: "ok").first { $0.hasPrefix("POST /posted?a=b HTTP/1.1\r\n") })
    for line in ["Content-Type: application/json", "Impersonate-User: a", "X-Empty:", "Content-Length: 7"] {
      #expect(head.contains("\r\n\(line)"))
    }
    #expect(!head.contains("Expect:"))
    #expect(head.contains("\r\nHost: 127.0.0.1:\(try server.port("ok"))\r\n"))
  }

  @Test func serverNameKeepsTheHostHeader() throws {
    let server = try FaultServer.shared.get()
    var tls = server.trusted
    tls.serverName = "api.example.org"
    _ = try HTTPClient().send(Request(server.url("https", "wrong-host", "/named"), tls: tls, proxy: .direct))
    let head = try #require(try server.requests(to: "wrong-host").first { $0.hasPrefix("GET /named ") })
    #expect(head.contains("\r\nHost: 127.0.0.1:\(try server.port("wrong-host"))\r\n"))
  }

  @Test func manyAtOnceKeepTheirOrder() throws {
    let server = try FaultServer.shared.get()
    let ports = ["ok", "busy", "refused", "broken", "unavailable", "unauthorized"]
    let requests = try (0..<60).map { Request(try server.url("http", ports[$0 % 6]), proxy: .direct) }
    let results = HTTPClient().perform(requests, concurrency: 8)
    let expected: [Int?] = [200, 429, nil, 500, 503, 401]
    #expect(results.enumerated().allSatisfy { (try? $1.get().status) == expected[$0 % 6] })
    #expect(HTTPClient().perform([], concurrency: 8).isEmpty)
  }

  @Test func stalledOnesCostOneTimeout() throws {
    let server = try FaultServer.shared.get()
    let requests = try (0..<50).map { _ in
      Request(try server.url("http", "silent"), proxy: .direct, timeout: .milliseconds(500))
    }
    let client = HTTPClient(deadline: .now + .seconds(10))
    // One after the other they would take 25 seconds and meet the deadline.
    #expect(
      client.perform(requests, concurrency: 50).allSatisfy {
        guard case .failure(let error) = $0 else { return false }
        return error.kind == .timedOut(.answer, after: .milliseconds(500), wholeCommand: false)
      })
  }

  @Test func connectionIsUsedAgain() throws {
    let server = try FaultServer.shared.get()
    let client = HTTPClient()
    let request = Request(try server.url("https", "tls"), tls: server.trusted, proxy: .direct)
    #expect(try !client.send(request).reusedConnection)
    #expect(try client.send(request).reusedConnection)
  }

  @Test func deadlineEndsEverything() throws {
    let server = try FaultServer.shared.get()
    let request = Request(try server.url("http", "silent"), proxy: .direct, timeout: nil)
    let client = HTTPClient(deadline: .now + .milliseconds(200))
    for result in client.perform([request, request, request], concurrency: 2) {
      guard case .failure(let error) = result, case .timedOut(_, _, let whole) = error.kind else {
        Issue.record("\(result)")
        continue
      }
      #expect(whole)
    }
  }

  @Test func flagEndsEverything() throws {
    let server = try FaultServer.shared.get()
    let flag = Flag()
    let client = HTTPClient(isCancelled: { flag.isSet(after: 3) })
    let request = Request(try server.url("http", "silent"), proxy: .direct, timeout: nil)
    #expect(
      client.perform([request, request], concurrency: 1).allSatisfy {
        guard case .failure(let error) = $0 else { return false }
        return error.kind == .cancelled
      })
  }

  final class Flag: Sendable {
    private let looks = Atomic<Int>(0)
    func isSet(after count: Int) -> Bool { looks.add(1, ordering: .relaxed).newValue > count }
  }

  @Test func watchGivesItsHeadAndTheEventInHand() throws {
    let server = try FaultServer.shared.get()
    var status = 0
    var bytes: [UInt8] = []
    let response = try HTTPClient().stream(Request(server.url("http", "watch"), proxy: .direct)) { event in
      switch event {
      case .head(let head): status = head.status
      case .bytes(let chunk): bytes += chunk
      }
      return .stopWhenIdle
    }
    #expect(status == 200)
    #expect(String(decoding: bytes, as: UTF8.self) == "{\"type\":\"ERROR\"}\n")
    #expect(response.body.isEmpty)
  }

  @Test func streamStopsAtOnce() throws {
    let server = try FaultServer.shared.get()
    var events = 0
    _ = try HTTPClient().stream(Request(server.url("http", "endless"), proxy: .direct)) { _ in
      events += 1
      return events == 3 ? .stop : .proceed
    }
    #expect(events == 3)
  }

  @Test func streamEndsWithTheAnswer() throws {
    let server = try FaultServer.shared.get()
    var bytes: [UInt8] = []
    _ = try HTTPClient().stream(Request(server.url("http", "ok"), proxy: .direct)) { event in
      if case .bytes(let chunk) = event { bytes += chunk }
      return .proceed
    }
    #expect(bytes == Array("{}".utf8))
  }

  @Test func theCertificateIsToldWithoutTrust() throws {
    let server = try FaultServer.shared.get()
    let certificate = try HTTPClient().certificate(of: server.url("https", "expired"), proxy: .direct)
    #expect(certificate.issuer.contains("fault server ca"))
    #expect(certificate.names == ["IP Address:127.0.0.1", "DNS:localhost"])
    #expect(certificate.notBefore == "Jan  1 00:00:00 2020 GMT")
    #expect(certificate.notAfter == "Jan  1 00:00:00 2021 GMT")
  }

  @Test("the reset after a missing certificate never hides the cause", arguments: [nil, "foreign"])
  func certificateRace(client: String?) throws {
    let server = try FaultServer.shared.get()
    var tls = server.trusted
    tls.clientCertificate = try client.map(server.clientCertificate)
    let request = Request(try server.url("https", "client-wanted"), tls: tls, proxy: .direct)
    let wanted: HTTPError.Kind = client == nil ? .clientCertificateWanted : .clientCertificateRefused
    for result in HTTPClient().perform([Request](repeating: request, count: 100), concurrency: 4) {
      guard case .failure(let error) = result else { continue }
      #expect(error.kind == wanted, "\(error.detail)")
    }
  }

  @Test func evidenceTellsAPortWithoutTLS() throws {
    let server = try FaultServer.shared.get()
    let url = try server.url("https", "not-http")
    let error = #expect(throws: HTTPError.self) { try HTTPClient().certificate(of: url, proxy: .direct) }
    #expect(error?.kind == .notATLSPort)
  }
}
