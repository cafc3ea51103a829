import Foundation
import Synchronization

/// A name server on loopback that says whatever bytes a test wants, one port for UDP and TCP.
public final class StubNameServer: Sendable {
  /// What it was asked, over both.
  private let questions = Mutex<[[UInt8]]>([])
  public let port: UInt16
  private let datagrams: Int32
  private let listener: Int32?

  /// - Parameters:
  ///   - tcp: the bytes of a connection, lengths included; nil hangs up. Without it the TCP port is closed.
  ///   - udp: the datagrams for a question.
  public init(
    tcp: (@Sendable ([UInt8]) -> [UInt8]?)? = nil, udp: @escaping @Sendable ([UInt8]) -> [[UInt8]]
  ) throws {
    (datagrams, listener, port) = try Self.sockets(withTCP: tcp != nil)
    let thread = Thread { [self] in
      var buffer = [UInt8](repeating: 0, count: 4096)
      while true {
        var peer = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        withUnsafeMutablePointer(to: &peer) { pointer in
          pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
            let count = recvfrom(datagrams, &buffer, buffer.count, 0, address, &length)
            guard count > 0 else { return }
            let question = Array(buffer[..<count])
            questions.withLock { $0.append(question) }
            for answer in udp(question) { sendto(datagrams, answer, answer.count, 0, address, length) }
          }
        }
      }
    }
    thread.start()
    guard let listener, let tcp else { return }
    listen(listener, 16)
    let connections = Thread { [self] in
      while true {
        let connection = accept(listener, nil, nil)
        guard connection >= 0 else { return }
        Thread { [self] in
          defer { close(connection) }
          var buffer = [UInt8](repeating: 0, count: 4096)
          while case let count = recv(connection, &buffer, buffer.count, 0), count > 2 {
            let question = Array(buffer[2..<count])
            questions.withLock { $0.append(question) }
            guard let bytes = tcp(question) else { return }
            send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
          }
        }.start()
      }
    }
    connections.start()
  }

  public var address: String { "127.0.0.1:\(port)" }
  public var asked: [[UInt8]] { questions.withLock { $0 } }

  /// A port at which nobody listens, for now.
  public static func closedPort(withTCP: Bool = false) throws -> UInt16 {
    let (udp, tcp, port) = try sockets(withTCP: withTCP)
    for descriptor in [udp, tcp].compactMap({ $0 }) { close(descriptor) }
    return port
  }

  /// One port for both. That which is free for UDP may be taken for TCP.
  private static func sockets(withTCP: Bool) throws -> (udp: Int32, tcp: Int32?, port: UInt16) {
    for _ in 0..<50 {
      let (udp, port) = try bound(SOCK_DGRAM, port: 0)
      if !withTCP { return (udp, nil, port) }
      if let (tcp, _) = try? bound(SOCK_STREAM, port: port) { return (udp, tcp, port) }
      close(udp)
    }
    throw POSIXError(.EADDRINUSE)
  }

  private static func bound(_ type: __socket_type, port: UInt16) throws -> (Int32, UInt16) {
    let descriptor = socket(AF_INET, Int32(type.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let done = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
      }
    }
    guard done else {
      close(descriptor)
      throw POSIXError(.EADDRINUSE)
    }
    return (descriptor, UInt16(bigEndian: address.sin_port))
  }
}
