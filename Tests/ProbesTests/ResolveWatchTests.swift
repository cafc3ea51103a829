import APISIX
import Findings
import JSON
import Synchronization
import TestSupport
import Testing

@testable import Probes

/// `resolve --watch`: list, watch, 410, list again, and a server that goes away.
@Suite struct ResolveWatchTests {
  private static func event(_ type: String, _ addresses: [String], version: String) -> String {
    let object = endpoints("default", "plat-dev", addresses: addresses, port: "port", 3306)
    let metadata: JSONValue = ["namespace": "default", "name": "plat-dev", "resourceVersion": .string(version)]
    let members = (object.object?.members ?? []).filter { $0.key != "metadata" }
    let full = JSONValue.object(JSONObject([.init(key: "metadata", value: metadata)] + members))
    return (["type": .string(type), "object": full] as JSONValue).text() + "\n"
  }

  private static let gone =
    #"{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","message":"too old"}}"# + "\n"

  @Test func changesAreToldAndAnExpiredVersionIsListedAnew() throws {
    let lists = Mutex(0)
    let server = try StubServer { asked in
      if asked.target.contains("watch=true") {
        var answer = StubServer.Answer(staysOpen: true)
        if asked.target.contains("resourceVersion=7") {
          answer.body =
            Self.event("MODIFIED", ["10.0.0.1", "10.0.0.2"], version: "8")
            + Self.event("BOOKMARK", [], version: "9") + Self.gone
        }
        return answer
      }
      let count = lists.withLock { lists in
        lists += 1
        return lists
      }
      return .list(
        [endpoints("default", "plat-dev", addresses: ["10.0.0.\(count == 1 ? 1 : 3)"], port: "port", 3306)],
        version: count == 1 ? "7" : "20")
    }
    defer { server.stop() }
    let news = Mutex<[String]>([])
    let cluster = ResolveCluster(server) { news.withLock { $0.count } >= 4 }
    _ = cluster.resolver.watch("default/plat-dev:port") { told in news.withLock { $0.append(Self.text(told)) } }
    #expect(news.withLock { $0 } == ["10.0.0.1", "10.0.0.1 10.0.0.2", "expired", "10.0.0.3"])
    let watch = server.asked.first { $0.target.contains("watch=true") }
    #expect(
      watch?.target == "/api/v1/endpoints?allowWatchBookmarks=true"
        + "&fieldSelector=metadata.name%3Dplat-dev%2Cmetadata.namespace%3Ddefault&resourceVersion=7"
        + "&timeoutSeconds=1800&watch=true")
  }

  /// After 410 the list holds the service no longer: up to 3.14.1 it is served for ever, then dropped. One that the
  /// list holds has the list's nodes everywhere, its ports included.
  @Test(arguments: [
    ("2.15.3", ["10.0.0.1", "expired", "default/plat-dev is not in the last list, and is served on"]),
    ("3.8.1", ["10.0.0.1", "expired", "default/plat-dev is not in the last list, and is served on"]),
    ("3.14.1", ["10.0.0.1", "expired", "default/plat-dev is not in the last list, and is served on"]),
    ("3.15.0", ["10.0.0.1", "expired", ""]), ("3.16.0", ["10.0.0.1", "expired", ""]),
  ])
  func whatVanishedWhileTheWatchWasAway(version: String, told: [String]) throws {
    let release = try #require(Release(parsing: version))
    let gone = try news(of: "default/plat-dev:port", release, relisting: [])
    #expect(gone == told)
    let other = endpoints("default", "plat-dev", addresses: ["10.0.0.2"], port: "admin", 90)
    #expect(try news(of: "default/plat-dev:port", release, relisting: [other]) == ["10.0.0.1", "expired", ""])
    #expect(try news(of: "default/plat-dev:admin", release, relisting: [other]) == ["", "expired", "10.0.0.2"])
  }

  /// The first three things that are told, where the server forgets the version of the first list.
  private func news(of name: String, _ release: Release, relisting items: [JSONValue]) throws -> [String] {
    let lists = Mutex(0)
    let server = try StubServer { asked in
      if asked.target.contains("watch=true") {
        return asked.target.contains("resourceVersion=7")
          ? StubServer.Answer(body: Self.gone) : StubServer.Answer(staysOpen: true)
      }
      let count = lists.withLock { lists in
        lists += 1
        return lists
      }
      return count == 1
        ? .list([endpoints("default", "plat-dev", addresses: ["10.0.0.1"], port: "port", 3306)], version: "7")
        : .list(items, version: "20")
    }
    defer { server.stop() }
    let news = Mutex<[String]>([])
    let cluster = ResolveCluster(server, release: release) { news.withLock { $0.count } >= 3 }
    _ = cluster.resolver.watch(name) { told in news.withLock { $0.append(Self.text(told)) } }
    return news.withLock { $0 }
  }

  /// Whoever answers each watch with 410 at once is not asked without a pause.
  @Test func aRefusedVersionIsNoReasonToHurry() throws {
    let server = try StubServer { asked in
      asked.target.contains("watch=true")
        ? .status(410, "Expired")
        : .list([endpoints("default", "plat-dev", addresses: ["10.0.0.1"], port: "port", 3306)])
    }
    defer { server.stop() }
    let end = ContinuousClock.now + .seconds(2)
    let cluster = ResolveCluster(server) { .now > end }
    _ = cluster.resolver.watch("default/plat-dev:port") { _ in }
    #expect((4...12).contains(server.asked.count), "\(server.asked.count) requests")
  }

  /// The watch ends, the next one is refused, then the server is back.
  @Test func aServerThatGoesAndComesBack() throws {
    let requests = Mutex(0)
    let server = try StubServer { asked in
      let number = requests.withLock { requests in
        requests += 1
        return requests
      }
      if number == 2 || number == 3 { return .status(503, "ServiceUnavailable") }
      if asked.target.contains("watch=true") { return StubServer.Answer(staysOpen: true) }
      return .list([endpoints("default", "plat-dev", addresses: ["10.0.0.1"], port: "port", 3306)])
    }
    defer { server.stop() }
    let news = Mutex<[String]>([])
    let cluster = ResolveCluster(server) { news.withLock { $0.count } >= 3 }
    _ = cluster.resolver.watch("default/plat-dev:port") { told in news.withLock { $0.append(Self.text(told)) } }
    #expect(news.withLock { $0 } == ["10.0.0.1", "lost", "back"])
  }

  @Test func withoutAFirstListThereIsNothingToFollow() throws {
    let server = try StubServer { _ in .list([]) }
    server.stop()
    let answer = ResolveCluster(server).resolver.watch("default/plat-dev:port") { _ in Issue.record("no news") }
    #expect(answer.status == .unfinished)
    #expect(answer.findings.map(\.rule.id) == ["connect/refused"])
  }

  private static func slice(_ service: String, _ address: String, ports: JSONValue) -> JSONValue {
    [
      "kind": "EndpointSlice",
      "metadata": [
        "namespace": "default", "name": .string(service + "-x"), "resourceVersion": "8",
        "labels": ["kubernetes.io/service-name": .string(service)],
      ], "addressType": "IPv4", "ports": ports,
      "endpoints": [["addresses": [.string(address)], "conditions": ["ready": true]]],
    ]
  }

  /// APISIX reads every slice: one of another service without ports stops it, until it is gone.
  @Test func aSliceOfAnotherServiceStopsIt() throws {
    let http: JSONValue = [["name": "http", "port": 80]]
    let lists = Mutex(0)
    let server = try StubServer { asked in
      if asked.target.contains("watch=true") {
        var answer = StubServer.Answer(staysOpen: true)
        if asked.target.contains("resourceVersion=7") {
          let events = [
            Self.slice("other", "10.0.0.8", ports: http), Self.slice("broken", "10.0.0.9", ports: .null),
            Self.slice("plat-dev", "10.0.0.2", ports: http),
          ]
          answer.body = events.map { (["type": "ADDED", "object": $0] as JSONValue).text() + "\n" }.joined()
        }
        return answer
      }
      let count = lists.withLock { lists in
        lists += 1
        return lists
      }
      // The second list breaks off before the service, the third does not.
      let own = Self.slice("plat-dev", count == 1 ? "10.0.0.1" : "10.0.0.3", ports: http)
      return .list(
        count == 2 ? [Self.slice("broken", "10.0.0.9", ports: .null), own] : [own], kind: "EndpointSliceList",
        version: count == 1 ? "7" : "20")
    }
    defer { server.stop() }
    let news = Mutex<[String]>([])
    let cluster = ResolveCluster(server, more: ["watch_endpoint_slices": true]) { news.withLock { $0.count } >= 4 }
    _ = cluster.resolver.watch("default/plat-dev:http") { told in news.withLock { $0.append(Self.text(told)) } }
    #expect(
      news.withLock { $0 } == [
        "10.0.0.1",
        "APISIX stops reading at EndpointSlice default/broken-x: error: list_watch failed, kind: EndpointSlice, reason: "
          + "RuntimeException, message : apisix/discovery/kubernetes/core.lua:362: bad argument #1 to 'ipairs' (table "
          + "expected, got userdata)", "resumed", "10.0.0.3",
      ])
    #expect(
      server.asked.first { $0.target.contains("watch=true") }?.target
        == "/apis/discovery.k8s.io/v1/endpointslices?allowWatchBookmarks=true"
        + "&fieldSelector=metadata.namespace%3Ddefault&resourceVersion=7&timeoutSeconds=1800&watch=true")
  }

  /// However many services come and go beside it.
  @Test func otherServicesOfTheNamespaceAreNotKept() {
    var view = ClusterView(
      ClusterStore(ClusterSettings(wantsSlices: true), interest: .key("default/plat-dev")),
      observing: "default/plat-dev")
    view.forgetOtherServices()
    for name in ["plat-dev", "a", "b"] {
      let slice = Self.slice(name, "10.0.0.1", ports: [["name": "http", "port": 80]])
      view.take(document: ["type": "ADDED", "object": slice])
    }
    #expect(Array(view.observation.names.keys) == ["default/plat-dev"])
    #expect(Array(view.store.services.keys) == ["default/plat-dev"])
  }

  private static func text(_ news: WatchNews) -> String {
    switch news {
    case .nodes(let change): (change.nodes ?? []).compactMap { $0.host?.string }.joined(separator: " ")
    case .found(let findings), .compared(let findings, _): findings.map(\.message).joined(separator: " ")
    case .lost: "lost"
    case .back: "back"
    case .expired: "expired"
    case .stopped(let finding): finding.message
    case .resumed: "resumed"
    case .kept(let finding): finding.message
    }
  }
}
