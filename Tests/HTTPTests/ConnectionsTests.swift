import Glibc
import HTTP
import Testing

@Suite struct ConnectionsTests {
  /// A loopback listener that accepts nothing itself; the kernel answers for it until its backlog is full.
  final class Listener: Sendable {
    let port: Int
    private let descriptor: Int32

    init(_ address: String, backlog: Int32? = 16) throws {
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      var name = sockaddr_in()
      name.sin_family = sa_family_t(AF_INET)
      inet_pton(AF_INET, address, &name.sin_addr)
      var size = socklen_t(MemoryLayout<sockaddr_in>.size)
      let code = withUnsafeMutablePointer(to: &name) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
          bind(descriptor, raw, size) == 0 ? getsockname(descriptor, raw, &size) : -1
        }
      }
      self.descriptor = descriptor
      port = Int(UInt16(bigEndian: name.sin_port))
      try #require(code == 0)
      if let backlog { try #require(listen(descriptor, backlog) == 0) }
    }

    deinit { close(descriptor) }
  }

  private func kinds(_ results: [Result<Double, HTTPError>]) -> [HTTPError.Kind?] {
    results.map { if case .failure(let error) = $0 { error.kind } else { nil } }
  }

  @Test func eachTargetHasItsResult() throws {
    let open = try Listener("127.0.0.2")
    // Bound but not listening: refuses, and nobody else gets the port.
    let closed = try Listener("127.0.0.3", backlog: nil)
    let full = try FaultServer.shared.get().port("full")
    let results = kinds(
      HTTPClient().connections(
        to: [
          ("127.0.0.2", open.port), ("127.0.0.3", closed.port), ("127.0.0.1", full),
          (String(repeating: "a", count: 64), 80),
        ], timeout: .milliseconds(400)))
    #expect(results[0] == nil)
    #expect(results[1] == .refused)
    #expect(results[2] == .timedOut(.connect, after: .milliseconds(400), wholeCommand: false))
    #expect(results[3] == .nameNotResolved)
    withExtendedLifetime((open, closed)) {}
  }

  /// What stands in a node's host is no piece of a URL.
  @Test(arguments: ["", "a b", "x@127.0.0.1", "127.0.0.1/", "127.0.0.1#", "127.0.0.1?a", "[127.0.0.1]", "a\u{0}b"])
  func aHostIsNothingElse(host: String) throws {
    let open = try Listener("127.0.0.1")
    let results = kinds(HTTPClient().connections(to: [(host, open.port)], timeout: .seconds(2)))
    #expect(results == [.unsupportedURL])
    withExtendedLifetime(open) {}
  }

  @Test func namesAreTriedAddressByAddress() throws {
    // localhost may be ::1 first, where nobody listens.
    let open = try Listener("127.0.0.1")
    #expect(kinds(HTTPClient().connections(to: [("localhost", open.port)], timeout: .seconds(3))) == [nil])
    withExtendedLifetime(open) {}
  }

  @Test func aThousandAndNone() throws {
    let closed = try Listener("127.0.0.4", backlog: nil)
    let targets = (0..<1000).map { _ in (host: "127.0.0.4", port: closed.port) }
    #expect(kinds(HTTPClient().connections(to: targets, timeout: .seconds(3))).allSatisfy { $0 == .refused })
    #expect(HTTPClient().connections(to: [], timeout: .seconds(3)).isEmpty)
    withExtendedLifetime(closed) {}
  }

  /// What was connected is closed again: there are more than there may be open files.
  @Test func twoThousandThatConnect() throws {
    let open = try Listener("127.0.0.5", backlog: 4096)
    let targets = (0..<2000).map { _ in (host: "127.0.0.5", port: open.port) }
    #expect(kinds(HTTPClient().connections(to: targets, timeout: .seconds(10))).allSatisfy { $0 == nil })
    withExtendedLifetime(open) {}
  }

  @Test func moreDeadOnesThanSlotsEndInOneTimeout() throws {
    let full = try FaultServer.shared.get().port("full")
    let targets = (0..<40).map { _ in (host: "127.0.0.1", port: full) }
    let results = kinds(HTTPClient().connections(to: targets, timeout: .milliseconds(400), concurrency: 8))
    // Five rounds share the time.
    #expect(results.allSatisfy { $0 == .timedOut(.connect, after: .milliseconds(80), wholeCommand: false) })
  }

  @Test func flagEndsIt() throws {
    let full = try FaultServer.shared.get().port("full")
    let client = HTTPClient(isCancelled: { true })
    #expect(kinds(client.connections(to: [("127.0.0.1", full)], timeout: .seconds(60))) == [.cancelled])
  }
}
