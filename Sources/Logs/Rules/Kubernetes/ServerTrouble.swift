import APISIX
import Findings
import SourceText

enum ServerTrouble {
  static let rule: Rule = """
    log/api-server-trouble (error, since 2.13.0): The API server is overloaded or ill
    Checks: `Too Many Requests`, `Internal Server Error`, `Bad Gateway`, `Service Unavailable`, `Gateway Timeout`, and \
    an event of type ERROR; and whatever else a list or watch fails with that no other rule knows.
    Why: The API server, its etcd or the load balancer before it says so. APISIX asks again every 40 seconds.
    Example: list failed, kind: Endpoints, reason: Service Unavailable, message : no healthy upstream
    Fix: Mend the API server; nothing is to be changed at APISIX.
    """

  private static let reasons = [
    "Too Many Requests", "Internal Server Error", "Bad Gateway", "Service Unavailable",
    "Service Temporarily Unavailable", "Gateway Timeout", "Gateway Time-out",
  ]

  static let check = LogCheck(rule, .listFailed, .watchFailed) {
    guard let failure = InformerFailure($0) else { return nil }
    let isEvent = failure.isWatch && failure.reason == "UnexpectedBody"
    guard isEvent || reasons.contains(failure.reason) else { return nil }
    return Explanation(
      rule,
      "the API server, or the load balancer before it, is in trouble: \(shown(failure.reason))"
        + (failure.message.isEmpty ? "" : ": " + failure.message),
      help: "kubectl get --raw '/readyz?verbose' shows what is ill; APISIX asks again every 40 seconds",
      .cause(.kubernetes), values: failure.values)
  }

  /// What no other rule knows.
  static let rest = LogCheck(rule, .listFailed, .watchFailed) {
    guard let failure = InformerFailure($0) else { return nil }
    let reason = failure.reason.isEmpty ? "no reason" : shown(failure.reason)
    return Explanation(
      rule, "\(failure.told) fails: \(reason)" + (failure.message.isEmpty ? "" : ": " + failure.message),
      help: "see what the API server, or a proxy before it, answers: gatecheck token verify --config config.yaml",
      .cause(.kubernetes), values: failure.values)
  }
}
