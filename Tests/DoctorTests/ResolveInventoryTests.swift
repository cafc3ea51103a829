import APISIX
import Findings
import HTTP
import JSON
import Testing

@testable import Doctor

/// Which upstreams of an installation use discovery.
@Suite struct ResolveInventoryTests {
  private func inventory(_ texts: String...) throws -> [DiscoveryUpstream] {
    var inventory = UpstreamInventory()
    for text in texts {
      for document in try Documents.read(Array(text.utf8)) { inventory.take(document, from: "file") }
    }
    inventory.finish()
    return inventory.upstreams
  }

  private func told(_ upstreams: [DiscoveryUpstream]) -> [String] {
    upstreams.map { "\($0.owner) \($0.discoveryType) \($0.serviceName)\($0.isUsed ? "" : " (unused)")" }
  }

  @Test func apisixYAML() throws {
    let found = try inventory(
      """
      routes:
        - id: 1
          uri: /a
          upstream: {type: roundrobin, service_name: default/a:http, discovery_type: kubernetes}
        - id: 2
          uri: /b
          upstream_id: 7
      upstreams:
        - {id: 7, type: roundrobin, service_name: default/b:http, discovery_type: kubernetes}
        - {id: old, type: roundrobin, service_name: DEFAULT, discovery_type: nacos}
        - {id: static, type: roundrobin, nodes: {"10.0.0.1:80": 1}}
      #END

      """)
    #expect(
      told(found) == [
        "routes/1 kubernetes default/a:http", "upstreams/7 kubernetes default/b:http",
        "upstreams/old nacos DEFAULT (unused)",
      ])
  }

  @Test func adminAPIOfVersion3() throws {
    let found = try inventory(
      #"{"total":1,"list":[{"key":"/apisix/routes/r1","value":{"id":"r1","upstream_id":"u1"}}]}"#,
      """
      {"total":2,"list":[
        {"key":"/apisix/upstreams/u1","createdIndex":12,"value":
          {"id":"u1","service_name":"default/a:http","discovery_type":"kubernetes"}},
        {"key":"/apisix/upstreams/u2","value":
          {"id":"u2","service_name":"default/b:http","discovery_type":"kubernetes"}}]}
      """)
    #expect(
      told(found) == ["upstreams/u1 kubernetes default/a:http", "upstreams/u2 kubernetes default/b:http (unused)"])
  }

  @Test func adminAPIOfVersion2() throws {
    let found = try inventory(
      """
      {"action":"get","count":"1","node":{"dir":true,"key":"/apisix/services","nodes":[
        {"key":"/apisix/services/s1","value":
          {"id":"s1","upstream":{"service_name":"default/a:http","discovery_type":"kubernetes"}}}]}}
      """)
    #expect(told(found) == ["services/s1 kubernetes default/a:http"])
  }

  @Test func adc() throws {
    let found = try inventory(
      """
      services:
        - name: shop
          upstream: {type: roundrobin, service_name: default/shop:http, discovery_type: kubernetes}
          upstreams:
            - {name: canary, type: roundrobin, service_name: default/next:http, discovery_type: kubernetes}
          routes:
            - {name: all, uris: [/*]}

      """)
    #expect(
      told(found) == ["services/shop kubernetes default/shop:http", "services/shop kubernetes default/next:http"])
  }

  @Test func apisixUpstreamsAlsoInAList() throws {
    let one = """
      apiVersion: apisix.apache.org/v2
      kind: ApisixUpstream
      metadata: {name: cms, namespace: web}
      spec: {discovery: {type: kubernetes, serviceName: "default/cms:http"}}

      """
    let list =
      #"{"kind":"List","items":[{"kind":"ApisixUpstream","metadata":{"name":"x"},"spec":{"discovery":{"#
      + #""type":"nacos","serviceName":"X"}}},{"kind":"ApisixUpstream","metadata":{"name":"y"},"spec":{}}]}"#
    #expect(
      told(try inventory(one, list)) == [
        "ApisixUpstream web/cms kubernetes default/cms:http", "ApisixUpstream x nacos X",
      ])
  }

  @Test func anyOtherFileGivesNothing() throws {
    #expect(try inventory("a: 1\n", "[]", "null", "kind: ConfigMap\ndata: {x: y}\n").isEmpty)
  }

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
      let endpoint = APISIXEndpoint(.admin, url: server.url + path, key: Secret("k"), timeout: .seconds(5))
      let (documents, findings) = endpoint.resources(HTTPClient())
      #expect(documents.count == 5)
      #expect(findings.isEmpty)
    }
  }

  @Test func aWrongKeyIsSaidSo() throws {
    let server = try StubServer { _ in .status(401, "failed to check token") }
    defer { server.stop() }
    let findings = APISIXEndpoint(.admin, url: server.url, timeout: .seconds(5)).resources(HTTPClient()).findings
    #expect(findings.map(\.rule) == ["resolve/apisix-refused"])
    #expect(findings.first?.help?.contains("GATECHECK_ADMIN_KEY") == true)
  }
}

/// What a running APISIX holds against what it should.
@Suite struct ResolveControlTests {
  private static let dump = #"""
    {"config": {"client": {"token": "secret"}}, "endpoints": [{"endpoints": [
      {"name": "default/same", "value": "{\"http\":[{\"host\":\"10.0.0.1\",\"port\":80,\"weight\":50}]}"},
      {"name": "default/old", "value": "{\"http\":[{\"host\":\"10.0.0.9\",\"port\":80,\"weight\":50}]}"},
      {"name": "default/gone", "value": "{\"http\":{}}"}]}]}
    """#

  private var expected: KubernetesDiscovery {
    var discovery = KubernetesDiscovery(.object(JSONObject()))
    for name in ["same", "old", "new"] {
      discovery.clusters[0].take(document: [
        "kind": "Endpoints", "metadata": ["namespace": "default", "name": .string(name)],
        "subsets": [["addresses": [["ip": "10.0.0.1"]], "ports": [["name": "http", "port": 80]]]],
      ])
    }
    return discovery
  }

  @Test func eachNameIsEqualStaleMissingOrExtra() throws {
    let dump = try #require(DiscoveryDump(JSONValue.parse(Self.dump)))
    let differences = dump.compared(with: expected)
    #expect(
      differences.map { "\($0.serviceName) \($0.state.rawValue)" } == [
        "default/gone:http extra", "default/new:http missing", "default/old:http stale", "default/same:http equal",
      ])
    let finding = Comparison.findings(differences, total: 3).first
    #expect(
      finding?.message.hasPrefix("the running APISIX differs from the API server: 1 missing, 1 stale, 1 extra") == true)
  }

  @Test func equalIsNothingToSay() throws {
    let text = #"{"config":{},"endpoints":[{"endpoints":[]}]}"#
    let dump = try #require(DiscoveryDump(JSONValue.parse(text)))
    #expect(Comparison.findings(dump.compared(with: KubernetesDiscovery(.object(JSONObject()))), total: 0).isEmpty)
  }

  /// Pages behind the first are lost without a word.
  @Test func onlyMissingOnesAfterAPageSayWhy() {
    let missing = DiscoveryDump.Difference(serviceName: "a/b:c", state: .missing, nodes: 1)
    #expect(Comparison.findings([missing], total: 125).first?.help?.hasPrefix("a page after the first failed") == true)
  }

  @Test func somethingElseIsNoDump() throws {
    #expect(DiscoveryDump(try JSONValue.parse(#"{"error_msg":"404 Route Not Found"}"#)) == nil)
  }
}
