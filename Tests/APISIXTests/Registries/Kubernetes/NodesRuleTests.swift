import JSON
import Testing

@testable import APISIX

@Suite("From objects to nodes")
struct NodesRuleTests {
  func nodes(
    _ name: String, _ documents: JSONValue..., config: JSONValue = [:], release: Release = .newest
  ) -> Resolution {
    var discovery = KubernetesDiscovery(config, release: release)
    for document in documents { discovery.clusters[0].take(document: document) }
    return discovery.resolve(name)
  }

  func hosts(_ resolution: Resolution) -> [String?]? { resolution.nodes?.map { $0.host?.string } }

  let endpoints: JSONValue = [
    "kind": "Endpoints", "metadata": ["namespace": "shop", "name": "web"],
    "subsets": [
      ["addresses": [["ip": "10.0.0.9"], ["ip": "10.0.0.10"]], "ports": [["name": "http", "port": 80]]]
    ],
  ]

  func slice(_ name: String, _ address: String, ready: JSONValue = true) -> JSONValue {
    [
      "kind": "EndpointSlice", "addressType": "IPv4",
      "metadata": ["namespace": "shop", "name": .string(name), "labels": ["kubernetes.io/service-name": "web"]],
      "endpoints": [["addresses": [.string(address)], "conditions": ["ready": ready]]],
      "ports": [["name": "http", "port": 80]],
    ]
  }

  @Test("sorts by host as text from 3.15, and leaves the object's order before")
  func order() {
    #expect(hosts(nodes("shop/web:http", endpoints)) == ["10.0.0.10", "10.0.0.9"])
    #expect(hosts(nodes("shop/web:http", endpoints, release: Release(3, 14, 1))) == ["10.0.0.9", "10.0.0.10"])
  }

  @Test("takes kubectl's List, whose kind comes last, and single objects of a stream")
  func kubectl() throws {
    let text = #"{"apiVersion":"v1","items":[\#(endpoints.text())],"kind":"List","metadata":{}}"# + endpoints.text()
    var view = ClusterView(ClusterStore(ClusterSettings([:]), interest: .everything))
    var stream = JSONStream(skipping: ClusterView.uselessKeys)
    try stream.feed(Array(text.utf8)) { view.take($0) }
    try stream.finish { view.take($0) }
    #expect(view.store.services["shop/web"]?.first?.count == 2)
    #expect(view.store.log.isEmpty)
  }

  @Test("reads slices from 3.15; in 3.14 without hosts, under the slice's name; not at all before")
  func slicesByRelease() {
    let config: JSONValue = ["watch_endpoint_slices": true]
    #expect(hosts(nodes("shop/web:http", slice("web-1", "10.0.0.1"), config: config)) == ["10.0.0.1"])
    #expect(nodes("shop/web:http", slice("web-1", "10.0.0.1"), config: config, release: Release(3, 14, 0)).nodes == nil)
    let misread = nodes("shop/web-1:http", slice("web-1", "10.0.0.1"), config: config, release: Release(3, 14, 0))
    #expect(hosts(misread) == [nil])
    #expect(
      misread.check?.text(in: Release(3, 14))
        == #"invalid nodes format: failed to validate item 1: property "host" is required"#)
    for release in [Release(3, 13, 0), Release(3, 9, 0), Release(3, 2, 0)] {
      #expect(
        hosts(nodes("shop/web:http", slice("web-1", "10.0.0.1"), endpoints, config: config, release: release))?.count
          == 2)
      #expect(ClusterSettings(config, release: release).path == "/api/v1/endpoints")
    }
  }

  @Test("merges the slices of a service and forgets a deleted one")
  func slices() {
    let config: JSONValue = ["watch_endpoint_slices": true]
    let (one, two) = (slice("web-1", "10.0.0.2"), slice("web-2", "10.0.0.1"))
    #expect(hosts(nodes("shop/web:http", one, two, config: config)) == ["10.0.0.1", "10.0.0.2"])
    let deleted: JSONValue = ["type": "DELETED", "object": two]
    #expect(hosts(nodes("shop/web:http", one, two, deleted, config: config)) == ["10.0.0.2"])
    let unready: JSONValue = ["type": "MODIFIED", "object": slice("web-1", "10.0.0.2", ready: false)]
    #expect(hosts(nodes("shop/web:http", one, unready, config: config)) == nil)
  }

  @Test("an object that no longer has the wanted label is dropped, as the API server would have it")
  func relabelled() {
    var object = endpoints.object ?? JSONObject()
    object.members[1] = .init(
      key: "metadata", value: ["namespace": "shop", "name": "web", "labels": ["app": "web"]])
    let config: JSONValue = ["label_selector": "app=web"]
    #expect(nodes("shop/web:http", .object(object), config: config).nodes?.count == 2)
    let event: JSONValue = ["type": "MODIFIED", "object": endpoints]
    #expect(nodes("shop/web:http", .object(object), event, config: config).nodes == nil)
  }

  @Test("after an ERROR 410 the next list replaces everything; any other ERROR ends it")
  func errors() {
    let gone: JSONValue = ["type": "ERROR", "object": ["kind": "Status", "code": 410]]
    let empty: JSONValue = ["kind": "EndpointsList", "metadata": [:], "items": []]
    let other: JSONValue = [
      "kind": "EndpointsList", "metadata": [:], "items": [["metadata": ["namespace": "a", "name": "b"]]],
    ]
    #expect(nodes("shop/web:http", endpoints, gone).nodes != nil)
    #expect(nodes("shop/web:http", endpoints, gone, other).nodes == nil)
    #expect(nodes("shop/web:http", endpoints, empty).nodes != nil)
    var view = ClusterView(ClusterStore(ClusterSettings([:]), interest: .everything))
    view.take(document: ["type": "ERROR", "object": ["kind": "Status", "code": 500]])
    view.take(document: endpoints)
    #expect(
      view.store.log.map { $0.logged(in: .newest) } == [
        "error: watch failed, kind: Endpoints, reason: UnexpectedBody, message : {...}"
      ])
    #expect(view.store.services.isEmpty)
  }

  @Test(
    "refuses nodes by the schema",
    arguments: [
      (0, "expected 0 to be at least 1"), (70000, "expected 70000 to be at most 65535"),
      (80.5, "wrong type: expected integer, got number"), (.null, "wrong type: expected integer, got string"),
      (true, "wrong type: expected integer, got boolean"),
    ] as [(JSONValue, String)])
  func check(port: JSONValue, fault: String) {
    let object: JSONValue = [
      "kind": "Endpoints", "metadata": ["namespace": "a", "name": "b"],
      "subsets": [["addresses": [["ip": "1.1.1.1"]], "ports": [["name": "p", "port": port]]]],
    ]
    let message = "invalid nodes format: failed to validate item 1: property \"port\" validation failed: " + fault
    #expect(nodes("a/b:p", object).check?.text(in: .newest) == message)
  }

  @Test("a port without a number is no fault: the scheme's is taken")
  func noPort() {
    let object: JSONValue = [
      "kind": "Endpoints", "metadata": ["namespace": "a", "name": "b"],
      "subsets": [["addresses": [["ip": "1.1.1.1"]], "ports": [["name": "p"]]]],
    ]
    #expect(nodes("a/b:p", object).nodes == [UpstreamNode(host: "1.1.1.1", port: nil, weight: 50)])
    #expect(nodes("a/b:p", object).check == nil)
  }

  @Test(
    "says which line of APISIX's Lua breaks, and keeps what came before",
    arguments: [
      (#"null"#, "core.lua:447: attempt to index local 'endpoint' (a userdata value)"),
      (#"{"metadata":null}"#, "core.lua:448: attempt to index field 'metadata' (a userdata value)"),
      (
        #"{"metadata":{"namespace":"a","name":null}}"#,
        "core.lua:57: attempt to concatenate local 'name' (a userdata value)"
      ),
      (
        #"{"metadata":{"namespace":"a","name":"b"},"subsets":"x"}"#,
        "core.lua:463: bad argument #1 to 'ipairs' (table expected, got string)"
      ),
      (
        #"{"metadata":{"namespace":"a","name":"b"},"subsets":[null]}"#,
        "core.lua:464: attempt to index local 'subset' (a userdata value)"
      ),
      (
        #"{"metadata":{"namespace":"a","name":"b"},"subsets":[{"addresses":[{"ip":"1"}],"ports":[null]}]}"#,
        "core.lua:468: attempt to index local 'port' (a userdata value)"
      ),
      (
        #"{"metadata":{"namespace":"a","name":"b"},"subsets":[{"addresses":[null],"ports":[{"name":"p"}]}]}"#,
        "core.lua:484: attempt to index local 'address' (a userdata value)"
      ),
      (
        #"{"metadata":{"namespace":"a","name":"b"},"subsets":[{"addresses":[{"ip":"1"},{"ip":"1"}],"ports":[{"name":"p"}]}]}"#,
        "core.lua:49: attempt to compare two nil values"
      ),
    ])
  func luaErrors(object: String, message: String) throws {
    for interest in [ClusterStore.Interest.everything, .counts, .key("shop/web")] {
      var view = ClusterView(ClusterStore(ClusterSettings([:]), interest: interest))
      let item = try JSONValue.parse(object)
      view.take(document: ["kind": "EndpointsList", "metadata": [:], "items": [endpoints, item, endpoints]])
      #expect(
        view.store.log.map { $0.logged(in: .newest) } == [
          "error: list_watch failed, kind: Endpoints, reason: RuntimeException, message : apisix/discovery/kubernetes/"
            + message
        ])
      #expect(view.store.hasFailed)
      #expect(Array(view.store.services.keys) == ["shop/web"])
    }
  }

  @Test(
    "names the line of the release where it is known",
    arguments: [
      (Release(2, 15, 3), "init.lua:63:"), (Release(3, 8, 1), "init.lua:64:"), (Release(3, 13, 0), "init.lua:127:"),
      (Release(3, 16, 0), "init.lua:231:"), (Release(3, 17, 0), "core.lua:460:"), (.newest, "core.lua:463:"),
    ])
  func luaErrorLines(release: Release, place: String) throws {
    let broken = try JSONValue.parse(#"{"metadata":{"namespace":"a","name":"b"},"subsets":null}"#)
    var view = ClusterView(ClusterStore(ClusterSettings([:], release: release), interest: .everything))
    view.take(document: ["kind": "EndpointsList", "metadata": [:], "items": [broken]])
    #expect(
      view.store.log.map { $0.text(in: release) } == [
        "list_watch failed, kind: Endpoints, reason: RuntimeException, message : apisix/discovery/kubernetes/\(place) "
          + "bad argument #1 to 'ipairs' (table expected, got userdata)"
      ])
  }

  @Test("words its logs as the release does")
  func logs() {
    let old = Release(3, 16, 0)
    #expect(
      nodes("x", release: old).log.map { $0.logged(in: old) } == [
        "error: get unexpected upstream service_name:\u{3000}x"
      ])
    #expect(nodes("x", release: Release(2, 15, 0)).log.isEmpty)
    let config: JSONValue = [["id": "a"], ["id": "b"]]
    #expect(nodes("c/d/e:f", config: config, release: old).log.map { $0.logged(in: old) } == ["error: id not exist"])
  }

  @Test("counts every service without keeping its nodes")
  func counts() {
    var discovery = KubernetesDiscovery([:], interest: .counts)
    discovery.clusters[0].take(document: endpoints)
    #expect(discovery.services.map(\.serviceName) == ["shop/web:http"])
    #expect(discovery.services.map(\.nodes) == [2])
    #expect(discovery.clusters[0].store.services["shop/web"]?[0].nodes == [])
  }

  @Test("remembers what it saw of a service that is hidden or not ready")
  func observation() {
    let document: JSONValue = [
      "kind": "List",
      "items": [
        [
          "kind": "Endpoints",
          "metadata": [
            "namespace": "shop", "name": "web", "annotations": ["endpoints.kubernetes.io/over-capacity": "truncated"],
          ],
          "subsets": [
            [
              "addresses": [["ip": "1.1.1.1"]], "notReadyAddresses": [["ip": "1.1.1.2"], ["ip": "1.1.1.3"]],
              "ports": [["name": "http", "port": 80], ["port": 81]],
            ]
          ],
        ],
        ["kind": "Endpoints", "metadata": ["namespace": "web", "name": "shop"]],
        ["kind": "Endpoints", "metadata": ["namespace": "shop", "name": "wed"]],
        [
          "kind": "Service", "metadata": ["namespace": "shop", "name": "web"],
          "spec": ["type": "ExternalName", "externalName": "example.org"],
        ],
      ],
    ]
    var discovery = KubernetesDiscovery(
      ["namespace_selector": ["match": ["web"]]], serviceName: "shop/web:http")
    discovery.clusters[0].take(document: document)
    let seen = discovery.clusters[0].observation
    #expect(discovery.resolve("shop/web:http").nodes == nil)
    #expect(seen.hidden == .namespaceSelector)
    #expect(seen.isOverCapacity)
    #expect(seen.service?.type == "ExternalName")
    #expect(
      seen.ports == [
        .init(key: "http", number: 80, isNamed: true, ready: 1, notReady: 2),
        .init(key: "81", number: 81, isNamed: false, ready: 1, notReady: 2),
      ])
    // The selector hides shop/wed from APISIX.
    #expect(seen.nearest(to: "shop/web") == ["web/shop"])
  }
}
