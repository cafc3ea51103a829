import Foundation
import JSON
import TestSupport
import Testing

/// `resolve --zookeeper --watch` on a real ZooKeeper and a real etcd.
@Suite(.serialized, .enabled(if: ZooKeeperServer.isThere, "Debian's zookeeper package and java are needed"))
struct ZooKeeperWatchTests {
  private static let password = "watch-Kq7!secret"

  private static func nodes(_ hosts: String...) -> String {
    "[" + hosts.map { #"{"host":"\#($0)","port":80,"weight":1}"# }.joined(separator: ",") + "]"
  }

  /// The upstream as apisix-seed writes it, of a release that takes it.
  private static func upstream(_ hosts: String..., name: String = "web") -> String {
    let nodes = hosts.map { #"{"host":"\#($0)","port":80,"weight":1}"# }.joined(separator: ",")
    return #"{"type":"roundrobin","_service_name":"\#(name)","_discovery_type":"zookeeper","nodes":[\#(nodes)]}"#
  }

  private static func run(_ zookeeper: String, _ more: [String] = [], in folder: Folder) throws -> WatchRun {
    try WatchRun(
      "web", in: folder.path, ["--zookeeper", zookeeper, "--apisix-version", "3.5.0", "--request-timeout", "2"] + more)
  }

  /// Waits for further lines, which must be these: event, hosts of the nodes, rule.
  private static func expect(
    _ watch: WatchRun, after seen: inout Int, _ wanted: String..., at place: SourceLocation = #_sourceLocation
  ) throws {
    let all = seen + wanted.count
    let came = try Cluster.eventually { try watch.lines().count >= all }
    let told = try watch.lines()
    let lines = told.dropFirst(seen).map { line in
      let hosts = (line["nodes"]?.array ?? []).compactMap { $0["host"]?.string }
      return ([line["event"]?.string ?? ""] + hosts + [line["rule"]?.string].compactMap { $0 }).joined(separator: " ")
    }
    #expect(came && lines == wanted, "\(told.map { $0.text() })", sourceLocation: place)
    seen = max(seen, all)
  }

  @Test func eachChangeOfTheZnode() throws {
    let server = try ZooKeeperServer()
    defer { server.stop() }
    try server.cli("create /zookeeper/web '\(Self.nodes("10.0.0.1"))'")
    let folder = try Folder()
    let watch = try Self.run(server.address, in: folder)
    defer { watch.stop() }
    var seen = 0
    try Self.expect(watch, after: &seen, "start 10.0.0.1")
    // Another znode says nothing, and two changes at once are both seen.
    try server.cli(
      "create /zookeeper/other x\nset /zookeeper/web '\(Self.nodes("10.0.0.1", "10.0.0.2"))'\nset /zookeeper/other y")
    try Self.expect(watch, after: &seen, "change 10.0.0.1 10.0.0.2")
    // What apisix-seed cannot read leaves the nodes in etcd.
    try server.cli("set /zookeeper/web 'hello'")
    try Self.expect(watch, after: &seen, "stopped registry/zookeeper-not-nodes")
    let refused = try watch.lines().last?["message"]?.string ?? ""
    #expect(refused.contains("apisix-seed leaves 10.0.0.1:80, 10.0.0.2:80 in etcd; in zkCli.sh: set"), "\(refused)")
    try server.cli("set /zookeeper/web '\(Self.nodes("10.0.0.3"))'")
    try Self.expect(watch, after: &seen, "resumed", "change 10.0.0.3")
    // A deletion leaves an empty list.
    try server.cli("delete /zookeeper/web")
    try Self.expect(watch, after: &seen, "change", "found registry/unknown-service")
    try server.cli("create /zookeeper/web '\(Self.nodes("10.0.0.4"))'")
    try Self.expect(watch, after: &seen, "change 10.0.0.4")
    try server.cli("set /zookeeper/web '[{\"host\":\"10.0.0.5\",\"port\":80}]'")
    try Self.expect(watch, after: &seen, "change 10.0.0.5", "found registry/zookeeper-weight")
    let (status, summary) = try watch.interrupt()
    #expect(status == 130)
    #expect(summary.contains("gatecheck: 5 changes, 2 lists, 0 losses of the server in "), "\(summary)")
  }

  @Test func aZnodeThatNobodyMayRead() throws {
    let server = try ZooKeeperServer()
    defer { server.stop() }
    try server.cli(
      "addauth digest user:password\ncreate /zookeeper/web '\(Self.nodes("10.0.0.1"))'\n"
        + "setAcl /zookeeper/web auth:user:password:cdrwa")
    let folder = try Folder()
    let watch = try Self.run(server.address, in: folder)
    defer { watch.stop() }
    var seen = 0
    try Self.expect(watch, after: &seen, "start", "stopped registry/zookeeper-not-allowed")
    try server.cli(
      "addauth digest user:password\nsetAcl /zookeeper/web world:anyone:r,auth::cdrwa\n"
        + "set /zookeeper/web '\(Self.nodes("10.0.0.2"))'")
    try Self.expect(watch, after: &seen, "resumed", "change 10.0.0.2")
  }

  @Test func aServerThatGoesAndComes() throws {
    let server = try ZooKeeperServer()
    defer { server.stop() }
    try server.cli("create /zookeeper/web '\(Self.nodes("10.0.0.1"))'")
    let folder = try Folder()
    let watch = try Self.run(server.address, in: folder)
    defer { watch.stop() }
    var seen = 0
    try Self.expect(watch, after: &seen, "start 10.0.0.1")
    server.stop()
    try Self.expect(watch, after: &seen, "lost")
    try server.startAgain()
    try Self.expect(watch, after: &seen, "back")
    try server.cli("set /zookeeper/web '\(Self.nodes("10.0.0.2"))'")
    try Self.expect(watch, after: &seen, "change 10.0.0.2")
    // One that stands still keeps its connections.
    server.process.halt(true)
    try Self.expect(watch, after: &seen, "lost")
    server.process.halt(false)
    try Self.expect(watch, after: &seen, "back")
    server.stop()
    try Self.expect(watch, after: &seen, "lost")
    // What changes meanwhile is told with its return.
    try server.startAgain()
    try server.cli("delete /zookeeper/web")
    #expect(try Cluster.eventually { try watch.events().last == "found" })
    #expect(try Set(watch.events().dropFirst(seen)) == ["back", "change", "found"])
  }

  /// The first of apisix-seed's servers is dead, the second goes, the third is there.
  @Test func anotherServerOfTheList() throws {
    let (one, other) = (try ZooKeeperServer(), try ZooKeeperServer())
    defer { for server in [one, other] { server.stop() } }
    try one.cli("create /zookeeper/web '\(Self.nodes("10.0.0.1"))'")
    try other.cli("create /zookeeper/web '\(Self.nodes("10.0.0.2"))'")
    let folder = try Folder([
      "conf.yaml": """
      discovery:
        zookeeper:
          hosts: ["127.0.0.1:1", "\(one.address)", "\(other.address)"]

      """
    ])
    let watch = try WatchRun("web", in: folder.path, ["--seed-config", "conf.yaml", "--apisix-version", "3.5.0"])
    defer { watch.stop() }
    var seen = 0
    try Self.expect(watch, after: &seen, "start 10.0.0.1")
    one.stop()
    try Self.expect(watch, after: &seen, "lost", "back", "change 10.0.0.2")
  }

  @Test func theWholeEndsAtItsTime() throws {
    let server = try ZooKeeperServer.shared.get()
    try server.cli("create /zookeeper/timed '\(Self.nodes("10.0.0.1"))'")
    func ended(_ name: String, _ more: String...) throws -> Ended {
      try gatecheck(["resolve", name, "--zookeeper", server.address, "--watch", "--timeout", "2"] + more)
    }
    let well = try ended("timed", "--apisix-version", "3.5.0")
    #expect(well.status == 0 && well.output.hasSuffix("timed: 1 node +10.0.0.1:80\n"), "\(well.all)")
    // What APISIX refuses is a warning where no etcd is known; a znode that is not there is no loss.
    let newer = try ended("timed", "-o", "json")
    #expect(newer.status == 0 && newer.output.contains(#""rule":"registry/zookeeper-seed-refused""#), "\(newer.all)")
    let ignored = try ended("timed", "--ignore", "registry/zookeeper-seed-refused")
    #expect(ignored.output == well.output.replacing(/^[^ ]*/, with: ignored.output.prefix { $0 != " " }))
    let absent = try ended("tamed")
    #expect(absent.status == 1 && absent.output.contains("did you mean service_name: timed?"), "\(absent.all)")
    // Advice of several lines is one line.
    try server.cli(
      #"""
      create /services
      create /services/spring
      create /services/spring/1 '{"name":"spring","address":"10.0.0.7"}'
      """#)
    let spring = try ended("spring")
    #expect(spring.output.contains("; and again whenever an instance comes or goes\n"), "\(spring.all)")
    for (address, rule) in [("127.0.0.1:1", "connect/refused"), (server.address + "/a/", "zookeeper-no-prefix")] {
      let none = try gatecheck("resolve", "web", "--zookeeper", address, "--watch", "--timeout", "2")
      #expect(none.output.contains(rule), "\(none.all)")
    }
    for more in [["--probe"], ["-o", "yaml"], ["--from", "a.json"]] {
      let wrong = try gatecheck(["resolve", "web", "--zookeeper", server.address, "--watch"] + more)
      #expect(wrong.status == 2, "\(wrong.all)")
    }
  }

  /// etcd's own watch: an object of the name changes, another does not matter, apisix-seed is late, and etcd goes.
  @Test(
    .enabled(if: EtcdServer.Package.areThere, "Debian's etcd packages are needed, 3.4 and 3.5"),
    arguments: EtcdServer.Package.allCases)
  func whatEtcdHoldsOfIt(_ package: EtcdServer.Package) throws {
    let server = try ZooKeeperServer()
    defer { server.stop() }
    try server.cli("create /zookeeper/web '\(Self.nodes("10.0.0.1"))'")
    let etcd = try EtcdServer(package)
    defer { etcd.stop() }
    try etcd.put("/apisix/upstreams/1", Self.upstream("10.0.0.1"))
    let folder = try Folder()
    let watch = try Self.run(server.address, ["--etcd", etcd.url], in: folder)
    defer { watch.stop() }
    var seen = 0
    try Self.expect(watch, after: &seen, "start 10.0.0.1", "compared")
    #expect(try watch.lines().last?["message"] == "etcd has the same 1 node in upstreams/1")
    try etcd.put("/apisix/upstreams/2", Self.upstream("10.0.0.9", name: "other"))
    try etcd.put("/apisix/upstreams/1", Self.upstream("10.0.0.7"))
    try Self.expect(watch, after: &seen, "compared registry/zookeeper-differs")
    try etcd.put("/apisix/routes/5", #"{"uri":"/","upstream":\#(Self.upstream("10.0.0.1"))}"#)
    try etcd.etcdctl("etcdctl del /apisix/upstreams/1")
    try Self.expect(watch, after: &seen, "compared")
    #expect(try watch.lines().last?["message"] == "etcd has the same 1 node in routes/5")
    // Compacted: what is watched goes on from there.
    let revision = try etcd.curl("/v3/kv/range", #"{"key":"AA=="}"#).split(separator: "\"revision\":\"").last?
      .prefix { $0 != "\"" }
    #expect(try etcd.curl("/v3/kv/compaction", #"{"revision":"\#(revision ?? "")"}"#).contains("header"))
    // apisix-seed stands still: the znode has other nodes, and then it goes on.
    try server.cli("set /zookeeper/web '\(Self.nodes("10.0.0.2"))'")
    try Self.expect(watch, after: &seen, "change 10.0.0.2", "compared registry/zookeeper-differs")
    try etcd.put("/apisix/routes/5", #"{"uri":"/","upstream":\#(Self.upstream("10.0.0.2"))}"#)
    try Self.expect(watch, after: &seen, "compared")
    etcd.stop()
    try Self.expect(watch, after: &seen, "lost")
    #expect(try watch.lines().last?["message"]?.string?.contains("etcd") == true)
    // The znode is followed all the same.
    try server.cli("set /zookeeper/web 'x'")
    try Self.expect(watch, after: &seen, "stopped registry/zookeeper-not-nodes")
    try etcd.start()
    try Self.expect(watch, after: &seen, "back", "compared")
    #expect(try watch.lines().last?["message"] == "routes/5 in etcd keeps 10.0.0.2:80")
    #expect(try watch.interrupt().status == 130)
  }

  /// With a login, and over TLS; the password and the token are shown nowhere.
  @Test(
    .enabled(if: EtcdServer.Package.areThere, "Debian's etcd packages are needed, 3.4 and 3.5"),
    arguments: EtcdServer.Package.allCases)
  func withALoginAndOverTLS(_ package: EtcdServer.Package) throws {
    let server = try ZooKeeperServer.shared.get()
    try server.cli("create /zookeeper/web '\(Self.nodes("10.0.0.1"))'")
    let (plain, secure) = (try EtcdServer(package), try EtcdServer(package, tls: true))
    defer { for etcd in [plain, secure] { etcd.stop() } }
    let (certificate, key) = (secure.folder["admin.crt"], secure.folder["admin.key"])
    let settings = [
      "user: apisix, password: \"\(Self.password)\"", "tls: {cert: \"\(certificate)\", key: \"\(key)\"}",
    ]
    for (etcd, more) in zip([plain, secure], settings) {
      try etcd.put("/apisix/upstreams/1", Self.upstream("10.0.0.1"))
      let folder = try Folder([
        "config.yaml": """
        deployment: {etcd: {host: ["\(etcd.url)"], \(more)}}
        apisix: {ssl: {ssl_trusted_certificate: "\(secure.folder["ca.crt"])"}}

        """
      ])
      if etcd === plain { try etcd.addUsers(Self.password) }
      let watch = try Self.run(server.address, ["--config", "config.yaml", "-v"], in: folder)
      defer { watch.stop() }
      var seen = 0
      try Self.expect(watch, after: &seen, "start 10.0.0.1", "compared")
      if etcd === plain {
        let made = try etcd.etcdctl(
          "etcdctl put /apisix/upstreams/1 '\(Self.upstream("10.0.0.2"))'", as: "root:\(Self.password)-root")
        #expect(made.status == 0, "\(made.errors)")
      } else {
        try etcd.put("/apisix/upstreams/1", Self.upstream("10.0.0.2"))
      }
      try Self.expect(watch, after: &seen, "compared registry/zookeeper-differs")
      let said = try watch.interrupt().summary
      #expect(said.contains("POST \(etcd.url)/v3/watch"), "\(said)")
      let all = try said + watch.lines().map { $0.text() }.joined()
      #expect(!all.contains(Self.password) && !all.contains("Authorization"), "\(all)")
      // A token is sixteen letters and a number.
      #expect(!all.contains(/[A-Za-z]{16}\.[0-9]+/), "\(all)")
    }
  }
}
