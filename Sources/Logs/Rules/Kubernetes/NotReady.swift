import APISIX
import Findings
import SourceText

enum NotReady {
  static let rule: Rule = """
    log/not-ready (note, since 3.15.0): APISIX says that it is not ready
    Checks: `kubernetes discovery not ready`.
    Why: /status/ready was asked before the first list came. It stays so where the list fails.
    Example: check_ready(): kubernetes discovery not ready
    Fix: Nothing, if it ends a few seconds after the start; else see the line that says why the list fails.
    """

  static let check = LogCheck(rule, .notReady) { _ in
    Explanation(rule, "APISIX was asked whether it is ready before the first list of Kubernetes", .effect(.kubernetes))
  }
}
