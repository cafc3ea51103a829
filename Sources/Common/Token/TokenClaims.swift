import Findings
import Inputs
public import Kubernetes

/// What a token's claims tell.
public enum TokenClaims {
  /// The command that gets a token for the account that this one is of.
  public static func create(_ jwt: JWT?) -> String {
    let account = jwt?.serviceAccount
    func plain(_ name: String?, _ other: String) -> String {
      name.flatMap { $0.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-.".contains($0)) } ? $0 : nil }
        ?? other
    }
    return "gatecheck token create --name \(plain(account?.name, "NAME")) --namespace "
      + "\(plain(account?.namespace, "NAMESPACE")) --output-file FILE"
  }

  /// That a token ends within so many seconds, as --expires-within asks; nil for one that does not, or has ended.
  /// - Parameter command: gets another one into its place.
  public static func ending(_ jwt: JWT, within seconds: Int, now: Int, command: String?) -> TokenFlaw? {
    guard let end = jwt.expiresAt, end > now, end - now <= seconds else { return nil }
    return TokenFlaw(
      TokenRules.expiresWithin, "the token expires at \(time(end)), in \(span(end - now))",
      help: "get a new one: \(command ?? create(jwt))")
  }

  private static func time(_ seconds: Int) -> String { Timestamp.iso(seconds) ?? "\(seconds)" }

  private static let week = 7 * 86_400

  static func flaws(of jwt: JWT, now: Int) -> [TokenFlaw] {
    let isNobodys = jwt.serviceAccount == nil && (jwt.subject != nil || jwt.issuer != nil)
    let owner = TokenFlaw(
      TokenRules.notServiceAccount,
      "the token belongs to \(jwt.subject.map(SecretPatterns.quoted) ?? "nobody by name"), not to a ServiceAccount",
      help: "make a ServiceAccount and its token: gatecheck rbac generate", namesCommand: true)
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
        TokenRules.expiresSoon, "the token expires at \(time(end)), in \(span(end - now))",
        help: "nothing renews it here; a Secret's token does not expire", severity: end - now < week ? .warning : .note)
    }
  }
}
