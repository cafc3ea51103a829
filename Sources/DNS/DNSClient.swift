public import APISIX
import AresShim
import Inputs

/// Name servers, asked as APISIX asks: over UDP, over TCP where the answer is cut, without EDNS, search list and hosts
/// file. The process must ignore SIGPIPE.
public struct DNSClient: ~Copyable {
  private var servers: [(text: String, handle: OpaquePointer?)]
  private let timeout: Duration

  /// - Parameters:
  ///   - servers: `127.0.0.1`, `127.0.0.1:8600`, `::1`, `[::1]:5353`, in the order in which they are asked.
  ///   - timeout: what each of them has for an answer. It is asked again after a seventh and three sevenths of that.
  public init(servers: [String], timeout: Duration) {
    let milliseconds = Int32(min(max(timeout / .milliseconds(1), 1), 1e9))
    self.servers = servers.map { text in
      guard let (host, port) = serverPlace(text, port: 53), port > 0, let bytes = addressBytes(host) else {
        return (text, nil)
      }
      return (text, gc_dns_open("\(bytes.count == 4 ? host : "[\(host)]"):\(port)", milliseconds))
    }
    self.timeout = timeout
  }

  deinit {
    for server in servers { gc_dns_close(server.handle) }
  }

  /// The answer of the first server that gives one; an error is an answer too. Those before it come last thereafter.
  /// - Parameters:
  ///   - name: as it is, with or without a dot at its end.
  ///   - isCancelled: read before each server and twenty times a second.
  public mutating func ask(
    _ name: String, _ type: DNSType, isCancelled: () -> Bool = { false }
  ) throws(DNSFailure) -> DNSAnswer {
    var silences: [String: DNSFailure.Silence] = [:]
    for _ in servers {
      let (text, handle) = servers[0]
      switch try answer(of: handle, name, type, isCancelled) {
      case .success(let bytes):
        if let answer = DNSAnswer(bytes, of: text) { return answer }
        silences[text] = .malformed
      case .failure(let silence): silences[text] = silence
      }
      servers.append(servers.removeFirst())
    }
    throw .unanswered(silences)
  }

  private func answer(
    of server: OpaquePointer?, _ name: String, _ type: DNSType, _ isCancelled: () -> Bool
  ) throws(DNSFailure) -> Result<[UInt8], DNSFailure.Silence> {
    if isCancelled() { throw .cancelled }
    guard let server else { return .failure(.noAddress) }
    // To c-ares, a backslash is no letter of a name.
    let written = String(decoding: name.utf8.flatMap { $0 == UInt8(ascii: "\\") ? [$0, $0] : [$0] }, as: UTF8.self)
    let id = UInt16.random(in: 0 ... .max)
    guard !name.utf8.contains(0), gc_dns_ask(server, written, Int32(type.number), id) else { throw .unaskable }
    let end = ContinuousClock.now + timeout
    while true {
      switch gc_dns_wait(server, 50) {
      case gc_dns_answered:
        var length: Int32 = 0
        let bytes = gc_dns_answer(server, &length)
        return .success(Array(UnsafeBufferPointer(start: bytes, count: Int(length))))
      case gc_dns_unreachable: return .failure(.unreachable)
      case gc_dns_waiting where ContinuousClock.now < end: if isCancelled() { throw .cancelled }
      default: return .failure(.timedOut)
      }
    }
  }
}

/// Why there is no answer.
public enum DNSFailure: Error, Sendable, Hashable {
  /// No question can hold the name: a label is empty or has over 63 bytes, or all of it over 255.
  case unaskable
  case cancelled
  /// Each server with its reason.
  case unanswered([String: Silence])

  public enum Silence: Error, Sendable, Hashable {
    /// It is given by a name, or its port is none.
    case noAddress
    case timedOut
    /// The port is closed or hangs up, over TCP where the answer was cut, or no way leads there.
    case unreachable
    case malformed
  }
}
