import Findings
import HTTP
import Inputs
import Lint
import Probes
import Testing

/// Each way a connection fails has its own finding, and all of connect/ and tls/ end with status 3.
@Suite struct ConnectionFindingTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let kind: HTTPError.Kind
    let rule: String
    var testDescription: String { "\(kind)" }

    init(_ kind: HTTPError.Kind, _ rule: String) {
      self.kind = kind
      self.rule = rule
    }
  }

  static let cases = [
    Case(.refused, "connect/refused"), Case(.unreachable(errno: 113), "connect/unreachable"),
    Case(.connectFailed(errno: 0), "connect/unreachable"), Case(.nameNotResolved, "connect/name-not-resolved"),
    Case(.timedOut(.connect, after: .seconds(10), wholeCommand: false), "connect/timeout"),
    Case(.timedOut(.answer, after: .seconds(10), wholeCommand: true), "connect/timeout"),
    Case(.connectionLost(.answer), "connect/reset"), Case(.truncatedBody, "connect/reset"),
    Case(.proxyRefused(status: 403), "connect/proxy"), Case(.proxyNameNotResolved, "connect/proxy"),
    Case(.proxyAuthenticationWanted, "connect/proxy"),
    Case(.credentialOverPlainHTTP, "connect/plain-http-credential"), Case(.libcurlMissing, "connect/libcurl-missing"),
    Case(.other(code: 99), "connect/failed"), Case(.untrustedCertificate(.selfSigned), "tls/untrusted-certificate"),
    Case(.untrustedCertificate(.other(0)), "tls/untrusted-certificate"), Case(.wrongHost, "tls/wrong-host"),
    Case(.expiredCertificate, "tls/expired-certificate"), Case(.notYetValidCertificate, "tls/expired-certificate"),
    Case(.notATLSPort, "tls/not-a-tls-port"), Case(.plainHTTPToTLSPort, "tls/plain-http-to-tls-port"),
    Case(.tlsVersionTooOld, "tls/protocol"), Case(.tlsFailed, "tls/protocol"),
    Case(.clientCertificateWanted, "tls/client-certificate-wanted"),
    Case(.clientCertificateRefused, "tls/client-certificate-wanted"), Case(.badAuthorities, "tls/bad-ca"),
    Case(.badClientCertificate, "tls/bad-client-certificate"), Case(.badAnswer, "server/not-kubernetes"),
    Case(.bodyTooLarge(limit: 1), "server/not-kubernetes"),
  ]

  private func target() throws -> Target {
    var options = AccessOptions()
    options.server = "https://10.0.0.1:6443"
    let plan = options.plan(
      in: Context(environment: ["GATECHECK_TOKEN": "token"], now: { 0 }) { path, _ throws(FileError) in
        throw FileError(.notFound, path: path, reason: "not there")
      })
    return try #require(plan.targets.first)
  }

  @Test(arguments: cases)
  func eachHasItsRule(_ item: Case) throws {
    let error = HTTPError(item.kind, address: "10.0.0.1:6443", detail: "words")
    let finding = try #require(error.finding(for: try target()))
    #expect(finding.rule.id == item.rule)
    let status = ExitStatus(for: [finding])
    #expect(status == (item.rule.hasPrefix("server/") ? .failed : .unfinished))
  }

  @Test func ctrlCIsNoFinding() throws {
    #expect(HTTPError(.cancelled, address: "a:1").finding(for: try target()) == nil)
  }

  @Test func timeoutSaysWhatWasMissing() throws {
    func message(_ step: HTTPError.Step) throws -> String? {
      HTTPError(.timedOut(step, after: .seconds(10), wholeCommand: false), address: "10.0.0.1:6443")
        .finding(for: try target())?.message
    }
    #expect(try message(.connect) == "10.0.0.1:6443: no connection within 10 s")
    #expect(try message(.answer) == "10.0.0.1:6443: connected, but no answer within 10 s")
  }

  @Test func untrustedSaysHowToFetchTheCA() throws {
    let error = HTTPError(.untrustedCertificate(.unknownIssuer), address: "10.0.0.1:6443")
    let help = try #require(error.finding(for: try target())?.help)
    #expect(help.contains("certificate-authority-data") && help.contains("ssl_verify"))
  }
}
