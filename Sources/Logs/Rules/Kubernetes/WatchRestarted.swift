import APISIX
import Findings
import SourceText

enum WatchRestarted {
  static let rule: Rule = """
    log/watch-restarted (note, since 2.13.0): A watch ended, and is begun anew by itself
    Checks: `watch failed` with a connection that was closed, or `Gone`.
    Why: The API server was restarted, or no longer knows so old a state. APISIX lists again 40 seconds later, and \
    says nothing when that succeeds.
    Example: watch failed, kind: Endpoints, reason: ReadBodyError, message : closed
    Fix: Nothing, unless it comes often.
    zh: watch 断开，APISIX 会自动重新开始
    Checks: `watch failed`，原因是连接被关闭或 `Gone`。
    Why: API Server 重启过，或者已经不保留那么旧的状态。APISIX 会在 40 秒后重新 list，成功了不会有提示。
    Fix: 不用处理，除非频繁出现。
    """

  static let check = LogCheck(rule, .watchFailed) {
    guard let failure = InformerFailure($0), failure.isWatch else { return nil }
    let isGone = failure.reason == "Gone"
    guard isGone || ["RequestError", "ReadBodyError"].contains(failure.reason) else { return nil }
    return Explanation(
      rule,
      isGone
        ? "the API server no longer knows the state from which APISIX watched \(failure.kind)"
        : "the API server ended \(failure.told): \(shown(failure.text))",
      help: "nothing: APISIX lists again 40 seconds later", .cause(.kubernetes), values: failure.values)
  }
}
