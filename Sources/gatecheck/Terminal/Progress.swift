import Findings
import Glibc
import Parallel
import Synchronization

/// A line on standard error about what takes over a second, on a terminal only. It is drawn by a thread of its own,
/// because whoever works may wait for a server, and it is gone before anything else is printed.
final class Progress: Sendable {
  private struct State {
    var text: String
    var isShown = false
    var hasEnded = false
  }

  private let state: Mutex<State>
  private let output: Output
  private let started = ContinuousClock.now

  /// - Parameter wanted: false for --quiet and --verbose.
  /// - Returns: nil where there is no terminal to show it on.
  static func begin(
    _ text: String = "", on output: Output, in environment: ProcessEnvironment, wanted: Bool
  ) -> Progress? {
    guard wanted, output.isTerminal, environment["TERM"] != "dumb" else { return nil }
    let progress = Progress(text, output)
    meanwhile { progress.draw() }
    return progress
  }

  private init(_ text: String, _ output: Output) {
    state = Mutex(State(text: text))
    self.output = output
  }

  /// What is done now.
  func tell(_ text: String) { state.withLock { $0.text = text } }

  /// Takes the line away.
  func end() {
    state.withLock { state in
      state.hasEnded = true
      if state.isShown { output.write("\r\u{1B}[K") }
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
        output.write("\r\u{1B}[K\(terminalSafe(state.text)) (\(seconds) s)")
        return true
      }
      guard goesOn else { return }
      usleep(250_000)
    }
  }
}
