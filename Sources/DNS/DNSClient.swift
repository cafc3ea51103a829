public import APISIX
import AresShim
import Inputs

/// Name servers, asked as APISIX asks: over UDP, over TCP where the answer is cut, without EDNS, search list and hosts
/// file. The process must ignore SIGPIPE.
public struct DNSClient: ~Copyable {
  private var servers: [Server]
  private let timeout: Duration

  private struct Server {
    let text: String
    /// nil where it is no address with a port.
    let handle: OpaquePointer?
  }

  /// - Parameters:
  ///   - servers: `127.0.0.1`, `127.0.0.1:8600`, `::1`, `[::1]:5353`, in the order in which they are asked.
  ///   - timeout: what each of them has for an answer. It is asked again after a seventh and three sevenths of that.
  public init(servers: [String], timeout: Duration) {
    let milliseconds = Int32(min(max(timeout / .milliseconds(1), 1), 1e9))
    self.servers = servers.map { text in
      Server(text: text, handle: Self.place(text).flatMap { gc_dns_open($0, milliseconds) })
    }
    self.timeout = timeout
  }

  /// Whether it is an address that can be asked, with a port or without.
  public static func takes(_ server: String) -> Bool { place(server) != nil }

  private static func place(_ server: String) -> String? {
    guard let (host, port) = serverPlace(server, port: 53), port > 0, let bytes = addressBytes(host) else { return nil }
    return "\(bytes.count == 4 ? host : "[\(host)]"):\(port)"
  }

  deinit {
    for server in servers { gc_dns_close(server.handle) }
  }

  /// The answer of the first server that gives one; an error is an answer too. Those that gave none come last
  /// thereafter.
  /// - Parameters:
  ///   - name: as it is, with or without a dot at its end.
  ///   - size: of the datagrams that EDNS offers to take; nil asks without EDNS.
  ///   - isCancelled: read before each server and twenty times a second.
  public mutating func ask(
    _ name: String, _ type: DNSType, size: Int? = nil, isCancelled: () -> Bool = { false }
  ) throws(DNSFailure) -> DNSAnswer {
    try ask([DNSQuestion(name, type)], size: size, isCancelled: isCancelled)[0].get()
  }

  /// The same for many questions at once, in their order. A server that answers none of them is not asked all of them:
  /// it takes the time of one.
  public mutating func ask(
    _ questions: [DNSQuestion], size: Int? = nil, isCancelled: () -> Bool = { false }
  ) -> [Result<DNSAnswer, DNSFailure>] {
    var round = Round(questions, size, timeout)
    var silent: [Server] = []
    for server in servers where !round.open.isEmpty {
      if !round.ask(server, isCancelled) { silent.append(server) }
    }
    servers = servers.filter { server in !silent.contains { $0.text == server.text } } + silent
    return round.answers
  }

  /// Questions on their way from server to server.
  private struct Round {
    private let questions: [DNSQuestion]
    private let size: Int?
    private let timeout: Duration
    private(set) var answers: [Result<DNSAnswer, DNSFailure>]
    /// Those without an answer.
    private(set) var open: [Int]

    /// So many answers at once a socket bears.
    private static let width = 64

    init(_ questions: [DNSQuestion], _ size: Int?, _ timeout: Duration) {
      (self.questions, self.size, self.timeout) = (questions, size, timeout)
      answers = questions.map { _ in .failure(.unanswered([:])) }
      open = Array(questions.indices)
    }

    /// - Returns: whether it answered anything.
    mutating func ask(_ server: Server, _ isCancelled: () -> Bool) -> Bool {
      var waiting = open[...]
      var flights: [(index: Int, question: OpaquePointer, id: UInt16, end: ContinuousClock.Instant)] = []
      defer { for flight in flights { gc_dns_drop(flight.question) } }
      (open, isHeard) = ([], false)
      while !waiting.isEmpty || !flights.isEmpty {
        if isCancelled() {
          for index in waiting + flights.map(\.index) { answers[index] = .failure(.cancelled) }
          return true
        }
        guard let handle = server.handle else {
          for index in waiting { fail(index, server, .noAddress) }
          return false
        }
        while flights.count < Self.width, let index = waiting.popFirst() {
          var id = UInt16.random(in: 0 ... .max)
          while flights.contains(where: { $0.id == id }) { id &+= 1 }
          if let question = questions[index].send(to: handle, id, size) {
            flights.append((index, question, id, .now + timeout))
          } else {
            answers[index] = .failure(.unaskable)
          }
        }
        let isWaiting = flights.allSatisfy { gc_dns_state($0.question) == gc_dns_waiting }
        if !flights.isEmpty, isWaiting { gc_dns_wait(handle, 50) }
        let now = ContinuousClock.now
        flights.removeAll { flight in
          let state = gc_dns_state(flight.question)
          if state == gc_dns_waiting, now < flight.end { return false }
          end(flight.index, flight.question, state, server)
          gc_dns_drop(flight.question)
          return true
        }
        // Who lets so many pass does not answer the others either.
        if !isHeard, !open.isEmpty {
          while let index = waiting.popFirst() { fail(index, server, silence(of: open[0], server)) }
        }
      }
      return isHeard || open.isEmpty
    }

    private var isHeard = false

    private mutating func end(
      _ index: Int, _ question: OpaquePointer, _ state: gc_dns_state, _ server: Server
    ) {
      switch state {
      case gc_dns_answered:
        var length: Int32 = 0
        let bytes = UnsafeBufferPointer(start: gc_dns_answer(question, &length), count: Int(length))
        guard var answer = DNSAnswer(Array(bytes), to: questions[index], of: server.text) else {
          return fail(index, server, .malformed)
        }
        if case .failure(.unanswered(let silences)) = answers[index] { answer.silences = silences }
        answers[index] = .success(answer)
        isHeard = true
      case gc_dns_unreachable: fail(index, server, .unreachable)
      case gc_dns_cut: fail(index, server, .cut)
      default: fail(index, server, .timedOut)
      }
    }

    private mutating func fail(_ index: Int, _ server: Server, _ silence: DNSFailure.Silence) {
      guard case .failure(.unanswered(var silences)) = answers[index] else { return }
      silences[server.text] = silence
      answers[index] = .failure(.unanswered(silences))
      open.append(index)
    }

    private func silence(of index: Int, _ server: Server) -> DNSFailure.Silence {
      guard case .failure(.unanswered(let silences)) = answers[index] else { return .timedOut }
      return silences[server.text] ?? .timedOut
    }
  }
}

public struct DNSQuestion: Sendable, Hashable {
  public let name: String
  public let type: DNSType

  public init(_ name: String, _ type: DNSType) { (self.name, self.type) = (name, type) }

  /// nil for a name that no question can hold.
  fileprivate func send(to server: OpaquePointer, _ id: UInt16, _ size: Int?) -> OpaquePointer? {
    if name.utf8.contains(0) { return nil }
    // To c-ares, a backslash is no letter of a name.
    let written = String(decoding: name.utf8.flatMap { $0 == UInt8(ascii: "\\") ? [$0, $0] : [$0] }, as: UTF8.self)
    return gc_dns_ask(server, written, Int32(type.number), id, Int32(size ?? 0))
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
    /// The port is closed, or no way leads there.
    case unreachable
    /// The answer over UDP is cut, and over TCP there is none.
    case cut
    case malformed
  }
}
