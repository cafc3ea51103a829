import Findings
import HTTP
import Inputs
import Lint
import Registries
import Synchronization
import TestSupport
import Testing

@testable import Probes

/// What is told of an address of APISIX's own that does not answer as it should.
@Suite struct APISIXAddressTests {
  private static let web = StubServer.Answer(type: "text/html", body: "<html>log in</html>")

  @Test func aPasswordInAnAddressIsNotShown() throws {
    let server = try StubServer { _ in Self.web }
    defer { server.stop() }
    let url = "http://root:made-up-pa55@127.0.0.1:\(server.port)"
    let http = HTTPClient()
    var findings: [Finding] = []
    for kind in [APISIXEndpoint.Kind.admin, .control] {
      let endpoint = APISIXEndpoint(kind, url: url, AccessOptions())
      findings += endpoint.resources(http).findings
      do throws(Finding) { _ = try endpoint.dump(of: "kubernetes", http) } catch { findings.append(error) }
    }
    var settings = EtcdSettings()
    settings.hosts = [url]
    findings +=
      EtcdSource(settings: settings, access: AccessOptions(), context: Context(environment: [:], now: { 0 })).resources(
        http
      ).findings
    #expect(
      findings.map(\.message) == [
        "a login page answers in place of the Admin API at \(server.url): 200 (text/html)",
        "a login page answers in place of the Admin API at \(server.url): 200 (text/html)",
        "a login page answers in place of the control API at \(server.url): 200 (text/html)",
        "a login page answers in place of the control API at \(server.url): 200 (text/html)",
        "\(server.url) does not answer as etcd does",
      ])
  }

  /// With --verbose.
  @Test func eachRequestIsTold() throws {
    let server = try StubServer { _ in Self.web }
    defer { server.stop() }
    let lines = Mutex<[String]>([])
    let http = HTTPClient(trace: { line in lines.withLock { $0.append(line) } })
    let endpoint = APISIXEndpoint(
      .admin, url: "http://root:made-up-pa55@127.0.0.1:\(server.port)", key: Secret("made-up-key"),
      AccessOptions())
    _ = endpoint.resources(http)
    let told = lines.withLock { $0 }.map { $0.replacing(#/in \d+ ms/#, with: "in N ms") }
    #expect(told == ["GET \(server.url)/apisix/admin/upstreams: 200 in N ms"])
  }

  @Test func nothingElseOfAnAddressIsLost() {
    #expect(URLText("https://u:p@ss@[::1]:9180/a?b@c").withoutUser == "https://[::1]:9180/a?b@c")
    #expect(URLText("http://127.0.0.1:9180/a@b").withoutUser == "http://127.0.0.1:9180/a@b")
    #expect(URLText("apisix.yaml").withoutUser == "apisix.yaml")
    #expect(URLText("u:p@127.0.0.1:2379/v3").withoutUser == "127.0.0.1:2379/v3")
    let info = URLText("http://a%40b:p%3Aq%+f@127.0.0.1").credentials
    #expect(info?.user == "a@b" && info?.password == "p:q%+f")
  }
}
