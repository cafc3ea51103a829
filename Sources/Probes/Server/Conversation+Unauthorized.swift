import Common
import Findings
import Kubernetes

/// Why the server does not accept a token. It never says so itself: every 401 is the same.
extension Conversation {
  /// The cause first, where it is known.
  mutating func unauthorized() -> [Finding] {
    guard !target.sendsNothing else {
      return [anonymous("no token was sent, and this server answers 401 to whoever sends none")]
    }
    var issuer: Issuer?
    var cause: Finding?
    let isFlawed = flaws.contains { $0.severity == .error }
    if !isFlawed, let token = target.token {
      if let jwt = token.text.jwt {
        if jwt.kind != .foreign { issuer = askIssuer() }
        cause = jwt.kind == .foreign ? foreigner(jwt) : self.cause(of: jwt, issuer)
      } else {
        cause = finding(
          TokenVerifyRules.notJWT, "the token is no JWT, and no static token that this server knows",
          help: "a ServiceAccount's token has three parts and starts with eyJ; get one: gatecheck rbac generate")
      }
    }
    let refusal = finding(
      TokenVerifyRules.unauthorized, "the API server does not accept the token (401)",
      help: isFlawed || cause != nil ? nil : hints(issuer))
    return [cause, refusal].compactMap { $0 }
  }

  private func cause(of jwt: JWT, _ issuer: Issuer?) -> Finding? {
    let claimed = jwt.kind == .legacy ? nil : jwt.issuer
    if let cause = otherCluster(jwt, claimed, issuer) ?? wrongAudience(jwt, issuer) { return cause }
    guard let administrator, jwt.serviceAccount != nil else { return nil }
    if let cause = administrator.deleted(jwt, prefix: target.prefix) { return cause }
    guard let id = jwt.keyID, issuer?.keyIDs.contains(id) == true else { return nil }
    return finding(
      TokenVerifyRules.badSignature,
      "the token names this server's key and what is there, and is still refused: its text was "
        + "changed, or its signature", help: "take it anew, whole: \(takeAnew(jwt))")
  }

  /// The token of a person or a program, from an identity provider.
  private func foreigner(_ jwt: JWT) -> Finding {
    finding(
      TokenRules.notServiceAccount, severity: .error,
      "the token is \(jwt.subject ?? "nobody")'s, by the issuer \(jwt.issuer ?? "of no name"): "
        + "no ServiceAccount's, and this server does not take it",
      help: "make a ServiceAccount and its token: gatecheck rbac generate")
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
          + "cluster's, or older than the keys",
        help: (differs ? "the issuers differ too: \(both)\n" : "")
          + "take a token of this cluster, or ask the cluster that the token is of")
    case (nil, true):
      return finding(
        TokenVerifyRules.otherCluster, "the token has another issuer: \(both)",
        help: "take a token of this cluster, or ask the cluster that the token is of")
    case (true, true):
      return finding(
        TokenVerifyRules.otherIssuer, "this server's key signed the token, under another issuer: \(both)",
        help: "its --service-account-issuer was changed: take a new token, or name the old issuer there too")
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
    let create = jwt.serviceAccount.map {
      ": kubectl -n \(Shell.quoted($0.namespace)) create token \(Shell.quoted($0.name))"
    }
    return finding(
      TokenVerifyRules.wrongAudience,
      "the token is for \(jwt.audiences.prefix(4).joined(separator: ", ")), not for this API " + "server"
        + (issuer?.name.map { ", which is \($0)" } ?? ""),
      help: "ask for one without an audience\(create ?? "")\na projected volume: leave audience out")
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
      lines.append("what it names is there: the token is not what was issued; take it anew, whole: \(takeAnew(jwt))")
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

  private func takeAnew(_ jwt: JWT) -> String {
    guard let account = jwt.serviceAccount else { return "from where it was issued" }
    let namespace = Shell.quoted(account.namespace)
    guard let secret = jwt.kubernetes?.secret ?? (jwt.kind == .legacy ? "\(account.name)-token" : nil) else {
      return "kubectl -n \(namespace) create token \(Shell.quoted(account.name))"
    }
    return "kubectl -n \(namespace) get secret \(Shell.quoted(secret)) -o jsonpath='{.data.token}' | base64 -d"
  }
}
