import APISIX
import Findings
import HTTP
import Kubernetes

/// What an answer other than 200 means.
extension TokenProbe {
  mutating func refused(_ verb: String, _ answer: AnswerText) -> Step {
    switch answer.code {
    case 300..<400: server.append(redirect(answer))
    case 401, 403:
      guard let status = answer.status else {
        server.append(notKubernetes(answer, wanted: "a Kubernetes Status"))
        return .stop
      }
      return answer.code == 401 ? unauthorized() : forbidden(verb, status)
    case 429, 500...: server.append(serverError(verb, answer))
    case 400 where answer.status != nil: server.append(badRequest(verb, answer))
    case 404 where answer.isPlainNotFound || answer.status != nil:
      askVersion()
      server.append(noSuchResource(answer))
    case 400... where answer.status != nil: server.append(serverError(verb, answer))
    default: server.append(notKubernetes(answer, wanted: "an answer of an API server"))
    }
    return .stop
  }

  private mutating func forbidden(_ verb: String, _ status: Status) -> Step {
    guard status.forbidden?.user != "system:anonymous", status.message?.contains("\"system:anonymous\"") != true else {
      anonymous("the API server saw no token: it answers 403 to system:anonymous")
      return .stop
    }
    refusals.append((verb, status))
    return .refused
  }

  mutating func anonymous(_ message: String) {
    let help =
      target.sendsNothing
      ? "no token was sent: fill client.token or the file of client.token_file, or give --token-file"
      : warnings.contains(where: \.ignoresToken)
        ? "blanks stand before the token, and the server ignores it then: take them out"
        : "something between here and the API server takes the Authorization header off"
    let rule = TokenVerifyRules.anonymous
    guard !server.contains(where: { $0.rule == rule }) else { return }
    server.append(Finding(rule: rule, message: target.prefix + message, help: help))
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
    return Finding(
      rule: told.rule, message: target.prefix + told.message, file: target.place?.file, range: target.place?.range,
      path: target.place?.path, help: told.help)
  }

  /// A server that stands behind a path, which APISIX cannot ask for.
  func behindPath(_ server: String, severity: Severity? = nil) -> Finding? {
    guard let url = ServerURL(server), !url.path.isEmpty else { return nil }
    return Finding(
      rule: ServerRules.behindPath, severity: severity,
      message:
        "\(target.prefix)the API server is reached behind a path, \(url.path); APISIX asks \(url.address) without",
      file: target.place?.file, range: target.place?.range, path: target.place?.path,
      help: "give APISIX the API server's own address, the one without a path")
  }

  private func redirect(_ answer: AnswerText) -> Finding {
    Finding(
      rule: ServerRules.redirect,
      message: "\(target.prefix)the server redirects (\(answer.code))\(answer.locationHost.map { " to \($0)" } ?? "")",
      file: target.place?.file, range: target.place?.range, path: target.place?.path,
      help: "the token went no further; use the API server's own address: kubectl cluster-info")
  }

  private func serverError(_ verb: String, _ answer: AnswerText) -> Finding {
    let words = answer.status?.message.map { ": \($0)" } ?? ""
    let wait = answer.retryAfter.flatMap { Int($0) }.map { "it asks to wait \($0) s; " } ?? ""
    return Finding(
      rule: ServerRules.error, message: "\(target.prefix)the server answers the \(verb) with \(answer.code)\(words)",
      help: wait + (answer.status == nil ? "is this the API server, or something before it?" : "try again"))
  }

  private func badRequest(_ verb: String, _ answer: AnswerText) -> Finding {
    let selector = target.settings.labelSelector
    return Finding(
      rule: ServerRules.badRequest,
      message: "\(target.prefix)the server does not accept the \(verb) (400): \(answer.status?.message ?? "")",
      help: selector.map { "correct label_selector: \($0)" } ?? "gatecheck lint checks the selectors")
  }

  private func noSuchResource(_ answer: AnswerText) -> Finding {
    guard resource == .endpointSlices else { return notKubernetes(answer, wanted: "a list of endpoints") }
    return Finding(
      rule: ServerRules.noSuchResource,
      message: "\(target.prefix)this server\(check.serverVersion.map { ", Kubernetes \($0)," } ?? "") has no "
        + "discovery.k8s.io/v1 (404), which watch_endpoint_slices asks for",
      help: "Kubernetes 1.21 and newer have it; leave watch_endpoint_slices out for older ones")
  }
}

/// Words for a command line that people paste.
enum Shell {
  static func quoted(_ text: String) -> String {
    let plain = text.unicodeScalars.allSatisfy {
      $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || "-_.:/@=".unicodeScalars.contains($0))
    }
    return plain && !text.isEmpty
      ? text
      : "'"
        + text.split(separator: "'", omittingEmptySubsequences: false)
        .joined(separator: "'\\''") + "'"
  }
}
