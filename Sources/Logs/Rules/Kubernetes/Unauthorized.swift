import APISIX
import Findings

enum Unauthorized {
  static let list: Rule = """
    log/list-unauthorized (error, since 2.13.0): The API server does not accept APISIX's token
    Checks: `list failed` with `reason: Unauthorized`.
    Why: The token is still base64-wrapped as `kubectl get secret` shows it, has expired, belongs to an account or a \
    Secret that was deleted, to another cluster or to another audience, or has `Bearer ` before it. The list is asked \
    for again every 40 seconds; until it succeeds there is no node, and requests are answered 503. Before 3.13 \
    `token_file` is read at the start only: a token that expires needs a reload.
    Example: list failed, kind: Endpoints, reason: Unauthorized, message : {"kind":"Status", … "code":401}
    Fix: `gatecheck token verify --config config.yaml` says which of these it is.
    zh: API Server 不接受 APISIX 的 token
    Checks: `list failed` 且 `reason: Unauthorized`。
    Why: 可能的原因：token 还带着 `kubectl get secret` 显示的那层 base64；token 已过期；所属的账号或 Secret 已被删除\
    ；是其他集群或其他 audience 的 token；前面多了 `Bearer `。APISIX 每 40 秒重新 list 一次，成功之前没有任何节点，\
    请求返回 503。3.13 以前 `token_file` 只在启动时读取一次：token 过期后需要 reload。
    Fix: 用 `gatecheck token verify --config config.yaml` 可以查出是哪一种。
    """

  static let watch: Rule = """
    log/watch-unauthorized (error, since 2.13.0): The API server no longer accepts APISIX's token
    Checks: `watch failed` with `reason: Unauthorized`.
    Why: The list before it was allowed: the token has expired meanwhile, or its account or Secret was deleted. The \
    nodes stay as they were, and grow old.
    Example: watch failed, kind: Endpoints, reason: Unauthorized, message : {"kind":"Status", … "code":401}
    Fix: `gatecheck token verify --config config.yaml` says which it is.
    zh: API Server 不再接受 APISIX 的 token
    Checks: `watch failed` 且 `reason: Unauthorized`。
    Why: 之前的 list 是成功的，说明 token 在此期间过期了，或者它的账号、Secret 被删除了。节点停留在旧的状态，逐渐过\
    时。
    Fix: 用 `gatecheck token verify --config config.yaml` 可以查出是哪一种。
    """

  static let checks = [LogCheck(list, .listFailed, explain: explain), LogCheck(watch, .watchFailed, explain: explain)]

  @Sendable private static func explain(_ record: LogRecord) -> Explanation? {
    guard let failure = InformerFailure(record), failure.reason == "Unauthorized", !failure.isPage else { return nil }
    return Explanation(
      failure.isWatch ? watch : list, "the API server does not accept APISIX's token: 401 at \(failure.told)",
      help: "gatecheck token verify --config config.yaml: it tells why; "
        + (failure.isWatch
          ? "it has expired, or its account was deleted"
          : "it is still base64-wrapped, has expired, its account was deleted, or it is of another cluster or "
            + "audience"),
      .cause(.kubernetes), values: failure.values, settings: tokenSettings)
  }
}
