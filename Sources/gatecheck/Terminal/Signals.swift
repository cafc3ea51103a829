import Glibc
import Synchronization

/// Ctrl-C sets a flag where long work looks at it, so that it can end in order. Where nothing has ever looked, and at
/// the second one, the program ends at once.
enum Signals {
  static let interrupted = Atomic<Bool>(false)
  private static let isLookedAt = Atomic<Bool>(false)

  /// For long work to ask now and then.
  static var wasInterrupted: Bool {
    isLookedAt.store(true, ordering: .relaxed)
    return interrupted.load(ordering: .relaxed)
  }

  static func install() {
    signal(SIGPIPE, SIG_IGN)
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { number in
      let isSecond = Signals.interrupted.exchange(true, ordering: .relaxed)
      if isSecond || !Signals.isLookedAt.load(ordering: .relaxed) { _exit(128 + number) }
    }
    sigaction(SIGINT, &action, nil)
    sigaction(SIGTERM, &action, nil)
  }
}
