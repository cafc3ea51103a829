import APISIX
import Findings
import Kubernetes

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
      guard status.forbidden?.user != "system:anonymous", status.message?.contains("\"system:anonymous\"") != true
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

  func anonymous(_ message: String) -> Finding {
    finding(
      TokenVerifyRules.anonymous, message,
      help: target.sendsNothing
        ? "no token was sent: fill client.token or the file of client.token_file, or give --token-file"
        : warnings.contains(where: \.ignoresToken)
          ? "blanks stand before the token, and the server ignores it then: take them out"
          : "something between here and the API server takes the Authorization header off")
  }

  /// Who answered, if it was not Kubernetes: each by its own rule.
  func notKubernetes(_ answer: AnswerText, wanted: String) -> Finding {
    if let path = target.lentPath, let behind = behindPath(path) { return behind }
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
          "\(answer.answerer) refuses with \(answer.text), and not the API server: it is no Kubernetes Status",
          "no token and no binding mends that; use the API server's own address: kubectl cluster-info"
        )
      } else {
        (
          ServerRules.notKubernetes, "who answers is no Kubernetes API server: \(answer.text) in place of \(wanted)",
          "a proxy or another service; kubectl cluster-info names the API server's own address"
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
