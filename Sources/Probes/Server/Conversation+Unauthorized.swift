import Common
import Findings
import JSON
import Kubernetes
import SourceText

/// Why the server does not accept a token. It never says so itself: every 401 is the same.
extension Conversation {
  /// The cause, where it is known, and what follows from it.
  mutating func unauthorized() -> [Finding] {
    guard !target.sendsNothing else {
      return [anonymous("no token was sent, and this server answers 401 to requests without one")]
    }
    let jwt = target.token?.text.jwt
    // A signature that is too short says that the token is cut off, now that it is refused.
    let causes = flaws.filter { $0.severity == .error || $0.rule == TokenRules.truncated }
    if !causes.isEmpty {
      let isByTheClock = clock.isToBlame(for: jwt)
      return causes.compactMap { flaw in
        if isByTheClock, TokenRules.times.contains(flaw.rule) {
          return clock.cause(jwt, prefix: target.prefix, help: jwt?.serviceAccount.flatMap { renewal(of: $0) })
        }
        return finding(flaw, severity: .error, result: Self.result)
      }
    }
    var issuer: Issuer?
    if let jwt, jwt.kind != .foreign { issuer = askIssuer() }
    if let cause = cause(issuer) { return [cause] }
    return [
      finding(
        TokenVerifyRules.unauthorized, "the API server does not accept the token (401)", help: hints(issuer))
    ]
  }

  private static let result = "; the API server answers 401"

  private func cause(_ issuer: Issuer?) -> Finding? {
    guard let token = target.token else { return nil }
    guard let jwt = token.text.jwt else {
      return finding(
        TokenVerifyRules.notJWT, "the token is not a JWT, and not a static token that this server knows\(Self.result)",
        at: token.place, help: "a ServiceAccount's token has three parts and starts with eyJ\n\(newAccount)")
    }
    return jwt.kind == .foreign ? foreigner(jwt) : cause(of: jwt, issuer)
  }

  private func cause(of jwt: JWT, _ issuer: Issuer?) -> Finding? {
    let claimed = jwt.kind == .legacy ? nil : jwt.issuer
    if let cause = otherCluster(jwt, claimed, issuer) ?? wrongAudience(jwt, issuer) { return cause }
    guard let administrator, jwt.serviceAccount != nil else { return nil }
    if let cause = deleted(jwt, administrator) { return cause }
    guard let id = jwt.keyID, issuer?.keyIDs.contains(id) == true else { return nil }
    return finding(
      TokenVerifyRules.badSignature,
      "the token names this server's key and what is there, and is still refused: its text was "
        + "changed, or its signature\(Self.result)", help: "get it again, whole: \(takeAnew(jwt))")
  }

  /// The token of a person or a program, from an identity provider.
  private func foreigner(_ jwt: JWT) -> Finding {
    finding(
      TokenRules.notServiceAccount, severity: .error,
      "the token is \(jwt.subject ?? "nobody")'s, by the issuer \(jwt.issuer ?? "of no name"): "
        + "no ServiceAccount's, and this server does not take it\(Self.result)", help: newAccount)
  }

  /// A key that this server does not have, or another issuer.
  private func otherCluster(_ jwt: JWT, _ claimed: String?, _ issuer: Issuer?) -> Finding? {
    guard let issuer else { return nil }
    let differs = claimed != nil && issuer.name != nil && claimed != issuer.name
    let both = "the token says \(claimed ?? ""), this server says \(issuer.name ?? "")"
    let isKnown = jwt.keyID.flatMap { id in issuer.keyIDs.isEmpty ? nil : issuer.keyIDs.contains(id) }
    switch (isKnown, differs) {
    case (false, _):
      return finding(
        TokenVerifyRules.otherCluster,
        "the token is signed with a key that this server does not have: it is another "
          + "cluster's, or older than the keys\(Self.result)",
        help: (differs ? "the issuers differ too: \(both)\n" : "") + takeOne(jwt))
    case (nil, true):
      return finding(
        TokenVerifyRules.otherCluster, "the token has another issuer: \(both)\(Self.result)", help: takeOne(jwt))
    case (true, true):
      return finding(
        TokenVerifyRules.otherIssuer, "this server's key signed the token, under another issuer: \(both)\(Self.result)",
        help: "its --service-account-issuer was changed: name the old issuer there too, or take a new token: "
          + takeAnew(jwt))
    default: return nil
    }
  }

  /// By default an API server is the audience of its issuer's name; some are that of their name inside the cluster.
  private func wrongAudience(_ jwt: JWT, _ issuer: Issuer?) -> Finding? {
    let usual = "https://kubernetes.default.svc"
    let own = [jwt.issuer, issuer?.name].compactMap { $0 }
    guard jwt.kind == .bound, !jwt.audiences.isEmpty,
      !jwt.audiences.contains(where: { own.contains($0) || $0 == usual || $0.hasPrefix(usual + ".") })
    else { return nil }
    return finding(
      TokenVerifyRules.wrongAudience,
      "the token is for \(jwt.audiences.prefix(4).joined(separator: ", ")), not for this API "
        + "server\(issuer?.name.map { ", which is \($0)" } ?? "")\(Self.result)",
      help: "take one without an audience: \(takeAnew(jwt))\na projected volume: leave audience out")
  }

  /// Where no cause was found: what there is to check hangs on the kind of token.
  private func hints(_ issuer: Issuer?) -> String {
    guard let jwt = target.token?.text.jwt else { return "is the credential this cluster's?" }
    var lines: [String] = []
    if let name = jwt.issuer, jwt.kind != .legacy, issuer?.name == nil {
      lines.append("its issuer is \(name): is that this cluster?")
    }
    if !jwt.audiences.isEmpty { lines.append("its audience is \(jwt.audiences.prefix(4).joined(separator: ", "))") }
    guard let account = jwt.serviceAccount else { return (lines + ["is it this cluster's?"]).joined(separator: "\n") }
    if administrator != nil {
      lines.append("what it names is there: the token is not what was issued; get it again, whole: \(takeAnew(jwt))")
      return lines.joined(separator: "\n")
    }
    lines.append(
      "another cluster's token, a deleted ServiceAccount and a deleted Secret look alike; see what there is:")
    let namespace = Shell.quoted(account.namespace)
    lines.append("kubectl -n \(namespace) get serviceaccount \(Shell.quoted(account.name))")
    if let secret = jwt.kubernetes?.secret {
      lines.append("kubectl -n \(namespace) get secret \(Shell.quoted(secret))")
    }
    if issuer?.isHidden == true {
      lines.append("the server shows its issuer and keys to known users only: --kubeconfig FILE of an administrator")
    }
    return lines.joined(separator: "\n")
  }

  private func takeOne(_ jwt: JWT) -> String {
    let commands = jwt.serviceAccount.map { made($0).joined(separator: "\n") } ?? newAccount
    return "take a token of this cluster, or ask the cluster that the token is of\n\(commands)"
  }

  private func takeAnew(_ jwt: JWT) -> String {
    guard let account = jwt.serviceAccount else { return "from where it was issued" }
    if let command = renewal(of: account, secret: jwt.kubernetes?.secret) { return command }
    let namespace = Shell.quoted(account.namespace)
    guard let secret = jwt.kubernetes?.secret ?? (jwt.kind == .legacy ? "\(account.name)-token" : nil) else {
      return "kubectl -n \(namespace) create token \(Shell.quoted(account.name))"
    }
    return "kubectl -n \(namespace) get secret \(Shell.quoted(secret)) -o jsonpath='{.data.token}' | base64 -d"
  }

  /// What a token hangs on and is not there any more; nil where all of it is, or may not be seen.
  private func deleted(_ jwt: JWT, _ administrator: AdministratorView) -> Finding? {
    guard let account = jwt.serviceAccount else { return nil }
    func isMissing(_ kind: APIResource, _ name: String) -> Bool {
      if case .missing = administrator.get(kind.path(namespace: account.namespace, object: name)) {
        true
      } else {
        false
      }
    }
    let place = "in the namespace \(account.namespace)"
    switch administrator.get(APIResource.serviceAccounts.path(namespace: account.namespace, object: account.name)) {
    case .missing:
      return finding(
        TokenVerifyRules.accountDeleted, "there is no ServiceAccount \(account.name) \(place)\(Self.result)",
        help: "make it, and a new token:\n\(made(account).joined(separator: "\n"))")
    case .found(let object):
      let uid = object["metadata"]?["uid"]?.string
      if let claimed = jwt.kubernetes?.serviceAccountUID, let uid, claimed != uid {
        return finding(
          TokenVerifyRules.accountRecreated,
          "the ServiceAccount \(account.name) was deleted and made again after this token was issued\(Self.result)",
          help: "take its new token" + (renewal(of: account).map { ": \($0)" } ?? ""))
      }
    case .unknown: break
    }
    let renewal = renewal(of: account) ?? made(account).joined(separator: "\n")
    if let secret = jwt.kubernetes?.secret, isMissing(.secrets, secret) {
      return finding(
        TokenVerifyRules.secretDeleted,
        "there is no Secret \(secret) \(place), and its token went with it\(Self.result)",
        help: "make a new one: \(renewal)")
    }
    if let pod = jwt.kubernetes?.pod, isMissing(.pods, pod) {
      return finding(
        TokenVerifyRules.podDeleted, "there is no pod \(pod) \(place), and its token went with it\(Self.result)",
        help: "outside that pod take the token of a Secret: \(renewal)")
    }
    return nil
  }
}
