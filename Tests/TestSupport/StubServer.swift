import Foundation
import Synchronization

/// A stub of an API server on loopback, over plain http: it answers what it is told, and notes what it was asked.
/// Answers are those that a real server gave.
public final class StubServer: Sendable {
  public struct Asked: Sendable, Equatable {
    public let method: String
    public let target: String
    public let authorization: String?
    public let accept: String?
    public let body: String

    public var path: String { String(target.prefix { $0 != "?" }) }
  }

  public struct Answer: Sendable {
    public var status: Int
    public var type: String
    public var headers: [String]
    public var body: String
    /// Leaves the answer open, as a watch does.
    public var staysOpen: Bool
    /// All bytes of the answer as they were recorded, in place of everything else.
    public var recorded: [UInt8]?
    /// Closes the connection in place of an answer.
    public var hangsUp = false

    public init(
      status: Int = 200, type: String = "application/json", headers: [String] = [], body: String = "",
      staysOpen: Bool = false, recorded: [UInt8]? = nil
    ) {
      self.status = status
      self.type = type
      self.headers = headers
      self.body = body
      self.staysOpen = staysOpen
      self.recorded = recorded
    }
  }

  public let port: UInt16
  private let listener: Int32
  private let requests = Mutex<[Asked]>([])
  private let answer: @Sendable (Asked) -> Answer

  public var url: String { "http://127.0.0.1:\(port)" }
  public var asked: [Asked] { requests.withLock { $0 } }

  /// - Parameter port: 0 for any that is free.
  public init(port wanted: UInt16 = 0, _ answer: @escaping @Sendable (Asked) -> Answer) throws {
    self.answer = answer
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    address.sin_port = wanted.bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { [listener] pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) == 0 && listen(listener, 16) == 0 && getsockname(listener, $0, &length) == 0
      }
    }
    guard bound else { throw POSIXError(.EADDRNOTAVAIL) }
    port = UInt16(bigEndian: address.sin_port)
    let thread = Thread { [self] in serve() }
    thread.start()
  }

  /// Ends the thread that serves.
  public func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

  private func serve() {
    while true {
      let connection = accept(listener, nil, nil)
      guard connection >= 0 else {
        // Here and not in `stop`: another server may get the same descriptor, and this thread would serve it.
        close(listener)
        return
      }
      let thread = Thread { [self] in
        while handle(connection) {}
        close(connection)
      }
      thread.start()
    }
  }

  /// One request; false when the connection is to be closed.
  private func handle(_ connection: Int32) -> Bool {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while !String(decoding: bytes, as: UTF8.self).contains("\r\n\r\n") {
      let count = recv(connection, &buffer, buffer.count, 0)
      guard count > 0 else { return false }
      bytes += buffer[..<count]
    }
    let text = String(decoding: bytes, as: UTF8.self)
    let lines = text.components(separatedBy: "\r\n")
    func header(_ name: String) -> String? {
      lines.first { $0.lowercased().hasPrefix(name + ":") }.map {
        $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces)
      }
    }
    var body = text.components(separatedBy: "\r\n\r\n").dropFirst().joined(separator: "\r\n\r\n")
    var missing = (header("content-length").flatMap { Int($0) } ?? 0)
    missing -= body.utf8.count
    while missing > 0 {
      let count = recv(connection, &buffer, buffer.count, 0)
      guard count > 0 else { return false }
      missing -= count
      body += String(decoding: buffer[..<count], as: UTF8.self)
    }
    let words = lines[0].split(separator: " ").map(String.init)
    guard words.count == 3 else { return false }
    let request = Asked(
      method: words[0], target: words[1], authorization: header("authorization"),
      accept: header("accept"), body: body)
    requests.withLock { $0.append(request) }
    let answer = answer(request)
    if answer.hangsUp { return false }
    if let bytes = answer.recorded {
      guard send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else { return false }
      // HTTP/1.0 ends with the connection, and so does what is no HTTP.
      return bytes.isEmpty || bytes.starts(with: Array("HTTP/1.1".utf8))
    }
    var head = ["HTTP/1.1 \(answer.status) X", "Content-Type: \(answer.type)"] + answer.headers
    head.append(answer.staysOpen ? "Transfer-Encoding: chunked" : "Content-Length: \(answer.body.utf8.count)")
    let hex = String(answer.body.utf8.count, radix: 16)
    let content = answer.staysOpen ? (answer.body.isEmpty ? "" : "\(hex)\r\n\(answer.body)\r\n") : answer.body
    let out = Array((head.joined(separator: "\r\n") + "\r\n\r\n" + content).utf8)
    guard send(connection, out, out.count, Int32(MSG_NOSIGNAL)) == out.count else { return false }
    return true
  }
}

/// A stub that keeps what it was told: a contract stub of a registry.
public final class KeepingStub<State: Sendable>: Sendable {
  public let server: StubServer
  private let state: Kept

  private final class Kept: Sendable {
    let value: Mutex<State>
    init(_ state: State) { value = Mutex(state) }
  }

  public init(_ initial: State, _ answer: @escaping @Sendable (inout State, StubServer.Asked) -> StubServer.Answer)
    throws
  {
    let state = Kept(initial)
    self.state = state
    server = try StubServer { asked in state.value.withLock { answer(&$0, asked) } }
  }

  public func with<T: Sendable>(_ body: @Sendable (inout State) -> T) -> T { state.value.withLock { body(&$0) } }
}
