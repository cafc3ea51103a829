import Glibc
import Synchronization

/// Looks host names up on threads of its own, because getaddrinfo blocks for as long as a dead name server pleases.
/// Answers are fetched with `take`, and `descriptor` becomes readable when there are some. Threads that still wait
/// when their owner has given up end by themselves.
final class NameLookup: Sendable {
  typealias Answer = (target: Int, addresses: Result<[SocketAddress], LookupError>)

  private struct State {
    var waiting: ArraySlice<(target: Int, host: String, port: Int)>
    var answers: [Answer] = []
  }

  private let state: Mutex<State>
  /// For poll(2).
  let descriptor: Int32
  private let bell: Int32

  /// Nil when the system gives no more descriptors.
  init?(_ names: [(target: Int, host: String, port: Int)]) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return nil }
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    descriptor = ends[0]
    bell = ends[1]
    state = Mutex(State(waiting: names[...]))
  }

  deinit {
    close(descriptor)
    close(bell)
  }

  /// Starts at most `limit` threads; false when the system gives none.
  func start(threads limit: Int) -> Bool {
    var started = 0
    let wanted = min(limit, state.withLock { $0.waiting.count })
    for _ in 0..<wanted {
      var thread = pthread_t()
      let context = Unmanaged.passRetained(self)
      let code = pthread_create(
        &thread, nil,
        { context in
          guard let context else { return nil }
          Unmanaged<NameLookup>.fromOpaque(context).takeRetainedValue().work()
          return nil
        }, context.toOpaque())
      if code == 0 {
        pthread_detach(thread)
        started += 1
      } else {
        context.release()
      }
    }
    return started > 0
  }

  /// The answers since the last call.
  func take() -> [Answer] {
    var drain = [UInt8](repeating: 0, count: 64)
    while read(descriptor, &drain, drain.count) > 0 {}
    return state.withLock { state in
      defer { state.answers = [] }
      return state.answers
    }
  }

  private func work() {
    while let next = state.withLock({ $0.waiting.popFirst() }) {
      let addresses = SocketAddress.of(next.host, port: next.port, numeric: false)
      state.withLock { $0.answers.append((next.target, addresses)) }
      // A full pipe rings already.
      _ = write(bell, [1], 1)
    }
  }
}
