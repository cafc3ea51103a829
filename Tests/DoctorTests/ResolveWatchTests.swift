import APISIX
import Findings
import JSON
import Synchronization
import Testing

@testable import Doctor

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
    #expect(answer.isUnfinished)
    #expect(answer.findings.map(\.rule) == ["connect/refused"])
  }

  private static func text(_ news: WatchNews) -> String {
    switch news {
    case .nodes(let nodes): (nodes ?? []).compactMap { $0.host?.string }.joined(separator: " ")
    case .lost: "lost"
    case .back: "back"
    case .expired: "expired"
    }
  }
}
