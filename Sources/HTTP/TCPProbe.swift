import Glibc

/// A host (name, IPv4 or IPv6 address without brackets) and port to try.
public struct TCPTarget: Sendable, Hashable {
  public let host: String
  public let port: Int

  public init(host: String, port: Int) {
    self.host = host
    self.port = port
  }
}

/// What became of one TCP connect. The errno is the diagnosis: a refusal says that the machine is there.
public enum TCPResult: Sendable, Equatable {
  /// The handshake was answered; the connection was closed at once, nothing was sent.
  case connected(milliseconds: Double)
  case refused
  case noRoute
  case networkUnreachable
  /// No answer: the address is dead, or a firewall drops the packets.
  case timedOut
  /// The resolver's words.
  case nameNotResolved(String)
  case cancelled
  case failed(errno: Int32)

  init(errno: Int32) {
    self =
      switch errno {
      case ECONNREFUSED: .refused
      case EHOSTUNREACH, EHOSTDOWN: .noRoute
      case ENETUNREACH, ENETDOWN: .networkUnreachable
      case ETIMEDOUT: .timedOut
      default: .failed(errno: errno)
      }
  }
}

/// Tries TCP connections with non-blocking connect(2) and poll(2) on the calling thread, directly: no proxy is used.
public enum TCPProbe {
  /// Tries all targets; the results stand in their order. A name is tried address by address until one connects.
  /// - Parameters:
  ///   - timeout: for all targets together, however many are dead. Where more are given than `concurrency` (or the
  ///     limit of open files) allows at once, they go in equal shares of the time.
  ///   - isCancelled: read several times a second; what is open then ends as `cancelled`.
  public static func run(
    _ targets: [TCPTarget], timeout: Duration = .seconds(3), concurrency: Int = 512,
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) -> [TCPResult] {
    guard !targets.isEmpty else { return [] }
    var run = ProbeRun(targets, timeout: timeout, slots: min(max(1, concurrency), openFileLimit))
    return run.finish(isCancelled)
  }

  /// Descriptors that may be used here, with some left to the rest of the process.
  private static var openFileLimit: Int {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 256 }
    return max(16, Int(clamping: limit.rlim_cur) - 64)
  }
}

/// The state of one `TCPProbe.run`.
private struct ProbeRun {
  private struct Attempt {
    let target: Int
    let socket: Int32
    let started: ContinuousClock.Instant
    /// Addresses of the same target still to try.
    let rest: ArraySlice<SocketAddress>
  }

  private var results: [TCPResult?]
  private var ready: [(target: Int, addresses: ArraySlice<SocketAddress>)] = []
  private var nextReady = 0
  private var active: [Attempt] = []
  private var lookup: NameLookup?
  private var unresolved = 0
  private let slots: Int
  private let deadline: ContinuousClock.Instant
  private let share: Duration

  init(_ targets: [TCPTarget], timeout: Duration, slots: Int) {
    results = Array(repeating: nil, count: targets.count)
    self.slots = slots
    deadline = .now + timeout
    share = timeout / ((targets.count + slots - 1) / slots)
    var names: [(target: Int, host: String, port: Int)] = []
    for (index, target) in targets.enumerated() {
      switch SocketAddress.of(target.host, port: target.port, numeric: true) {
      case .success(let addresses): ready.append((index, addresses[...]))
      case .failure: names.append((index, target.host, target.port))
      }
    }
    guard !names.isEmpty else { return }
    lookup = NameLookup(names)
    unresolved = names.count
    if lookup?.start(threads: 16) != true {
      for name in names { results[name.target] = .failed(errno: EAGAIN) }
      lookup = nil
      unresolved = 0
    }
  }

  mutating func finish(_ isCancelled: () -> Bool) -> [TCPResult] {
    while nextReady < ready.count || !active.isEmpty || unresolved > 0 {
      if isCancelled() { return end(as: .cancelled) }
      let now = ContinuousClock.now
      if now >= deadline { return end(as: .timedOut) }
      expire(now)
      fill()
      wait(until: nextEnd(now))
    }
    return results.map { $0 ?? .timedOut }
  }

  private mutating func end(as result: TCPResult) -> [TCPResult] {
    for attempt in active { close(attempt.socket) }
    active = []
    return results.map { $0 ?? result }
  }

  private mutating func expire(_ now: ContinuousClock.Instant) {
    let share = share
    for attempt in active where now - attempt.started >= share {
      close(attempt.socket)
      results[attempt.target] = .timedOut
    }
    active.removeAll { now - $0.started >= share }
  }

  private mutating func fill() {
    while active.count < slots, nextReady < ready.count {
      let (target, addresses) = ready[nextReady]
      guard start(target, addresses) else { return }
      nextReady += 1
    }
  }

  /// Starts the first address that does not fail at once. False when a socket must first become free.
  private mutating func start(_ target: Int, _ addresses: ArraySlice<SocketAddress>) -> Bool {
    var rest = addresses
    while let address = rest.popFirst() {
      let started = ContinuousClock.now
      let (socket, code) = address.connect()
      guard let socket else {
        if code == EMFILE || code == ENFILE, !active.isEmpty { return false }
        results[target] = TCPResult(errno: code)
        continue
      }
      if code == EINPROGRESS {
        active.append(Attempt(target: target, socket: socket, started: started, rest: rest))
        return true
      }
      close(socket)
      if code == 0 {
        results[target] = .connected(milliseconds: (ContinuousClock.now - started).milliseconds)
        return true
      }
      results[target] = TCPResult(errno: code)
    }
    return true
  }

  private func nextEnd(_ now: ContinuousClock.Instant) -> Duration {
    let first = active.map(\.started).min().map { $0 + share } ?? deadline
    return min(first, deadline) - now
  }

  /// Waits for the first thing to happen, at most a tenth of a second so that the flag is read, and takes it in.
  private mutating func wait(until limit: Duration) {
    var polled = active.map { pollfd(fd: $0.socket, events: Int16(POLLOUT), revents: 0) }
    if let lookup { polled.append(pollfd(fd: lookup.descriptor, events: Int16(POLLIN), revents: 0)) }
    guard !polled.isEmpty else { return }
    let milliseconds = Int32(max(0, min(100, limit.milliseconds.rounded(.up))))
    guard poll(&polled, nfds_t(polled.count), milliseconds) > 0 else { return }
    if lookup != nil, polled[polled.count - 1].revents != 0 { takeAnswers() }
    let attempts = active
    active = []
    for (index, attempt) in attempts.enumerated() {
      if polled[index].revents == 0 {
        active.append(attempt)
      } else {
        conclude(attempt)
      }
    }
  }

  private mutating func takeAnswers() {
    for answer in lookup?.take() ?? [] {
      unresolved -= 1
      switch answer.addresses {
      case .success(let addresses): ready.append((answer.target, addresses[...]))
      case .failure(let error): results[answer.target] = .nameNotResolved(error.text)
      }
    }
    if unresolved == 0 { lookup = nil }
  }

  private mutating func conclude(_ attempt: Attempt) {
    var code: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    if getsockopt(attempt.socket, SOL_SOCKET, SO_ERROR, &code, &size) != 0 { code = errno }
    close(attempt.socket)
    if code == 0 {
      results[attempt.target] = .connected(milliseconds: (ContinuousClock.now - attempt.started).milliseconds)
      return
    }
    results[attempt.target] = TCPResult(errno: code)
    if !attempt.rest.isEmpty { ready.append((attempt.target, attempt.rest)) }
  }
}
