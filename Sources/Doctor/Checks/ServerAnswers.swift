import APISIX
import Findings
import Probes
import Registries

extension Check {
  /// Asks an API server as APISIX does, once for all that hangs on it.
  static func serverAnswers(_ target: Target, gives answer: Fact<TokenCheck>) -> Check {
    Check(.connection, "\(target.shown) answers as an API server does", gives: [answer.withhold]) { context in
      let check = TokenQuestion(AccessPlan(target)).ask(in: context).checks[0]
      answer.give(check)
      var outcome = Outcome(check.findings.but(.credentials, .permissions))
      outcome.detail = check.serverVersion
      return outcome
    }
  }

  /// What the server makes of the token.
  static func tokenIsTaken(_ target: Target, _ answer: Fact<TokenCheck>) -> Check {
    let given = "\(target.token == nil ? "the user" : "the token") of \(target.identityOrigin)"
    let who = target.impersonated.map { "\($0), as whom \(given) asks" } ?? given
    return Check(.credentials, "\(target.shown) takes \(who)") { _ throws(Unmet) in
      let check = try answer()
      var outcome = Outcome(check.findings.of(.credentials))
      if !outcome.findings.hasErrors, !check.works, !check.findings.of(.permissions).hasErrors {
        outcome.unmet = check.untaken
      }
      return outcome
    }
  }

  /// Whether the account may do what APISIX does.
  static func accountMayRead(_ target: Target, _ answer: Fact<TokenCheck>) -> Check {
    let resource = target.settings.source == .endpoints ? "endpoints" : "endpointslices"
    return Check(.permissions, "\(target.prefix)the account may list and watch \(resource)") { _ throws(Unmet) in
      let check = try answer()
      var outcome = Outcome(check.findings.of(.permissions))
      if !outcome.findings.hasErrors, !check.works { outcome.unmet = check.untaken }
      return outcome
    }
  }

  /// Whether it may do no more.
  static func accountMayNoMore(_ target: Target, _ answer: Fact<TokenCheck>) -> Check {
    Check(.permissions, "\(target.prefix)the account may do no more than APISIX needs") { context throws(Unmet) in
      let check = try answer()
      try check.reached()
      guard check.works else { throw .skipped("it may not do what APISIX needs") }
      return Outcome(ExcessQuestion(check).ask(in: context))
    }
  }
}

extension Target {
  /// `cluster a: https://10.0.0.1:6443`
  var shown: String { prefix + endpoint.server }
}

extension TokenCheck {
  /// - Throws: where the server was not reached.
  func reached() throws(Unmet) {
    guard !probes.contains(where: { $0.status != nil }), !works else { return }
    throw findings.hasTimeout
      ? .unknown("\(target.endpoint.server) did not answer in time")
      : .skipped("\(target.endpoint.server) is not reached")
  }

  /// Why it is not known what the server makes of the token, or of the account.
  fileprivate var untaken: Unmet? {
    do throws(Unmet) {
      try taken()
      return nil
    } catch { return error }
  }

  /// - Throws: where the server was not reached, or said nothing of what the account may do.
  func taken() throws(Unmet) {
    try reached()
    if findings.of(.permissions).hasErrors { throw .refused("the account may not list and watch") }
    throw findings.of(.credentials).hasErrors
      ? .refused("\(target.endpoint.server) does not take the token")
      : .skipped("\(target.endpoint.server) does not answer as an API server")
  }
}
