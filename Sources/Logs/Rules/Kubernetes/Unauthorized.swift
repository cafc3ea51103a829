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
    """

  static let watch: Rule = """
    log/watch-unauthorized (error, since 2.13.0): The API server no longer accepts APISIX's token
    Checks: `watch failed` with `reason: Unauthorized`.
    Why: The list before it was allowed: the token has expired meanwhile, or its account or Secret was deleted. The \
    nodes stay as they were, and grow old.
    Example: watch failed, kind: Endpoints, reason: Unauthorized, message : {"kind":"Status", … "code":401}
    Fix: `gatecheck token verify --config config.yaml` says which it is.
    """

  static let checks = [LogCheck(list, .listFailed, explain: explain), LogCheck(watch, .watchFailed, explain: explain)]

  @Sendable private static func explain(_ record: LogRecord) -> Explanation? {
    guard let failure = InformerFailure(record), failure.reason == "Unauthorized" else { return nil }
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
