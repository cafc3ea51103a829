import Glibc
import Parallel
import Synchronization

/// A line on a terminal about what takes over a second. It is drawn by a thread of its own, because whoever works may
/// wait for a server, and it is gone before anything else is printed.
public final class Progress: Sendable {
  private struct State {
    var text = ""
    var isShown = false
    var hasEnded = false
  }

  private let state = Mutex(State())
  private let write: @Sendable (String) -> Void
  private let started = ContinuousClock.now

  /// Does the work; nothing is shown until it tells what it does.
  /// - Parameters:
  ///   - write: onto the terminal; nil where there is none to show it on.
  ///   - work: gets what takes its words, from any thread.
  public static func during<Result>(
    _ work: (_ tell: @escaping @Sendable (String) -> Void) -> Result, write: (@Sendable (String) -> Void)?
  ) -> Result {
    guard let write else { return work { _ in } }
    let progress = Progress(write)
    meanwhile { progress.draw() }
    defer { progress.end() }
    return work { text in progress.state.withLock { $0.text = text } }
  }

  private init(_ write: @escaping @Sendable (String) -> Void) { self.write = write }

  /// Takes the line away.
  private func end() {
    state.withLock { state in
      state.hasEnded = true
      if state.isShown { write("\r\u{1B}[K") }
      state.isShown = false
    }
  }

  private func draw() {
    usleep(1_000_000)
    while true {
      let goesOn = state.withLock { state in
        guard !state.hasEnded else { return false }
        if state.text.isEmpty { return true }
        state.isShown = true
        let seconds = (ContinuousClock.now - started).components.seconds
        write("\r\u{1B}[K\(terminalSafe(state.text)) (\(seconds) s)")
        return true
      }
      guard goesOn else { return }
      usleep(250_000)
    }
  }
}
