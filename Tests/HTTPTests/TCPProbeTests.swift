import Glibc
import HTTP
import Testing

@Suite struct TCPProbeTests {
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

  @Test func eachTargetHasItsResult() throws {
    let open = try Listener("127.0.0.2")
    // Bound but not listening: refuses, and nobody else gets the port.
    let closed = try Listener("127.0.0.3", backlog: nil)
    let full = try FaultServer.shared.get().port("full")
    let results = TCPProbe.run(
      [
        TCPTarget(host: "127.0.0.2", port: open.port), TCPTarget(host: "127.0.0.3", port: closed.port),
        TCPTarget(host: "127.0.0.1", port: full), TCPTarget(host: String(repeating: "a", count: 64), port: 80),
        TCPTarget(host: "127.0.0.2", port: 0), TCPTarget(host: "", port: 80),
      ], timeout: .milliseconds(400))
    guard case .connected = results[0] else {
      Issue.record("\(results[0])")
      return
    }
    #expect(results[1] == .refused)
    #expect(results[2] == .timedOut)
    for result in results[3...] {
      guard case .nameNotResolved(let words) = result else {
        Issue.record("\(result)")
        continue
      }
      #expect(!words.isEmpty)
    }
    withExtendedLifetime((open, closed)) {}
  }

  @Test func namesAreTriedAddressByAddress() throws {
    // localhost may be ::1 first, where nobody listens.
    let open = try Listener("127.0.0.1")
    let result = TCPProbe.run([TCPTarget(host: "localhost", port: open.port)])[0]
    guard case .connected = result else {
      Issue.record("\(result)")
      return
    }
    withExtendedLifetime(open) {}
  }

  @Test func aThousandAndNone() throws {
    let closed = try Listener("127.0.0.4", backlog: nil)
    let targets = (0..<1000).map { _ in TCPTarget(host: "127.0.0.4", port: closed.port) }
    #expect(TCPProbe.run(targets).allSatisfy { $0 == .refused })
    #expect(TCPProbe.run([]).isEmpty)
    withExtendedLifetime(closed) {}
  }

  @Test func moreDeadOnesThanSlotsEndInOneTimeout() throws {
    let full = try FaultServer.shared.get().port("full")
    let targets = (0..<40).map { _ in TCPTarget(host: "127.0.0.1", port: full) }
    #expect(TCPProbe.run(targets, timeout: .milliseconds(400), concurrency: 8).allSatisfy { $0 == .timedOut })
  }

  @Test func flagEndsIt() throws {
    let full = try FaultServer.shared.get().port("full")
    let results = TCPProbe.run(
      [TCPTarget(host: "127.0.0.1", port: full)], timeout: .seconds(60), isCancelled: { true })
    #expect(results == [.cancelled])
  }
}
