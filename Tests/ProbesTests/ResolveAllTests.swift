import APISIX
import Findings
import Foundation
import JSON
import Synchronization
import TestSupport
import Testing

@testable import Probes

/// `resolve --all`: pages.
@Suite struct ResolveAllTests {
  private static func page(_ from: Int, token: String) -> StubServer.Answer {
    .list(
      (from..<from + 2).map { endpoints("default", "s\($0)", addresses: ["10.0.0.1"], port: "http", 80) },
      continuing: token)
  }

  @Test func pagesAreReadToTheLast() throws {
    let server = try StubServer { asked in
      asked.target.contains("continue=two") ? Self.page(2, token: "") : Self.page(0, token: "two")
    }
    defer { server.stop() }
    let answer = ResolveCluster(server).resolver.all()
    #expect(answer.services?.map(\.serviceName) == (0..<4).map { "default/s\($0):http" })
    #expect(server.asked.map(\.target) == ["/api/v1/endpoints?limit=500", "/api/v1/endpoints?continue=two&limit=500"])
  }

  /// 410 in the middle: what was read belongs to a version that is gone.
  @Test func anExpiredTokenBeginsTheListAnew() throws {
    let lists = Mutex(0)
    let server = try StubServer { asked in
      if asked.target.contains("continue=old") { return .status(410, "Expired") }
      if asked.target.contains("continue=new") { return Self.page(6, token: "") }
      let isFirst = lists.withLock { lists in
        lists += 1
        return lists == 1
      }
      return isFirst ? Self.page(0, token: "old") : Self.page(4, token: "new")
    }
    defer { server.stop() }
    let answer = ResolveCluster(server).resolver.all()
    #expect(answer.services?.map(\.serviceName) == (4..<8).map { "default/s\($0):http" })
    #expect(answer.findings.isEmpty)
  }

  @Test func aListThatAlwaysExpiresIsGivenUp() throws {
    let server = try StubServer { asked in
      asked.target.contains("continue=") ? .status(410, "Expired") : Self.page(0, token: "old")
    }
    defer { server.stop() }
    let answer = ResolveCluster(server).resolver.all()
    #expect(answer.findings.map(\.rule.id) == ["server/error"])
    #expect(answer.services?.isEmpty == true)
    #expect(server.asked.count == 8)
  }

  /// The others are there, and the silent one is a finding of its own.
  @Test func aSilentClusterCostsOnlyItself() throws {
    let good = try StubServer { _ in Self.page(0, token: "") }
    let silent = try StubServer { _ in
      Thread.sleep(forTimeInterval: 3)
      return .list([])
    }
    defer {
      good.stop()
      silent.stop()
    }
    let answer = ResolveCluster([("a", silent), ("b", good), ("c", good)], requestTimeout: .milliseconds(300)).resolver
      .all()
    #expect(
      answer.services?.map(\.serviceName)
        == ["b/default/s0:http", "b/default/s1:http", "c/default/s0:http", "c/default/s1:http"])
    #expect(answer.findings.map(\.rule.id) == ["connect/timeout"])
    #expect(answer.status == .unfinished)
  }
}
