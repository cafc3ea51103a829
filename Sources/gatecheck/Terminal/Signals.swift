import Findings
import Glibc
import Synchronization

/// Ctrl-C sets a flag where long work looks at it, so that it can end in order. Where nothing has ever looked, and at
/// the second one, the program ends at once.
enum Signals {
  /// The number of the first; 0 as long as there is none.
  private static let caught = Atomic<Int32>(0)
  private static let isLookedAt = Atomic<Bool>(false)

  /// For long work to ask now and then.
  static var wasInterrupted: Bool {
    isLookedAt.store(true, ordering: .relaxed)
    return ending != nil
  }

  /// How the program ends for a signal; nil as long as there is none.
  static var ending: ExitStatus? {
    switch caught.load(ordering: .relaxed) {
    case 0: nil
    case SIGTERM: .terminated
    default: .interrupted
    }
  }

  static func install() {
    // A reader that went away, and a file that may not grow (`ulimit -f`), are errors of the write.
    for number in [SIGPIPE, SIGXFSZ] { signal(number, SIG_IGN) }
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { number in
      let isSecond = !Signals.caught.compareExchange(expected: 0, desired: number, ordering: .relaxed).exchanged
      if isSecond || !Signals.isLookedAt.load(ordering: .relaxed), let status = Signals.ending {
        _exit(status.rawValue)
      }
    }
    sigaction(SIGINT, &action, nil)
    sigaction(SIGTERM, &action, nil)
  }
}
