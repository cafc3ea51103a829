import APISIX
import Findings
import SourceText

enum BadRequest {
  static let plainHTTP: Rule = """
    log/plain-http-to-tls-port (error, since 2.13.0): APISIX speaks plain HTTP to a port of TLS
    Checks: `reason: Bad Request` with an empty message, and the API server's text for it.
    Why: `service.schema` is http, and the port speaks TLS. The API server's answer is often lost, so that only \
    `recv() failed (104` and an empty message stand in the log.
    Example: list failed, kind: Endpoints, reason: Bad Request, message : , context: ngx.timer
    Fix: schema: https
    """

  static let list: Rule = """
    log/list-bad-request (error, since 2.13.0): The API server refuses the question as malformed
    Checks: `reason: Bad Request` with a message.
    Why: Nearly always `label_selector` is none: it is sent as it stands, quotes included. With `Host header` in the \
    message the token has a line break in it, which 2.13 to 2.15 send as it is.
    Example: list failed, kind: Endpoints, reason: Bad Request, message : unable to parse requirement: \
    found '"app', expected: identifier
    Fix: label_selector: app=web,tier in (a, b)
    """

  static let checks = [plainHTTP, list].map { LogCheck($0, .listFailed, .watchFailed, explain: explain) }

  @Sendable private static func explain(_ record: LogRecord) -> Explanation? {
    guard let failure = InformerFailure(record), failure.reason == "Bad Request" else { return nil }
    if failure.text.isEmpty || failure.text.has("HTTP request to an HTTPS server")
      || failure.text.has("plain HTTP request was sent to HTTPS port")
    {
      return Explanation(
        plainHTTP, "APISIX speaks plain HTTP to the API server's port, which speaks TLS", help: "write schema: https",
        .cause(.kubernetes), values: failure.values, settings: ["service.schema", "service"])
    }
    let isHost = failure.text.has("Host header")
    return Explanation(
      list, "the API server refuses \(failure.told) as malformed: \(failure.message)",
      help: isHost
        ? "write the token without a line break at its end; APISIX 2.13 to 2.15 send it along"
        : "write label_selector as kubectl get -l takes it, without quotes inside",
      .cause(.kubernetes), values: failure.values, settings: isHost ? tokenSettings : ["label_selector"])
  }
}
