import APISIX
import Findings
import SourceText

enum ListBroken {
  static let rule: Rule = """
    log/list-broken (error, since 2.13.0): The connection to the API server broke
    Checks: list or watch with `RequestError` or `ReadBodyError`: timeout, closed, reset, invalid characters.
    Why: The API server or a load balancer hangs or cuts the connection. A watch that times out was dead for up to 49 \
    minutes: a load balancer had dropped it silently, and the nodes were old. `invalid characters found in header \
    value`: the token has a line break in it.
    Example: list failed, kind: Endpoints, reason: RequestError, message : timeout
    Fix: Connect to the API server directly, or raise the load balancer's idle timeout above 49 minutes; write the \
    token on one line.
    """

  static let check = LogCheck(rule, .listFailed, .watchFailed) {
    guard let failure = InformerFailure($0), ["RequestError", "ReadBodyError"].contains(failure.reason) else {
      return nil
    }
    if failure.text.has("invalid characters") {
      return Explanation(
        rule, "the token has a line break or a blank in it: APISIX cannot send it as a header",
        help: "write the token on one line: gatecheck token inspect --config config.yaml",
        .cause(.kubernetes), values: failure.values, settings: tokenSettings)
    }
    let isDead = failure.text.has("timeout")
    if failure.isWatch {
      // That it was closed is told by watch-restarted.
      guard isDead else { return nil }
      return Explanation(
        rule, "\(failure.told) was dead without a word; until now the nodes were old",
        help: "raise the idle timeout of the load balancer before the API server above 49 minutes, or connect directly",
        .harmless, values: failure.values, settings: addressSettings)
    }
    return Explanation(
      rule,
      isDead
        ? "the API server accepts the connection and does not answer \(failure.told)"
        : "the connection to the API server broke in \(failure.told): \(shown(failure.text))",
      help: "see whether the API server, or what stands before it, is overloaded, and whether schema and port fit",
      .cause(.kubernetes), values: failure.values, settings: addressSettings)
  }
}
