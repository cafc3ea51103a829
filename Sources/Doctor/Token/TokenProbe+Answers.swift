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
    case 404 where answer.isPlainNotFound || answer.status != nil: server.append(noSuchResource(answer))
    default: server.append(notKubernetes(answer, wanted: "an answer of an API server"))
    }
    return .stop
  }

  private mutating func unauthorized() -> Step {
    let message = "\(target.prefix)the API server does not accept the token (401)"
    let rule = TokenVerifyRules.unauthorized
    guard !server.contains(where: { $0.rule == rule.id }) else { return .stop }
    let cause = isFlawed ? nil : target.token?.text.jwt.flatMap { administrator?.cause(of: $0, prefix: target.prefix) }
    if let cause { server.append(cause) }
    server.append(Finding(rule: rule, message: message, help: isFlawed || cause != nil ? nil : unauthorizedHelp))
    return .stop
  }

  /// The server never says why; what there is to check hangs on the kind of token.
  private var unauthorizedHelp: String {
    guard let token = target.token, let jwt = token.text.jwt else {
      return "a ServiceAccount's token has three parts and starts with eyJ; get one: gatecheck rbac generate"
    }
    var lines: [String] = []
    if let issuer = jwt.issuer, jwt.kind != .legacy { lines.append("its issuer is \(issuer): is that this cluster?") }
    if !jwt.audiences.isEmpty { lines.append("its audience is \(jwt.audiences.prefix(4).joined(separator: ", "))") }
    guard let account = jwt.serviceAccount else { return (lines + ["is it this cluster's?"]).joined(separator: "\n") }
    let namespace = Shell.quoted(account.namespace)
    if administrator != nil {
      lines.append("its ServiceAccount is there: the token is not what was issued; take it anew, whole and decoded:")
      let name = Shell.quoted(jwt.kubernetes?.secret ?? "\(account.name)-token")
      lines.append("kubectl -n \(namespace) get secret \(name) -o jsonpath='{.data.token}' | base64 -d")
      return lines.joined(separator: "\n")
    }
    lines.append(
      "another cluster's token, a deleted ServiceAccount and a deleted Secret look alike; see what there is:")
    lines.append("kubectl -n \(namespace) get serviceaccount \(Shell.quoted(account.name))")
    if let secret = jwt.kubernetes?.secret {
      lines.append("kubectl -n \(namespace) get secret \(Shell.quoted(secret))")
    }
    return lines.joined(separator: "\n")
  }

  private mutating func forbidden(_ verb: String, _ status: Status) -> Step {
    guard status.forbidden?.user != "system:anonymous", status.message?.contains("\"system:anonymous\"") != true else {
      let isEmpty = target.token?.sent?.isEmpty ?? true
      let help =
        isEmpty
        ? "no token was sent: fill client.token or the file of client.token_file, or give --token-file"
        : "something between here and the API server takes the Authorization header off"
      let rule = TokenVerifyRules.anonymous
      if !server.contains(where: { $0.rule == rule.id }) {
        server.append(
          Finding(
            rule: rule, message: "\(target.prefix)the API server saw no token: it answers 403 to system:anonymous",
            help: help))
      }
      return .stop
    }
    refusals.append((verb, status))
    return .refused
  }

  func notKubernetes(_ answer: AnswerText, wanted: String) -> Finding {
    Finding(
      rule: ServerRules.notKubernetes,
      message: "\(target.prefix)who answers is no Kubernetes API server: \(answer.text) in place of \(wanted)",
      file: target.place?.file, range: target.place?.range, path: target.place?.path,
      help: "a proxy, a login page or another service; kubectl cluster-info names the API server's own address")
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
      message: "\(target.prefix)this server has no discovery.k8s.io/v1 (404), which watch_endpoint_slices asks for",
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
