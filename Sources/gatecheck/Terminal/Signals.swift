import Glibc
import Synchronization

/// Ctrl-C sets a flag that long work looks at; a second one ends the program at once.
enum Signals {
  static let interrupted = Atomic<Bool>(false)

  static func install() {
    signal(SIGPIPE, SIG_IGN)
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { number in
      if Signals.interrupted.exchange(true, ordering: .relaxed) { _exit(128 + number) }
    }
    sigaction(SIGINT, &action, nil)
    sigaction(SIGTERM, &action, nil)
  }
}
