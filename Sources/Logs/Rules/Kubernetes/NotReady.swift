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
    zh: APISIX 报告自己尚未就绪
    Checks: `kubernetes discovery not ready`。
    Why: 第一次 list 还没完成，就有人访问了 /status/ready。如果 list 一直失败，就会一直是这个状态。
    Fix: 启动几秒钟后消失就不用处理；否则请看说明 list 为何失败的那条日志。
    """

  static let check = LogCheck(rule, .notReady) { _ in
    Explanation(rule, "APISIX was asked whether it is ready before the first list of Kubernetes", .effect(.kubernetes))
  }
}
