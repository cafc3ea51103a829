import Findings
import Inputs
import Kubernetes

/// What a token's claims tell.
enum TokenClaims {
  private static func time(_ seconds: Int) -> String { Timestamp.iso(seconds) ?? "\(seconds)" }

  private static let week = 7 * 86_400

  static func flaws(of jwt: JWT, now: Int) -> [TokenFlaw] {
    let isNobodys = jwt.serviceAccount == nil && (jwt.subject != nil || jwt.issuer != nil)
    let owner = TokenFlaw(
      TokenRules.notServiceAccount,
      "the token belongs to \(jwt.subject.map(SecretPatterns.quoted) ?? "nobody by name"), not to a ServiceAccount",
      help: "make a ServiceAccount and its token: gatecheck rbac generate")
    return [times(of: jwt, now), isNobodys ? owner : nil].compactMap { $0 }
  }

  private static func times(of jwt: JWT, _ now: Int) -> TokenFlaw? {
    switch jwt.timeProblem(now: now) {
    case .expired(let moment):
      return TokenFlaw(
        TokenRules.expired, "the token expired at \(time(moment))",
        help: "make a new one; inside the cluster use token_file, outside it the token of a Secret")
    case .notYetValid(let moment):
      return TokenFlaw(
        TokenRules.notYetValid, "the token is valid from \(time(moment)) on; it is \(time(now)) here",
        help: "compare the clocks: date -u")
    case nil:
      guard let end = jwt.expiresAt else { return nil }
      return TokenFlaw(
        TokenRules.expiresSoon, "the token expires at \(time(end)), in \(counted((end - now) / 86_400, "day"))",
        help: "nothing renews it here; a Secret's token does not expire", severity: end - now < week ? .warning : .note)
    }
  }
}
