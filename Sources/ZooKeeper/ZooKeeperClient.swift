import Glibc
import Synchronization
import ZooKeeperShim

/// One ZooKeeper server, as apisix-seed asks it: without a login. Only read from.
public struct ZooKeeperClient: ~Copyable {
  public let host: String
  public let port: Int
  private let timeout: Duration
  private let isCancelled: () -> Bool
  private let bell: ZooKeeperBell?
  /// From the first znode on that is asked for: its two threads are of no use before.
  private var session: OpaquePointer?
  /// Once a question went without an answer, none is asked again.
  private var failure: ZooKeeperFailure?

  /// - Parameters:
  ///   - host: a name, or an address without brackets.
  ///   - timeout: for each question, and for the session before the first.
  ///   - bell: for who watches.
  ///   - isCancelled: read ten times a second.
  public init(
    host: String, port: Int, timeout: Duration, bell: ZooKeeperBell? = nil,
    isCancelled: @escaping () -> Bool = { false }
  ) {
    (self.host, self.port, self.timeout, self.bell, self.isCancelled) = (host, port, timeout, bell, isCancelled)
  }

  deinit { gc_zookeeper_close(session) }

  /// What a znode holds; nil where it holds nothing, which is not the same as an empty text.
  public mutating func data(of path: String) throws(ZooKeeperFailure) -> [UInt8]? { try ask(path, gc_zookeeper_data) }

  /// The names below a znode, sorted.
  public mutating func children(of path: String) throws(ZooKeeperFailure) -> [String] {
    let bytes = try ask(path, gc_zookeeper_names) ?? []
    return bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }.sorted()
  }

  /// Rings the bell at the next change of a znode, which may not be there yet. Who reads it now and again then misses
  /// nothing that lasts.
  public mutating func watch(_ path: String) throws(ZooKeeperFailure) {
    bell?.hush()
    do throws(ZooKeeperFailure) { _ = try ask(path, gc_zookeeper_watch) } catch {
      if error != .noNode { throw error }
    }
  }

  private mutating func ask(
    _ path: String, _ question: gc_zookeeper_question
  ) throws(ZooKeeperFailure) -> [UInt8]? {
    if let failure { throw failure }
    // The library takes what the server would refuse for a mistake of the program's.
    guard path.first == "/", path.count == 1 || path.last != "/", !path.utf8.contains(0) else { throw .noNode }
    let milliseconds = Int32(min(max(timeout / .milliseconds(1), 1), 1e9))
    // The bell outlives the session, which ends before this value does.
    session =
      session
      ?? gc_zookeeper_open(
        "\(host.utf8.contains(0x3A) ? "[\(host)]" : host):\(port)", milliseconds,
        { context in context.map { Unmanaged<ZooKeeperBell>.fromOpaque($0).takeUnretainedValue().ring() } },
        bell.map { Unmanaged.passUnretained($0).toOpaque() })
    guard let session else { throw .other(code: -1) }
    var code = gc_zookeeper_ask(session, path, question)
    let end = ContinuousClock.now + timeout
    if code == 0 { code = 1 }
    while code == gc_zookeeper_waiting.rawValue {
      code = gc_zookeeper_wait(session, 100)
      guard code == gc_zookeeper_waiting.rawValue else { break }
      if isCancelled() { failure = .cancelled }
      if ContinuousClock.now >= end { failure = failure ?? .timedOut }
      if let failure { throw failure }
    }
    guard code == gc_zookeeper_answered.rawValue else { throw ZooKeeperFailure(code: Int(code)) }
    var length = 0
    return gc_zookeeper_answer(session, &length).map { answer in
      Array(UnsafeRawBufferPointer(start: answer, count: length))
    }
  }

  /// What the server says to a word of four letters such as `srvr`, on a connection of its own; nil where it hangs up
  /// without one.
  public func answer(to word: String) throws(ZooKeeperFailure) -> String? {
    let end = ContinuousClock.now + timeout
    func wait(_ step: () -> Int32?) throws(ZooKeeperFailure) -> Int32 {
      while true {
        if let done = step() { return done }
        if isCancelled() { throw .cancelled }
        if ContinuousClock.now >= end { throw .timedOut }
      }
    }
    let connection = gc_zookeeper_connect(host, "\(port)")
    guard connection >= 0 else { throw .connectionLost }
    defer { close(connection) }
    let sent = try wait {
      let sent = gc_zookeeper_send(connection, word, 100)
      return sent == 0 ? nil : sent
    }
    guard sent > 0 else { throw .connectionLost }
    var text: [UInt8] = []
    var buffer = [CChar](repeating: 0, count: 4096)
    while text.count < 64 << 10 {
      let count = try wait {
        let count = gc_zookeeper_read(connection, &buffer, buffer.count, 100)
        return count == -1 ? nil : count
      }
      guard count > 0 else { break }
      text += buffer[..<Int(count)].map { UInt8(bitPattern: $0) }
    }
    return text.isEmpty ? nil : String(decoding: text, as: UTF8.self)
  }
}

/// Rings when a znode that is watched has changed, or the connection is gone, until it is hushed.
public final class ZooKeeperBell: Sendable {
  private let rung = Atomic(false)

  public init() {}

  public var isRung: Bool { rung.load(ordering: .acquiring) }
  func ring() { rung.store(true, ordering: .releasing) }
  func hush() { rung.store(false, ordering: .releasing) }
}

/// Why there is no answer.
public enum ZooKeeperFailure: Error, Sendable, Hashable {
  case noNode
  /// The znode's access list has nothing for who has not logged in.
  case notAllowed
  /// The server wants a login (SASL) before anything else.
  case loginWanted
  case connectionLost
  case timedOut
  case cancelled
  /// The library's number.
  case other(code: Int)

  init(code: Int) {
    self =
      switch code {
      case -101: .noNode
      case -102: .notAllowed
      case -115, -124: .loginWanted
      case -4, -112, -116: .connectionLost
      case -7: .timedOut
      default: .other(code: code)
      }
  }
}
