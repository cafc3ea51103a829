import APISIX
import Findings
import SourceText

enum WrongServer {
  static let notFound: Rule = """
    log/list-not-found (error, since 2.13.0): The server has no such list
    Checks: `reason: Not Found`.
    Why: The address is no API server, or one that wants a path before `/api`, which APISIX cannot send. Of \
    EndpointSlice: Kubernetes before 1.21 has no discovery.k8s.io/v1.
    Example: list failed, kind: EndpointSlice, reason: Not Found, message : 404 page not found
    Fix: Write the API server's own host and port; before Kubernetes 1.21 leave watch_endpoint_slices out.
    """

  static let notAnAPIServer: Rule = """
    log/not-an-api-server (error, since 2.13.0): What answers is no Kubernetes API server
    Checks: `UnexpectedBody`, a status 200 without a list of endpoints, redirects such as `Moved Permanently`, and a \
    401 or 403 with a page of HTML.
    Why: A login page, a proxy or another program is at the address.
    Example: list failed, kind: Endpoints, reason: UnexpectedBody, message : <!doctype html><title>Sign in</title>
    Fix: Write the API server's own host and port.
    """

  static let checks = [notFound, notAnAPIServer].map { LogCheck($0, .listFailed, .watchFailed, explain: explain) }

  private static let redirects = [
    "UnexpectedBody", "Moved Permanently", "Found", "Moved Temporarily", "See Other", "Temporary Redirect",
    "Permanent Redirect",
  ]

  @Sendable private static func explain(_ record: LogRecord) -> Explanation? {
    guard let failure = InformerFailure(record) else { return nil }
    let address = "write the API server's own host and port; kubectl cluster-info shows them"
    if failure.reason == "Not Found" {
      let isSlice = failure.kind == "EndpointSlice"
      return Explanation(
        notFound,
        "the server has no \(failure.kind): 404"
          + (isSlice
            ? "; Kubernetes before 1.21 has none, or it is no API server" : "; it is no API server, or wants a path"),
        help: isSlice ? "before Kubernetes 1.21 leave watch_endpoint_slices out; else \(address)" : address,
        .cause(.kubernetes), values: failure.values,
        settings: isSlice ? ["watch_endpoint_slices"] : addressSettings)
    }
    let isRefused = failure.isPage && ["Unauthorized", "Forbidden"].contains(failure.reason)
    guard isRefused || redirects.contains(failure.reason) else { return nil }
    // An event of type ERROR is a Status.
    if failure.isWatch, failure.text.has("\"ERROR\"") || failure.text.has("\"Status\"") { return nil }
    return Explanation(
      notAnAPIServer,
      isRefused
        ? "what answers APISIX is no API server: it says \(failure.reason) with a page of HTML, as a proxy does"
        : failure.reason == "UnexpectedBody"
          ? "what answers APISIX is no list of \(failure.kind), so no API server: \(failure.message)"
          : "what answers APISIX is no API server: it sends it elsewhere (\(shown(failure.reason)))",
      help: address, .cause(.kubernetes), values: failure.values, settings: addressSettings)
  }
}
