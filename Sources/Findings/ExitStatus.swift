/// How the process ends, the same in every command and every format.
public enum ExitStatus: Int32, Sendable, Hashable {
  /// Nothing at or above `--fail-on`.
  case passed = 0
  /// Findings at or above `--fail-on`; for resolve also: no nodes.
  case failed = 1
  /// Wrong usage, or a bad gatecheck configuration.
  case usage = 2
  /// Could not finish.
  case unfinished = 3
  /// Ctrl-C.
  case interrupted = 130
  /// SIGTERM.
  case terminated = 143

  /// - Parameters:
  ///   - findings: those that `selection` let through.
  ///   - exitZero: `--exit-zero`: findings alone fail nothing. What could not be finished still does.
  public init(for findings: [Finding], selection: Selection = Selection(), exitZero: Bool = false) {
    if findings.contains(where: selection.isUsage) {
      self = .usage
    } else if findings.contains(where: selection.isUnfinished) {
      self = .unfinished
    } else if !exitZero, findings.contains(where: selection.fails) {
      self = .failed
    } else {
      self = .passed
    }
  }
}
