import Findings
import Foundation
import HTTP
import Inputs
import JSON
import Kubernetes
import Lint
import Probes
import TestSupport
import Testing

/// Servers that answer otherwise.
extension TokenProbeTests {
  @Test func redirect() throws {
    let answer = StubServer.Answer(status: 302, headers: ["Location: https://login.example/?token=abc"])
    let result = try verify(server { _ in answer })
    #expect(result.rules == ["server/redirect"])
    #expect(result.findings[0].message == "the server redirects (302) to https://login.example:443")
    #expect(result.asked.count == 1)
  }

  @Test(arguments: [429, 500, 503])
  func serverInTrouble(status: Int) throws {
    let answer = StubServer.Answer(status: status, headers: ["Retry-After: 7"], body: "no")
    #expect(try verify(server { _ in answer }).rules == ["server/error"])
  }

  @Test func watchThatBeginsWithAnError() throws {
    let result = try verify(server { $0 == "watch" ? Recorded.expiredWatch : nil })
    #expect(result.rules == ["server/error", "server/endpoints-deprecated"])
    #expect(result.check?.works == false)
  }

  @Test func noEndpointSlicesThere() throws {
    let result = try verify(
      extra: "    watch_endpoint_slices: true",
      server { _ in StubServer.Answer(status: 404, type: "text/plain", body: "404 page not found\n") })
    #expect(result.rules == ["server/no-such-resource"])
    #expect(result.asked.first?.path == "/apis/discovery.k8s.io/v1/endpointslices")
  }

  @Test func lineBreakInsideATokenIsNotSent() throws {
    let result = try verify(token: #"eyJhbGciOiJSUzI1NiJ9\n.x.y"#, server { _ in nil })
    #expect(result.rules.contains("token/whitespace") || result.rules.contains("config/refused"))
    #expect(result.asked.isEmpty)
  }
}
