import JSON
import Testing

@testable import APISIX

/// The memory that services take in nginx's shared dict: entries with a head of 68 bytes in slots of powers of two.
@Suite struct SharedDictTests {
  private func store(_ services: Int, addresses: Int) -> ClusterStore {
    var store = ClusterStore(ClusterSettings(.object(JSONObject())), interest: .counts)
    for service in 0..<services {
      store.take(
        [
          "metadata": ["namespace": "default", "name": .string("svc\(1000 + service)")],
          "subsets": [
            [
              "addresses": .array((0..<addresses).map { ["ip": .string("10.0.0.\(100 + $0)")] }),
              "ports": [["name": "http", "port": 8080]],
            ]
          ],
        ], .listed)
    }
    return store
  }

  private func pages(_ store: ClusterStore) -> Int { store.sharedDict.bytes / 4120 - 3 }

  @Test func aPortIsCountedAsTheJSONThatAPISIXWrites() {
    let node = UpstreamNode(host: "10.0.0.1", port: 80, weight: 50)
    let json = #""http":[{"host":"10.0.0.1","port":80,"weight":50},{"host":"10.0.0.1","port":80,"weight":50}]"#
    #expect(SharedDict.bytes(of: "http", [node, node]) == json.utf8.count)
    #expect(SharedDict.bytes(of: "", []) == #""":[]"#.utf8.count)
  }

  /// Counts of slices are put together without their nodes, and come to the same.
  @Test func slicesOfOneServiceAreCountedTogether() {
    func slice(_ name: String, _ addresses: [String]) -> JSONValue {
      [
        "metadata": [
          "namespace": "default", "name": .string(name), "labels": ["kubernetes.io/service-name": "cms"],
        ], "ports": [["name": "http", "port": 8080]],
        "endpoints": .array(addresses.map { ["addresses": [.string($0)], "conditions": ["ready": true]] }),
      ]
    }
    let settings = ClusterSettings(["watch_endpoint_slices": true])
    var (counted, whole) = (ClusterStore(settings, interest: .counts), ClusterStore(settings, interest: .everything))
    let events: [(JSONValue, ClusterStore.Change)] = [
      (slice("a", ["10.0.0.1", "10.0.0.2"]), .listed), (slice("b", ["10.0.0.33"]), .listed), (slice("c", []), .listed),
      (slice("a", ["10.0.0.1"]), .modified), (slice("b", []), .deleted),
    ]
    for (object, change) in events {
      counted.take(object, change)
      whole.take(object, change)
      #expect(
        counted.services["default/cms"]?.map { [$0.count, $0.bytes] }
          == whole.services["default/cms"]?.map { [$0.count, $0.bytes] })
    }
    #expect(counted.services["default/cms"]?.map(\.nodes) == [[]])
  }

  @Test func entriesTakeSlotsAndPages() {
    // 68 + 15 + 16 is a slot of 128; 68 + 15 + 61 one of 256: 32 and 16 of them to a page.
    #expect(pages(store(1, addresses: 1)) == 2)
    #expect(pages(store(32, addresses: 1)) == 1 + 2)
    #expect(pages(store(33, addresses: 1)) == 2 + 3)
    // Over half a page: whole ones.
    #expect(pages(store(1, addresses: 100)) == 1 + 2)
  }

  /// How many services fitted into a dict of nginx.
  struct Measured: Sendable {
    let megabytes: Int
    /// In the name of a service.
    let letters: Int
    let nodes: Int
    let ports: Int
    let fit: Int

    /// The same entries as in scripts/measure-shared-dict.sh.
    func needed(for services: Int) -> Int {
      var all: [String: [ClusterStore.Port]] = [:]
      for service in 0..<services {
        let digits = String(service)
        let name = "s" + String(repeating: "0", count: letters - 1 - digits.count) + digits
        all["default/" + name] = (1...ports).map { port in
          let nodes = (0..<nodes).map { node in
            UpstreamNode(
              host: .string("10.\(service / 250 % 250).\(service % 250).\(node % 250)"),
              port: .number(Double(8079 + port)), weight: 50)
          }
          return .init("port\(port)", nodes, keepsNodes: false)
        }
      }
      return SharedDict(all).bytes
    }
  }

  /// Measured with scripts/measure-shared-dict.sh on nginx 1.22.1 with lua-nginx-module 0.10.23, x86_64: `safe_set` of
  /// both entries of a service until "no memory".
  static let measured: [Measured] = [
    .init(megabytes: 1, letters: 8, nodes: 1, ports: 1, fit: 2688),
    .init(megabytes: 1, letters: 8, nodes: 3, ports: 1, fit: 2688),
    .init(megabytes: 1, letters: 8, nodes: 10, ports: 1, fit: 896),
    .init(megabytes: 1, letters: 8, nodes: 37, ports: 1, fit: 476),
    .init(megabytes: 1, letters: 8, nodes: 60, ports: 1, fit: 245),
    .init(megabytes: 1, letters: 8, nodes: 200, ports: 1, fit: 83),
    .init(megabytes: 1, letters: 40, nodes: 2, ports: 1, fit: 2016),
    .init(megabytes: 1, letters: 63, nodes: 2, ports: 1, fit: 2016),
    .init(megabytes: 1, letters: 63, nodes: 3, ports: 3, fit: 804),
    .init(megabytes: 2, letters: 8, nodes: 1, ports: 1, fit: 5407),
    .init(megabytes: 2, letters: 8, nodes: 3, ports: 1, fit: 5407),
    .init(megabytes: 2, letters: 40, nodes: 10, ports: 2, fit: 916),
    .init(megabytes: 2, letters: 8, nodes: 45, ports: 1, fit: 491),
    .init(megabytes: 2, letters: 20, nodes: 300, ports: 1, fit: 125),
    .init(megabytes: 2, letters: 63, nodes: 1, ports: 1, fit: 4048),
    .init(megabytes: 8, letters: 8, nodes: 1, ports: 1, fit: 21695),
    .init(megabytes: 8, letters: 8, nodes: 3, ports: 1, fit: 21695),
    .init(megabytes: 8, letters: 30, nodes: 10, ports: 2, fit: 3874),
    .init(megabytes: 8, letters: 8, nodes: 37, ports: 1, fit: 3828),
    .init(megabytes: 8, letters: 8, nodes: 60, ports: 1, fit: 1972),
    .init(megabytes: 8, letters: 12, nodes: 1000, ports: 1, fit: 169),
    .init(megabytes: 8, letters: 63, nodes: 2, ports: 1, fit: 16264),
  ]

  /// Never more than what fits, and at most 2 % less.
  @Test(arguments: measured) func nginxTakesAsMany(_ row: Measured) {
    let size = row.megabytes << 20
    #expect(row.needed(for: row.fit * 98 / 100) <= size)
    #expect(row.needed(for: row.fit + 1) > size)
  }

  @Test func aServiceThatComesAgainIsCountedOnce() {
    var store = store(5, addresses: 1)
    let before = store.sharedDict
    store.take(
      [
        "metadata": ["namespace": "default", "name": "svc1001"],
        "subsets": [["addresses": [["ip": "10.9.9.123"]], "ports": [["name": "http", "port": 8080]]]],
      ], .modified)
    #expect(store.sharedDict == before)
  }

  @Test func theConfiguredSizeHangsOnTheRelease() {
    func size(_ config: JSONValue, _ release: Release) -> Int? {
      ClusterSettings(config, release: release).sharedSize.map { $0 >> 20 }
    }
    let none = JSONValue.object(JSONObject())
    #expect(size(none, .newest) == 64)
    #expect(size(none, Release(3, 17, 0)) == 1)
    #expect(size(none, Release(2, 15, 0)) == nil)
    #expect(size(["shared_size": "8m"], Release(3, 0, 0)) == 8)
  }
}
