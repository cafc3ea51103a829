import Findings
import JSON
import Testing

@testable import APISIX
@testable import Probes

/// Which upstreams of an installation use discovery, by the documents that its files and APIs hold.
@Suite struct ResolveInventoryTests {
  func inventory(_ texts: String...) throws -> [DiscoveryUpstream] {
    var inventory = UpstreamInventory()
    for text in texts {
      for document in try Documents.read(Array(text.utf8)) { inventory.take(document, from: "file") }
    }
    inventory.finish()
    return inventory.upstreams
  }

  func findings(_ inventory: UpstreamInventory, enabled: Set<String>?) -> [Finding] {
    var places = UpstreamPlaces([:])
    return inventory.findings(enabled: enabled, [.kubernetes], &places)
  }

  func told(_ upstreams: [DiscoveryUpstream]) -> [String] {
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

  /// A route's upstream_id, its upstream, its service's upstream_id, its service's upstream.
  @Test func onlyTheFirstOfFourIsUsed() throws {
    func upstream(_ name: String) -> String { "{service_name: \(name), discovery_type: kubernetes}" }
    var inventory = UpstreamInventory()
    let text = """
      routes:
        - {id: both, upstream_id: 1, upstream: \(upstream("a:both"))}
        - {id: own, service_id: hidden, upstream: \(upstream("a:own"))}
        - {id: byService, service_id: used}
        - {id: byID, service_id: both}
      services:
        - {id: hidden, upstream: \(upstream("a:hidden"))}
        - {id: used, upstream: \(upstream("a:used"))}
        - {id: both, upstream_id: 2, upstream: \(upstream("a:loser"))}
        - {id: nobody, upstream_id: 3, upstream: \(upstream("a:nobody"))}
      upstreams:
        - {id: 1, service_name: "a:1", discovery_type: kubernetes}
        - {id: 2, service_name: "a:2", discovery_type: kubernetes}
        - {id: 3, service_name: "a:3", discovery_type: kubernetes}

      """
    for document in try Documents.read(Array(text.utf8)) { inventory.take(document, from: "apisix.yaml") }
    inventory.finish()
    #expect(
      inventory.upstreams.filter(\.isUsed).map(\.serviceName) == ["a:own", "a:used", "a:1", "a:2"])
    #expect(
      findings(inventory, enabled: nil).map { "\($0.rule): \($0.message)" } == [
        "resolve/conflicting-upstreams: routes/both has an upstream and the upstream_id 1; APISIX uses that of the id",
        "resolve/conflicting-upstreams: services/both has an upstream and the upstream_id 2; APISIX uses that of the id",
        "resolve/conflicting-upstreams: services/nobody has an upstream and the upstream_id 3; APISIX uses that of the id",
        "resolve/unused-upstream: routes/both (a:both) is not used: its upstream_id 1 comes first",
        "resolve/unused-upstream: services/hidden (a:hidden) is not used: the upstream of routes/own comes first",
        "resolve/unused-upstream: services/both (a:loser) is not used: its upstream_id 2 comes first",
        "resolve/unused-upstream: services/nobody (a:nobody) is used by no route",
        "resolve/unused-upstream: upstreams/3 (a:3) is used by no route",
      ])
  }

  @Test func twoSourcesThatDisagreeAndARegistryThatIsNotEnabled() throws {
    var inventory = UpstreamInventory()
    for (source, name) in [("a.yaml", "default/a:http"), ("http://127.0.0.1:9180", "default/b:http")] {
      inventory.take(
        ["upstreams": [["id": "1", "service_name": .string(name), "discovery_type": "nacos"]]], from: source)
    }
    inventory.finish()
    #expect(
      findings(inventory, enabled: ["kubernetes"]).map { "\($0.severity) \($0.rule): \($0.message)" }.prefix(2) == [
        "warning resolve/conflicting-upstreams: upstreams/1 is default/a:http in a.yaml, and default/b:http in "
          + "http://127.0.0.1:9180",
        "error discovery-type/not-enabled: upstreams/1, upstreams/1: discovery nacos is not enabled: config.yaml has only "
          + "kubernetes",
      ])
  }

  /// APISIX takes an upstream that has nodes as well; then nothing of it is discovered.
  @Test func aServiceNameWithoutARegistry() throws {
    var inventory = UpstreamInventory()
    let text = """
      routes:
        - uri: /a
          upstream: {type: roundrobin, nodes: {"10.0.0.1:80": 1}, service_name: "default/a:http"}
        - uri: /b
          plugins: {my-plugin: {service_name: "default/a:http"}}
      upstreams:
        - {id: 2, type: roundrobin, service_name: "default/a:http"}

      """
    for document in try Documents.read(Array(text.utf8)) { inventory.take(document, from: "apisix.yaml") }
    inventory.take(
      ["list": [["key": "/apisix/upstreams/3", "value": ["service_name": "a/b:c", "nodes": ["10.0.0.1:80": 1]]]]],
      from: "http://127.0.0.1:9180")
    inventory.finish()
    // What has no id has the one that APISIX gives it.
    #expect(
      findings(inventory, enabled: nil).map { "\($0.rule): \($0.message)" } == [
        "upstream/discovery-type-missing: routes/arr_1: service_name without discovery_type; every request fails with "
          + "'discovery server need appoint'",
        "upstream/discovery-type-missing: upstreams/2: service_name without discovery_type; the upstream is refused",
        "upstream/discovery-type-missing: upstreams/3: service_name without discovery_type; every request fails with "
          + "'discovery server need appoint'",
      ])
  }

  @Test func trafficSplitDoesNoDiscovery() throws {
    var inventory = UpstreamInventory()
    inventory.take(
      [
        "routes": [
          [
            "id": "1",
            "plugins": [
              "traffic-split": [
                "rules": [
                  [
                    "weighted_upstreams": [
                      ["upstream": ["service_name": "a/b:c", "discovery_type": "kubernetes"]], ["upstream_id": "2"],
                    ]
                  ]
                ]
              ]
            ],
          ]
        ],
        "upstreams": [["id": "2", "service_name": "a/d:e", "discovery_type": "kubernetes"]],
      ], from: "apisix.yaml")
    inventory.finish()
    #expect(findings(inventory, enabled: nil).map(\.rule.id) == ["upstream/traffic-split-inline"])
  }

  @Test func anApisixUpstreamIsUsedByAnApisixRoute() throws {
    let upstreams = ["a", "b"].map { name in
      "---\nkind: ApisixUpstream\nmetadata: {name: \(name), namespace: web}\n"
        + "spec: {discovery: {type: kubernetes, serviceName: 'web/\(name):http'}}\n"
    }
    #expect(try inventory(upstreams.joined()).filter(\.isUsed).count == 2)
    let route =
      "---\nkind: ApisixRoute\nmetadata: {name: r, namespace: web}\nspec: {http: [{upstreams: [{name: b}]}]}\n"
    #expect(try inventory(upstreams.joined() + route).filter(\.isUsed).map(\.serviceName) == ["web/b:http"])
  }

  /// A control API shows no stream routes.
  @Test func whatAStreamRouteMayUseIsNotCalledUnused() throws {
    var inventory = UpstreamInventory()
    inventory.take(
      ["upstreams": [["id": "1", "service_name": "a/b:c", "discovery_type": "kubernetes"]], "routes": [["id": "9"]]],
      from: "http://127.0.0.1:9090")
    var all = inventory
    all.finish()
    #expect(all.upstreams.map(\.isUsed) == [false])
    inventory.finish(seesAll: false)
    #expect(inventory.upstreams.map(\.isUsed) == [true])
  }

  @Test func anyOtherFileGivesNothing() throws {
    #expect(try inventory("a: 1\n", "[]", "null", "kind: ConfigMap\ndata: {x: y}\n").isEmpty)
  }
}
