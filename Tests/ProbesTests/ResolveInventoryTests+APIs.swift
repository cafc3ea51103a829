import Findings
import HTTP
import Inputs
import JSON
import TestSupport
import Testing

@testable import APISIX
@testable import Probes

/// What is asked of the Admin API and the control API: a stub answers in the shapes that APISIX's documentation and
/// code give.
extension ResolveInventoryTests {
  @Test func theAdminAPIIsAskedWithItsKey() throws {
    let server = try StubServer { asked in
      switch asked.path {
      case "/apisix/admin/upstreams":
        .json([
          "list": [["key": "/apisix/upstreams/1", "value": ["service_name": "a/b:c", "discovery_type": "kubernetes"]]]
        ])
      case "/apisix/admin/stream_routes": .status(400, "stream mode is disabled")
      default: .json(["list": []])
      }
    }
    defer { server.stop() }
    for path in ["", "/", "/apisix/admin", "/apisix/admin/"] {
      let endpoint = APISIXEndpoint(.admin, url: server.url + path, key: Secret("k"), AccessOptions())
      let found = endpoint.resources(HTTPClient())
      #expect(found.documents.count == 7)
      #expect(found.findings.isEmpty)
      #expect(found.secrets == ["k"])
    }
  }

  /// Without objects of its own there is the whole configuration in one document.
  @Test func theAdminAPIOfStandaloneMode() throws {
    let server = try StubServer { asked in
      asked.path == "/apisix/admin/configs"
        ? .json([
          "routes_conf_version": 1,
          "routes": [["id": "r", "upstream": ["service_name": "a/b:c", "discovery_type": "kubernetes"]]],
        ]) : .status(404, "NotFound")
    }
    defer { server.stop() }
    let found = APISIXEndpoint(.admin, url: server.url, AccessOptions()).resources(HTTPClient())
    #expect(found.findings.isEmpty)
    #expect(server.asked.map(\.path) == ["/apisix/admin/upstreams", "/apisix/admin/configs"])
    var inventory = UpstreamInventory()
    for (source, document) in found.documents { inventory.take(document, from: source) }
    #expect(told(inventory.upstreams) == ["routes/r kubernetes a/b:c"])
  }

  /// APISIX logs an error for who asks an APISIX without stream proxy for them.
  @Test func streamRoutesAreAskedForWhereThereMayBeSome() throws {
    let server = try StubServer { _ in .json(["list": []]) }
    defer { server.stop() }
    let endpoint = APISIXEndpoint(.admin, url: server.url, AccessOptions())
    _ = endpoint.resources(HTTPClient(), hasStream: false)
    #expect(!server.asked.contains { $0.path.contains("stream_") })
    _ = endpoint.resources(HTTPClient())
    #expect(server.asked.contains { $0.path == "/apisix/admin/stream_routes" })
  }

  @Test func aWrongKeyIsSaidSo() throws {
    let server = try StubServer { _ in .status(401, "failed to check token") }
    defer { server.stop() }
    let findings = APISIXEndpoint(.admin, url: server.url, AccessOptions()).resources(HTTPClient()).findings
    #expect(findings.map(\.rule.id) == ["resolve/apisix-refused"])
    #expect(findings.first?.help?.contains("GATECHECK_ADMIN_KEY") == true)
  }

  @Test func theControlAPIListsUpstreamsToo() throws {
    let server = try StubServer { asked in
      asked.path == "/v1/routes"
        ? .json([
          [
            "key": "/apisix/routes/1", "modifiedIndex": 3,
            "value": ["id": "1", "upstream": ["service_name": "a/b:c", "discovery_type": "kubernetes"]],
          ]
        ]) : .json([])
    }
    defer { server.stop() }
    var inventory = UpstreamInventory()
    let endpoint = APISIXEndpoint(.control, url: server.url, AccessOptions())
    for (source, document) in endpoint.resources(HTTPClient()).documents { inventory.take(document, from: source) }
    #expect(server.asked.map(\.path) == ["/v1/upstreams", "/v1/services", "/v1/routes"])
    #expect(told(inventory.upstreams) == ["routes/1 kubernetes a/b:c"])
  }
}
