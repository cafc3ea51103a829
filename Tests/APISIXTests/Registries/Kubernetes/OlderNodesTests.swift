import JSON
import Testing

@testable import APISIX

/// What older releases make of the same documents, as their running gateways showed it.
@Suite struct OlderNodesTests {
  private static func endpoints(_ name: String, _ address: String, namespace: JSONValue? = "e") -> JSONValue {
    var metadata: JSONObject = ["name": .string(name)]
    if let namespace { metadata = metadata + ["namespace": namespace] }
    return [
      "metadata": .object(metadata),
      "subsets": [["addresses": [["ip": .string(address)]], "ports": [["name": "http", "port": 80]]]],
    ]
  }

  private static func list(_ items: [JSONValue], kind: String = "EndpointsList", token: String = "") -> JSONValue {
    ["kind": .string(kind), "metadata": ["continue": .string(token)], "items": .array(items)]
  }

  private static let gone: JSONValue = [
    "type": "ERROR", "object": ["kind": "Status", "metadata": [:], "code": 410, "reason": "Expired"],
  ]

  private func hosts(_ version: String, _ documents: [JSONValue], of name: String = "e/s:http") throws -> [String]? {
    try discovery(version, documents).resolve(name).nodes?.compactMap { $0.host?.string }
  }

  private func discovery(_ version: String, _ documents: [JSONValue]) throws -> KubernetesDiscovery {
    var discovery = KubernetesDiscovery(["client": ["token": "t"]], release: try #require(Release(parsing: version)))
    for document in documents { discovery.clusters[0].take(document: document) }
    return discovery
  }

  /// A list that comes after 410, or after another, is all there is; up to 3.14.1 it takes nothing away.
  @Test(arguments: [("2.15.3", true), ("3.8.1", true), ("3.14.1", true), ("3.15.0", false), ("3.18.0", false)])
  func aSecondList(version: String, keeps: Bool) throws {
    let first = Self.list([Self.endpoints("s", "10.0.0.1"), Self.endpoints("keep", "10.0.0.8")])
    let second = Self.list([Self.endpoints("keep", "10.0.0.9")])
    for documents in [
      [first, second], [first, Self.gone, second], [first, Self.list([])], [first, Self.gone, Self.list([])],
    ] {
      #expect(try hosts(version, documents) == (keeps ? ["10.0.0.1"] : nil))
      #expect(try discovery(version, documents).clusters[0].store.unlisted.contains("e/s"))
    }
    #expect(try hosts(version, [first, second], of: "e/keep:http") == ["10.0.0.9"])
    // What comes back is no longer gone.
    let again = try discovery(version, [first, second, first])
    #expect(again.clusters[0].store.unlisted.isEmpty)
    #expect(again.resolve("e/s:http").nodes?.count == 1)
  }

  /// Pages are one list, kubectl's lists are parts of what there is, and the other kind is another list.
  @Test(arguments: ["3.8.1", "3.18.0"]) func whatReplacesNothing(version: String) throws {
    let (one, two) = (Self.endpoints("s", "10.0.0.1"), Self.endpoints("t", "10.0.0.2"))
    for documents in [
      [Self.list([one], token: "2"), Self.list([two])],
      [Self.list([one], kind: "List"), Self.list([two], kind: "List")],
      [Self.list([one]), Self.list([two], kind: "List")],
      [Self.list([one]), Self.list([], kind: "EndpointSliceList")],
      [Self.list([one]), Self.gone, Self.list([], kind: "EndpointSliceList")],
    ] { #expect(try hosts(version, documents) == ["10.0.0.1"]) }
    // The pages of a second list replace the first together.
    let pages = [Self.list([one]), Self.list([two], token: "2"), Self.list([Self.endpoints("u", "10.0.0.3")])]
    #expect(try hosts("3.18.0", pages) == nil)
    #expect(try hosts("3.18.0", pages, of: "e/t:http") == ["10.0.0.2"])
  }

  private static func items(_ namespace: JSONValue, _ names: String...) -> [JSONValue] {
    names.map { endpoints($0, "10.0.0.1", namespace: namespace) }
  }

  /// As `kubectl get --raw /api/v1/namespaces/NAME/endpoints` prints them, one behind the other.
  @Test(arguments: ["3.8.1", "3.18.0"]) func listsOfOtherNamespacesAddUp(version: String) throws {
    let lists = [Self.list(Self.items("a", "web")), Self.list(Self.items("b", "web")), Self.list(Self.items("c", "s"))]
    for documents in [lists, Array(lists.reversed())] {
      let found = try discovery(version, documents)
      for name in ["a/web:http", "b/web:http", "c/s:http"] { #expect(found.resolve(name).nodes?.count == 1) }
      #expect(found.clusters[0].store.unlisted.isEmpty)
    }
    // One of them once more.
    let again = try discovery("3.18.0", lists + [Self.list(Self.items("b", "other"))])
    #expect(again.clusters[0].store.unlisted.contains("b/web"))
  }

  /// A namespace that is new may be the first of a list, and may be all that is left.
  @Test func aListOfAllNamespacesReplacesOneOfAll() throws {
    let first = Self.list(Self.items("e", "s") + Self.items("f", "s"))
    for items in [
      Self.items("a", "new") + Self.items("f", "s"), Self.items("a", "new") + Self.items("b", "new"),
      Self.items("f", "s"),
    ] {
      #expect(try hosts("3.18.0", [first, Self.list(items)]) == nil)
      #expect(try hosts("3.8.1", [first, Self.list(items)]) == ["10.0.0.1"])
    }
  }

  /// The lists of one service, and its namespace came with an event.
  @Test func aListReplacesWhatEventsBrought() throws {
    let added: JSONValue = ["type": "ADDED", "object": Self.endpoints("s", "10.0.0.1")]
    #expect(try hosts("3.18.0", [Self.list([]), added, Self.list(Self.items("e", "t"))]) == nil)
    #expect(try hosts("3.18.0", [Self.list([]), added, Self.list([])]) == nil)
  }

  /// Whatever stands first in it: of a list whose keys are sorted the kind comes behind the items.
  @Test func theOrderOfKeysIsNone() throws {
    for kind in ["EndpointsList", "List", "PodList"] {
      let items = JSONValue.array(Self.items("e", "t")).text()
      let texts = [
        #"{"kind": "\#(kind)", "metadata": {}, "items": \#(items)}"#, #"{"items": \#(items), "kind": "\#(kind)"}"#,
      ]
      let held = try texts.map { text in
        var view = try discovery("3.18.0", [Self.list(Self.items("e", "s"))]).clusters[0]
        var stream = JSONStream()
        try stream.feed(Array(text.utf8)) { view.take($0) }
        try stream.finish { view.take($0) }
        return view.store.services["e/s"] != nil
      }
      #expect(held == Array(repeating: kind != "EndpointsList", count: 2), "\(kind)")
    }
  }

  /// APISIX tries again after an object stopped it.
  @Test func aListThatBrokeOffIsFollowedByAnother() throws {
    let broken: JSONValue = ["metadata": ["name": "b", "namespace": "e"], "subsets": .null]
    let documents = [
      Self.list([broken, Self.endpoints("s", "10.0.0.1")]), Self.list([Self.endpoints("s", "10.0.0.2")]),
    ]
    #expect(try hosts("3.18.0", [documents[0]]) == nil)
    #expect(try hosts("3.18.0", documents) == ["10.0.0.2"])
    #expect(try hosts("3.8.1", documents) == ["10.0.0.2"])
  }

  @Test(arguments: ["3.8.1", "3.18.0"]) func aWatchThatEndedWithAnErrorIsFollowedByAList(version: String) throws {
    let error: JSONValue = ["type": "ERROR", "object": ["kind": "Status", "metadata": [:], "code": 500]]
    let list = Self.list([Self.endpoints("s", "10.0.0.1")])
    for documents in [[error, list], [list, error], [list, error, list]] {
      #expect(try hosts(version, documents) == ["10.0.0.1"])
    }
    // Pages behind an object that stopped it are no new list.
    let broken: JSONValue = ["metadata": ["name": "b", "namespace": "e"], "subsets": .null]
    #expect(try hosts(version, [Self.list([broken], token: "2"), list]) == nil)
  }

  /// Up to 3.16 an object that does not say whose it is ends the list; where the release's line is known it is told.
  @Test(arguments: [
    ("2.15.3", "init.lua:99: "), ("3.3.0", "init.lua:100: "), ("3.8.1", "init.lua:100: "), ("3.10.0", ""),
    ("3.13.0", "init.lua:163: "), ("3.14.1", ""), ("3.16.0", "init.lua:266: "),
  ])
  func anObjectWithoutMetadataOrNamespace(version: String, place: String) throws {
    let place = place.isEmpty ? "" : "apisix/discovery/kubernetes/" + place
    let (before, after) = (Self.endpoints("a", "10.0.0.1"), Self.endpoints("s", "10.0.0.2"))
    for (object, cause) in [
      (["subsets": []], "attempt to index field 'metadata' (a nil value)"),
      (Self.endpoints("x", "10.0.0.3", namespace: nil), "attempt to concatenate field 'namespace' (a nil value)"),
    ] as [(JSONValue, String)] {
      let found = try discovery(version, [Self.list([before, object, after])])
      #expect(found.resolve("e/a:http").nodes?.count == 1)
      #expect(found.resolve("e/s:http").nodes == nil)
      #expect(
        found.log == [
          "error: list_watch failed, kind: Endpoints, reason: RuntimeException, message : " + place + cause
        ])
      for newer in ["3.17.0", "3.18.0"] {
        #expect(try hosts(newer, [Self.list([before, object, after])]) == ["10.0.0.2"])
      }
    }
  }

  /// What stands in error.log, at the line where it stands there.
  @Test(arguments: [
    ("2.15.3", "init.lua:63", "init.lua:66", "init.lua:78"), ("3.3.0", "init.lua:64", "init.lua:67", "init.lua:79"),
    ("3.8.1", "init.lua:64", "init.lua:67", "init.lua:79"), ("3.13.0", "init.lua:127", "init.lua:130", "init.lua:142"),
    ("3.16.0", "init.lua:231", "init.lua:234", "init.lua:246"),
    ("3.17.0", "core.lua:460", "core.lua:463", "core.lua:475"),
    ("3.18.0", "core.lua:463", "core.lua:466", "core.lua:478"), ("3.10.0", nil, nil, nil),
  ])
  func theLineOfTheRelease(version: String, subsets: String?, ports: String?, addresses: String?) throws {
    let shapes: [(JSONValue, String?)] = [
      (.null, subsets), ([["addresses": [["ip": "10.0.0.1"]], "ports": .null]], ports),
      ([["addresses": .null, "ports": [["name": "http", "port": 80]]]], addresses),
    ]
    for (value, line) in shapes {
      let object: JSONValue = ["metadata": ["name": "b", "namespace": "e"], "subsets": value]
      let log = try discovery(version, [Self.list([object])]).log
      #expect(log.count == 1)
      if let line {
        #expect(log.first?.contains("kubernetes/\(line): ") == true, "\(log)")
      } else {
        #expect(log.first?.contains(".lua") == false, "\(log)")
      }
    }
  }

  /// One address without an ip costs its service up to 3.14, and the whole list from 3.15 on.
  @Test(arguments: [("3.8.1", true), ("3.14.1", true), ("3.15.0", false), ("3.18.0", false)])
  func anAddressWithoutAnIp(version: String, others: Bool) throws {
    let object: JSONValue = [
      "metadata": ["name": "b", "namespace": "e"],
      "subsets": [["addresses": [["ip": "10.0.0.1"], [:]], "ports": [["name": "http", "port": 80]]]],
    ]
    let found = try discovery(version, [Self.list([object, Self.endpoints("s", "10.0.0.2")])])
    #expect((found.resolve("e/s:http").nodes != nil) == others)
    #expect((found.resolve("e/b:http").check != nil) == others)
  }
}
