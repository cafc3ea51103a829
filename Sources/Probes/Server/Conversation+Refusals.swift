import APISIX
import Common
public import Findings
import Kubernetes
import Registries
import SourceText

/// What an answer means that is none.
extension Conversation {
  enum Meaning {
    /// The server knows who asks, and refuses.
    case forbidden(Status)
    case told([Finding])

    /// For whom a refusal is told otherwise.
    var findings: [Finding] { if case .told(let findings) = self { findings } else { [] } }
  }

  mutating func explain(_ verb: String, _ answer: AnswerText) -> Meaning {
    switch answer.code {
    case 300..<400: return .told([redirect(answer)])
    case 401, 403:
      guard let status = answer.status else { return .told([notKubernetes(answer, wanted: "a Kubernetes Status")]) }
      if answer.code == 401 { return .told(unauthorized()) }
      // No such path is known there: the one in the address is too much.
      if isOfPath(status), let behind = behindPath(target.endpoint.server) { return .told([behind]) }
      guard status.forbidden?.user != "system:anonymous", status.message?.has("\"system:anonymous\"") != true
      else { return .told([anonymous("the API server saw no token: it answers 403 to system:anonymous")]) }
      return .forbidden(status)
    case 429, 500...: return .told([serverError(verb, answer)])
    case 400 where answer.status != nil: return .told([badRequest(verb, answer)])
    case 404 where answer.isPlainNotFound || answer.status != nil:
      askVersion()
      return .told([noSuchResource(answer)])
    case 400... where answer.status != nil: return .told([serverError(verb, answer)])
    default: return .told([notKubernetes(answer, wanted: "an answer of an API server")])
    }
  }

  /// Whether what is refused is not what was asked for, but what the path in the address makes of it: `v1` of
  /// `/api/api/v1/endpoints`, the group `api` of `/apis/api/v1/endpoints`, or no resource at all.
  func isOfPath(_ status: Status?) -> Bool {
    guard behindPath(target.endpoint.server) != nil else { return false }
    guard let refused = status?.forbidden else { return true }
    let resource = refused.resource.prefix { $0 != "/" }
    return resource.has(".") || [String(resource), refused.group].contains { ["api", "apis", "v1"].contains($0) }
  }

  func anonymous(_ message: String) -> Finding {
    if target.sendsNothing, target.token != nil, let flaw = flaws.first(where: { $0.severity == .error }) {
      return finding(flaw, result: ", so none was sent, and the API server refuses requests without one")
    }
    return finding(
      TokenVerifyRules.anonymous, message,
      help: target.sendsNothing
        ? "no token was sent: fill client.token or the file of client.token_file, or give --token-file"
        : warnings.contains(where: \.ignoresToken)
          ? "spaces stand before the token, and the server ignores it then: take them out"
          : "something between here and the API server takes the Authorization header off")
  }

  /// Who answered, if it was not Kubernetes: each by its own rule.
  func notKubernetes(_ answer: AnswerText, wanted: String) -> Finding {
    if let behind = behindPath(target.lentPath ?? target.endpoint.server) { return behind }
    if let other = otherServer() { return other }
    let isRefusal = answer.code == 401 || answer.code == 403
    let told: (rule: Rule, message: String, help: String) =
      if answer.isLoginPage {
        (
          ServerRules.loginPage, "a login page answers in place of the API server: \(answer.text)",
          "it wants people with a browser; use the API server's own address: kubectl cluster-info"
        )
      } else if isRefusal {
        (
          ServerRules.proxyRefused,
          "\(answer.answerer) refuses with \(answer.text), and not the API server: it is not a Kubernetes Status",
          "no token and no binding changes that; use the API server's own address: kubectl cluster-info"
        )
      } else {
        (
          ServerRules.notKubernetes,
          "the server is not a Kubernetes API server: it answers \(answer.text), not \(wanted)",
          "it is a proxy or another service; kubectl cluster-info names the API server's own address"
        )
      }
    return finding(told.rule, told.message, at: target.place, help: told.help)
  }

  /// A server that stands behind a path, which APISIX cannot ask for.
  func behindPath(_ server: String, severity: Severity? = nil) -> Finding? {
    guard let url = ServerURL(server), !url.path.isEmpty else { return nil }
    return finding(
      ServerRules.behindPath, severity: severity,
      "the API server is reached behind a path, \(url.path); APISIX asks \(url.address) without", at: target.place,
      help: "give APISIX the API server's own address, the one without a path")
  }

  private func redirect(_ answer: AnswerText) -> Finding {
    finding(
      ServerRules.redirect, "the server redirects (\(answer.code))\(answer.locationHost.map { " to \($0)" } ?? "")",
      at: target.place, help: "the token went no further; use the API server's own address: kubectl cluster-info")
  }

  private func serverError(_ verb: String, _ answer: AnswerText) -> Finding {
    let words = answer.status?.message.map { ": \($0)" } ?? ""
    let wait = answer.retryAfter.flatMap { Int($0) }.map { "it asks to wait \($0) s; " } ?? ""
    return finding(
      ServerRules.error, "the server answers the \(verb) with \(answer.code)\(words)",
      help: wait + (answer.status == nil ? "is this the API server, or something before it?" : "try again"))
  }

  private func badRequest(_ verb: String, _ answer: AnswerText) -> Finding {
    let selector = target.settings.labelSelector
    return finding(
      ServerRules.badRequest, "the server does not accept the \(verb) (400): \(answer.status?.message ?? "")",
      help: selector.map { "correct label_selector: \($0)" } ?? "gatecheck lint checks the selectors")
  }

  private func noSuchResource(_ answer: AnswerText) -> Finding {
    guard resource == .endpointSlices else { return notKubernetes(answer, wanted: "a list of endpoints") }
    return finding(
      ServerRules.noSuchResource,
      "this server\(serverVersion.map { ", Kubernetes \($0)," } ?? "") has no "
        + "discovery.k8s.io/v1 (404), which watch_endpoint_slices asks for",
      help: "Kubernetes 1.21 and newer have it; leave watch_endpoint_slices out for older ones")
  }
}

/// Answers that are none of a Kubernetes API server that works.
public enum ServerRules {
  public static let all = [
    notKubernetes, loginPage, proxyRefused, behindPath, redirect, error, badRequest, noSuchResource, clockSkew, warning,
    endpointsDeprecated, nameWanted, compressed, watchBroken, unseen,
  ]

  public static let unseen: Rule = """
    server/workloads-unseen (error): The cluster's workloads may not be seen
    Checks: Where doctor looks for APISIX in a cluster, that the kubeconfig's user may list Deployments, DaemonSets \
    and StatefulSets.
    Why: Without them nobody knows where APISIX runs, with which configuration and account.
    Example: 403 at GET /apis/apps/v1/deployments
    Fix: Use a kubeconfig that may list them, or name the configuration: gatecheck doctor --config config.yaml
    """

  public static let notKubernetes: Rule = """
    server/not-kubernetes (error): The server is not a Kubernetes API server
    Checks: That a list answers with an EndpointsList or EndpointSliceList, and a refusal with a Status.
    Why: Another service stands at this address. APISIX logs `UnexpectedBody`, or a failed list.
    Example: 200 with application/json, and no EndpointsList in it
    Fix: kubectl cluster-info names the API server's own address. APISIX can use one without a path only.
    """

  public static let redirect: Rule = """
    server/redirect (error): The server sends the client elsewhere
    Checks: That the answer is not a redirect. None is followed: the token is for this server only.
    Why: An API server does not redirect; a login page, an ingress or a load balancer does. APISIX follows none either.
    Example: 302 to https://login.example/
    Fix: Use the API server's own address: kubectl cluster-info
    """

  public static let error: Rule = """
    server/error (error): The server cannot answer now
    Checks: That the answer is not 429 or 5xx, and a watch brings no ERROR event at its start.
    Why: The server is overloaded, starting, or cannot reach etcd. APISIX tries again every 40 seconds.
    Example: 503 Service Unavailable
    Fix: Try again; kubectl get --raw '/readyz?verbose' says what the server lacks.
    """

  public static let badRequest: Rule = """
    server/bad-request (error): The server does not accept what APISIX asks
    Checks: That the list with the configuration's selectors is not 400.
    Why: APISIX sends label_selector as it stands, gets 400 and has no nodes.
    Example: label_selector: "app in (a"
    Fix: Correct label_selector; kubectl get endpoints -A -l 'SELECTOR' tries it.
    """

  public static let noSuchResource: Rule = """
    server/no-such-resource (error, since 3.14.0): The server does not have what APISIX asks for
    Checks: That discovery.k8s.io/v1 is there when watch_endpoint_slices is true: from Kubernetes 1.21 on.
    Why: APISIX gets 404 and has no nodes.
    Example: watch_endpoint_slices: true with Kubernetes 1.20
    Fix: Leave watch_endpoint_slices out, or use Kubernetes 1.21 or newer.
    """

  public static let loginPage: Rule = """
    server/login-page (error): A login page answers in place of the API server
    Checks: Whether the answer is a page for people: HTML with 200, or with a form or a word about logging in.
    Why: A proxy that logs people in stands before the server. APISIX logs `UnexpectedBody`, 401 or 403.
    Example: 200 with text/html
    Fix: Use the API server's own address: kubectl cluster-info
    """

  public static let proxyRefused: Rule = """
    server/proxy-refused (error): A proxy refuses, not the API server
    Checks: That a 401 or 403 has a Kubernetes Status in it.
    Why: Something before the API server wants another credential. No token and no binding of Kubernetes changes that.
    Example: 403 with text/html from nginx
    Fix: Use the API server's own address: kubectl cluster-info, or let the proxy pass what APISIX asks.
    """

  public static let behindPath: Rule = """
    server/behind-path (error): The API server is reached behind a path, which APISIX cannot ask for
    Checks: That the server's address has no path, and that where it answers no Kubernetes, the kubeconfig does not \
    reach the same server behind one.
    Why: APISIX builds its requests from schema, host and port. Behind Rancher and such it gets 404, or a page.
    Example: https://rancher.example/k8s/clusters/c-m-abc
    Fix: Use an address of the API server itself; Rancher calls it the authorized cluster endpoint.
    """

  public static let clockSkew: Rule = """
    server/clock-skew (note): The server's clock and this machine's differ
    Checks: The Date of the server's first answer against the clock here; more than a minute counts. A warning where \
    the token is in its time by one of them only; an error where the server refuses it for that.
    Why: The server judges a token's times, and this machine the server's certificate, each by its own clock.
    Example: the server's clock is 7 minutes behind this machine's
    Fix: Let both be set by NTP: timedatectl, or chronyc tracking.
    """

  public static let warning: Rule = """
    server/warning (note): The server warns of something
    Checks: The Warning headers of its answers; the message has the server's words.
    Why: APISIX does not read them.
    Example: Warning: 299 - "the provided Authorization header contains extra space before the bearer token, and is \
    ignored"
    Fix: Do what the warning says.
    """

  public static let endpointsDeprecated: Rule = """
    server/endpoints-deprecated (note): The server calls Endpoints, which APISIX lists, deprecated
    Checks: The Warning header that Kubernetes sends with Endpoints from 1.33 on.
    Why: Endpoints still work. They hold at most 1000 addresses and one IP family, and a later Kubernetes may not \
    write them any more.
    Example: Warning: 299 - "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"
    Fix: discovery:
      kubernetes:
        watch_endpoint_slices: true
    It is right from APISIX 3.15 on, and needs its own right: gatecheck rbac generate --watch-endpoint-slices
    """
}
