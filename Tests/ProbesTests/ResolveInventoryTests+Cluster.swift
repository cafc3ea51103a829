import Findings
import JSON
import TestSupport
import Testing

@testable import APISIX
@testable import Probes

/// The ApisixUpstreams of a cluster.
extension ResolveInventoryTests {
  /// Users' objects, asked for page by page.
  @Test func apisixUpstreamsOfTheCluster() throws {
    let server = try StubServer { asked in
      let isUpstreams = asked.path == "/apis/apisix.apache.org/v2/apisixupstreams"
      guard isUpstreams else { return .notFound }
      let isSecond = asked.target.contains("continue=t%2B1")
      return .list(
        [
          [
            "metadata": ["namespace": "web", "name": .string(isSecond ? "b" : "a")],
            "spec": ["discovery": ["type": "kubernetes", "serviceName": .string(isSecond ? "web/b:h" : "web/a:h")]],
          ]
        ], kind: "ApisixUpstreamList", continuing: isSecond ? "" : "t+1")
    }
    defer { server.stop() }
    let resources = ResolveCluster(server).resolver.apisixUpstreams()
    #expect(resources.findings.isEmpty)
    var inventory = UpstreamInventory()
    for (source, document) in resources.documents { inventory.take(document, from: source) }
    #expect(
      told(inventory.upstreams) == [
        "ApisixUpstream web/a kubernetes web/a:h", "ApisixUpstream web/b kubernetes web/b:h",
      ])
  }

  @Test func withoutTheCustomResourcesThatIsSaid() throws {
    let server = try StubServer { _ in .notFound }
    defer { server.stop() }
    let findings = ResolveCluster(server).resolver.apisixUpstreams().findings
    #expect(findings.map(\.rule.id) == ["resolve/apisix-refused"])
    #expect(findings.first?.help == "the ingress controller's custom resources are not installed there")
  }
}
