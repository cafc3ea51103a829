import Findings
import HTTP
import Registries
import Synchronization
import TestSupport
import Testing

@testable import Probes

/// What is watched, on a real ZooKeeper and a real etcd.
@Suite(
  .serialized,
  .enabled(if: EtcdServer.Package.areThere && ZooKeeperServer.isThere, "Debian's etcd, zookeeper and java are needed"))
struct EtcdWatchTests {
  private static let below = ["/apisix/routes/", "/apisix/upstreams/"]

  private static func watched(
    _ url: String, from revision: Int, patience: Duration = .seconds(20), _ take: (EtcdClient.Entry) -> Bool
  ) -> Bool {
    EtcdClient(Endpoint(url), http: HTTPClient()).watch(below: below, from: revision, patience: patience, take)
  }

  private static func unwanted(_ change: EtcdClient.Entry) -> Bool {
    Issue.record("\(change.key) is told")
    return true
  }

  /// In order, and nothing of what lies between the prefixes.
  @Test(.timeLimit(.minutes(5)), arguments: EtcdServer.Package.allCases) func eachChange(_ package: EtcdServer.Package)
    throws
  {
    let etcd = try EtcdServer(package)
    defer { etcd.stop() }
    try etcd.put("/apisix/routes/1", "old")
    let revision = try EtcdClient(Endpoint(etcd.url), http: HTTPClient()).read(below: "/apisix/") { _ in }
    try etcd.put("/apisix/routes/1", "new")
    try etcd.put("/apisix/ssls/1", "private")
    try etcd.put("/apisix/upstreams/1", "first")
    try etcd.etcdctl("etcdctl del /apisix/routes/1")
    var changes: [String] = []
    let isWatched = Self.watched(etcd.url, from: revision + 1) { change in
      changes.append("\(change.key) \(String(decoding: change.value, as: UTF8.self))")
      return changes.count < 3
    }
    // Between two prefixes etcd keeps no order.
    #expect(isWatched && changes.filter { $0.contains("routes") } == ["/apisix/routes/1 new", "/apisix/routes/1 "])
    #expect(changes.filter { !$0.contains("routes") } == ["/apisix/upstreams/1 first"])
    // What is compacted is told no more: it is read anew, long before the patience ends.
    let compacted = try etcd.curl("/v3/kv/compaction", #"{"revision":"\#(revision + 4)"}"#)
    #expect(compacted.contains("header"), "\(compacted)")
    #expect(Self.watched(etcd.url, from: revision + 1, patience: .seconds(600)) { Self.unwanted($0) })
    // Nothing changes.
    #expect(Self.watched(etcd.url, from: revision + 5, patience: .seconds(1)) { Self.unwanted($0) })
  }

  @Test func whatDoesNotWatch() throws {
    for answer in [
      StubServer.Answer(status: 404, body: "404 page not found"), .init(body: "<html>"), .init(body: "{}"),
    ] {
      let stub = try StubServer { _ in answer }
      defer { stub.stop() }
      #expect(!Self.watched("http://127.0.0.1:\(stub.port)", from: 1) { _ in true })
    }
    #expect(!Self.watched("http://127.0.0.1:1", from: 1) { _ in true })
  }

  /// ZooKeeper tells nobody that an access list has changed.
  @Test func anAccessListIsSeenAfterAWhile() throws {
    let server = try ZooKeeperServer()
    defer { server.stop() }
    try server.cli(
      #"create /zookeeper/web '[{"host":"10.0.0.1","port":80,"weight":1}]'"# + "\naddauth digest user:password")
    var settings = SeedSettings()
    settings.use(server.address)
    let news = Mutex<[String]>([])
    var context = Context(environment: [:], now: { 1_800_000_000 })
    let end = ContinuousClock.now + .seconds(60)
    context.isCancelled = { news.withLock { $0.count >= 3 } || .now >= end }
    let resolver = ZooKeeperResolver(settings: settings, etcd: nil, access: AccessOptions(), context: context)
    _ = resolver.watch("web", interval: .milliseconds(500)) { told in
      let acl: String
      switch told {
      case .nodes(let change):
        acl = "auth:user:password:cdrwa"
        news.withLock { $0.append("\(change.nodes?.count ?? 0)") }
      case .stopped(let finding):
        acl = "world:anyone:r,auth::cdrwa"
        news.withLock { $0.append(finding.rule.id) }
      case .resumed(let reader):
        news.withLock { $0.append(reader) }
        return
      default: return
      }
      _ = try? server.cli("addauth digest user:password\nsetAcl /zookeeper/web \(acl)")
    }
    #expect(news.withLock { $0 } == ["1", "registry/zookeeper-not-allowed", "apisix-seed"])
  }
}
