import Common
public import Findings
import Inputs
import Kubernetes

extension [Finding] {
  fileprivate typealias Held = (prefix: String, token: GivenToken?, renewal: String?)

  /// With what `--expires-within` asks: tokens that end so soon, in place of the remark that they end.
  fileprivate func warning(of tokens: [Held], within seconds: Int?, now: Int) -> Self {
    guard let seconds else { return self }
    let soon = tokens.compactMap { prefix, token, renewal -> Finding? in
      guard let token, let jwt = token.text.jwt,
        let flaw = TokenClaims.ending(jwt, within: seconds, now: now, command: renewal)
      else { return nil }
      return Finding(flaw.rule, severity: flaw.severity, prefix + flaw.message, at: token.place, help: flaw.help)
    }
    return soon + filter { old in old.rule != TokenRules.expiresSoon || !soon.contains { $0.message == old.message } }
  }
}

extension InspectAnswer {
  /// Its findings, with tokens that end within so many seconds.
  public func findings(within seconds: Int?, now: Int) -> [Finding] {
    findings.warning(
      of: items.map { ($0.id.map { "cluster \($0): " } ?? "", $0.token, $0.renewal) }, within: seconds, now: now)
  }
}

extension TokenAnswer {
  /// Its findings, with tokens that end within so many seconds.
  public func findings(within seconds: Int?, now: Int) -> [Finding] {
    findings.warning(
      of: checks.map { ($0.target.prefix, $0.target.token, $0.target.renewal) }, within: seconds, now: now)
  }
}
