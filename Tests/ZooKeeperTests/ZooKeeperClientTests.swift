import Foundation
import Synchronization
import TestSupport
import Testing
import ZooKeeper

/// The client on a real ZooKeeper.
@Suite(.serialized, .enabled(if: ZooKeeperServer.isThere, "Debian's zookeeper package and java are needed"))
struct ZooKeeperClientTests {
  private static func client(_ server: ZooKeeperServer, _ seconds: Int = 10) -> ZooKeeperClient {
    let port = server.address.split(separator: ":").last.flatMap { Int($0) } ?? 0
    return ZooKeeperClient(host: "127.0.0.1", port: port, timeout: .seconds(seconds))
  }

  @Test func whatIsThereAndWhatIsNot() throws {
    let server = try ZooKeeperServer.shared.get()
    let said = try server.cli(
      """
      create /client
      create /client/null
      create /client/empty ""
      create /client/nodes '[{"host":"10.5.10.109","port":3306,"weight":100}]'
      create /client/secret "x"
      addauth digest user:password
      setAcl /client/secret auth:user:password:cdrwa
      """)
    #expect(said.contains("Created /client/secret"), "\(said)")
    var client = Self.client(server)
    #expect(try client.answer(to: "srvr")?.contains("Zookeeper version: 3.8") == true)
    #expect(try client.children(of: "/client") == ["empty", "nodes", "null", "secret"])
    #expect(try client.data(of: "/client/null") == nil)
    #expect(try client.data(of: "/client/empty") == [])
    let text = try client.data(of: "/client/nodes").map { String(decoding: $0, as: UTF8.self) }
    #expect(text == #"[{"host":"10.5.10.109","port":3306,"weight":100}]"#)
    func failure(_ path: String) -> ZooKeeperFailure? {
      do throws(ZooKeeperFailure) {
        _ = try client.data(of: path)
        return nil
      } catch { return error }
    }
    #expect(failure("/client/none") == .noNode)
    #expect(failure("/client/secret") == .notAllowed)
    for path in ["", "client", "/client/", "//", "/client//x", "/client/../x", "/client/a\0b"] {
      #expect(failure(path) != nil, "\(path)")
    }
    // A mistake in a path costs the session nothing.
    #expect(try client.data(of: "/client/empty") == [])
  }

  /// The bell rings when the znode is made, set, deleted, and when the connection is gone; not before.
  @Test func aWatchedZnode() throws {
    let server = try ZooKeeperServer()
    defer { server.stop() }
    let port = server.address.split(separator: ":").last.flatMap { Int($0) } ?? 0
    let bell = ZooKeeperBell()
    var client = ZooKeeperClient(host: "127.0.0.1", port: port, timeout: .seconds(10), bell: bell)
    for change in ["create /watched a", "set /watched b", "delete /watched", "create /watched c"] {
      try client.watch("/watched")
      try server.cli("create /other a\nset /other b\ndelete /other")
      #expect(!bell.isRung)
      let said = try server.cli(change)
      #expect(Cluster.eventually { bell.isRung }, "\(change): \(said)")
    }
    // It rings on, and what came while nobody watched is seen by the next question.
    #expect(bell.isRung)
    try client.watch("/watched")
    #expect(try !bell.isRung && client.data(of: "/watched") == Array("c".utf8))
    server.stop()
    #expect(Cluster.eventually { bell.isRung })
    #expect(throws: ZooKeeperFailure.connectionLost) { try client.watch("/watched") }
    #expect(throws: ZooKeeperFailure.connectionLost) { try client.data(of: "/watched") }
  }

  @Test func aServerThatDoesNotAnswer() throws {
    let server = try ZooKeeperServer()
    defer { server.stop() }
    var client = Self.client(server, 2)
    #expect(try client.children(of: "/") == ["zookeeper"])
    server.process.halt(true)
    defer { server.process.halt(false) }
    #expect(throws: ZooKeeperFailure.self) { try client.data(of: "/zookeeper") }
    #expect(throws: ZooKeeperFailure.timedOut) { try client.answer(to: "srvr") }
    var cancelled = ZooKeeperClient(host: "127.0.0.1", port: client.port, timeout: .seconds(60)) { true }
    #expect(throws: ZooKeeperFailure.cancelled) { try cancelled.data(of: "/zookeeper") }
    #expect(throws: ZooKeeperFailure.cancelled) { try cancelled.answer(to: "srvr") }
  }

  @Test func noServer() throws {
    var client = ZooKeeperClient(host: "127.0.0.1", port: 1, timeout: .seconds(1))
    #expect(throws: ZooKeeperFailure.self) { try client.data(of: "/zookeeper") }
    #expect(throws: ZooKeeperFailure.connectionLost) { try client.answer(to: "srvr") }
  }
}
