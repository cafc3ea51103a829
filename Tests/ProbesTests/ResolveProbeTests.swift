import Findings
import HTTP
import JSON
import TestSupport
import Testing

@testable import APISIX
@testable import Probes

/// What a connect means.
@Suite struct ResolveProbeTests {
  private func node(_ host: String, _ port: Int) -> UpstreamNode {
    UpstreamNode(host: .string(host), port: .number(Double(port)), weight: 50)
  }

  @Test func aListenerConnectsAndAFreePortRefuses() throws {
    let server = try StubServer { _ in .list([]) }
    defer { server.stop() }
    let probes = tried(
      [node("127.0.0.1", Int(server.port)), node("127.0.0.2", 1), node("127.0.0.3", 0)])
    #expect(probes.map(\.word) == ["connected", "refused", "not-tried"])
    #expect(probes[1].text == "refused: nothing listens")
    let findings = NodeProbe.findings("default/a:http", probes)
    #expect(findings.map(\.severity) == [.warning])
    #expect(findings.first?.message == "2 of 3 nodes of default/a:http do not answer from here: 1 not tried, 1 refused")
  }

  private func tried(_ nodes: [UpstreamNode]) -> [NodeProbe] {
    NodeProbe.run(nodes, of: "default/a:http", AccessOptions(), in: Context(environment: [:], now: { 0 }))
  }

  @Test func noneIsAnErrorAndAllIsNothing() throws {
    let server = try StubServer { _ in .list([]) }
    defer { server.stop() }
    let dead = tried([node("127.0.0.2", 1)])
    #expect(NodeProbe.findings("a", dead).map(\.severity) == [.error])
    let alive = tried([node("127.0.0.1", Int(server.port))])
    #expect(NodeProbe.findings("a", alive).isEmpty)
  }

  /// Linux gives EINVAL for a blackhole route.
  @Test func anErrorOfTheSystemIsToldInItsWords() {
    let error = HTTPError(.connectFailed(errno: 22), address: "10.1.0.1:80")
    #expect(NodeProbe(node: node("10.1.0.1", 80), result: .failure(error)).text == "failed: Invalid argument")
    #expect("\(error)" == "cannot connect to 10.1.0.1:80: Invalid argument")
  }

  /// What is no address is not handed to the Job, and none can become a command of it.
  @Test func theJobHoldsAddressesAsArguments() {
    let nodes = [node("10.0.0.1", 80), node("$(reboot)\"; x", 80), node("host.example", 80), node("fd00::1", 81)]
    let lines = ProbeJob(nodes, namespace: "default").manifest.split(separator: "\n")
    #expect(lines.filter { $0.hasPrefix("        - \"") } == ["        - \"10.0.0.1 80\"", "        - \"fd00::1 81\""])
  }
}
