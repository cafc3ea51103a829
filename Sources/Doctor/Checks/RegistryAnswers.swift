import APISIX
import Findings
import Probes

extension Check {
  /// Asks one server of a registry, or the etcd of APISIX, once for all that hangs on it.
  static func registryAnswers(
    _ part: RegistryCheck.Part, _ judged: JudgedConfig?, gives answer: Fact<RegistryCheckAnswer>
  ) -> Check {
    Check(.connection, "\(part.shown) answers", gives: [answer.withhold]) { context throws(Unmet) in
      if let kind = part.kind, let judged, judged.hasErrors(below: kind.path) {
        throw .skipped("\(judged.config.path) says something wrong of it")
      }
      let found = part.ask(in: context)
      answer.give(found)
      var outcome = Outcome(
        found.findings.but(.credentials, .permissions, .content),
        Evidence(sources: found.sources, secrets: found.secrets))
      outcome.isUnanswered = found.isUnreached
      return outcome
    }
  }

  /// Whether it takes the credentials, and lets them read.
  static func registryLetsRead(_ part: RegistryCheck.Part, _ answer: Fact<RegistryCheckAnswer>) -> Check {
    Check(.permissions, "\(part.shown) lets \(part.reader) read") { _ throws(Unmet) in
      let found = try answer()
      let findings = found.findings.of(.credentials, .permissions)
      if findings.isEmpty { try found.reached(part) }
      return Outcome(findings)
    }
  }

  /// Whether there is anything in it.
  static func registryHasContent(_ part: RegistryCheck.Part, _ answer: Fact<RegistryCheckAnswer>) -> Check {
    let what = part.registry == "etcd" ? "what APISIX keeps there" : "services"
    return Check(.content, "\(part.shown) has \(what)") { _ throws(Unmet) in
      let found = try answer()
      let findings = found.findings.of(.content)
      if findings.isEmpty {
        try found.reached(part)
        if found.findings.of(.credentials, .permissions).hasErrors {
          throw .skipped("\(part.shown) does not let \(part.reader) read")
        }
      }
      return Outcome(findings)
    }
  }
}

extension RegistryCheck.Part {
  /// `consul at http://10.0.0.1:8500`
  var shown: String { place.isEmpty ? registry : "\(registry) at \(place)" }

  /// What is looked at of it. A name server answers to anybody, and lists nothing.
  func checks(_ judged: JudgedConfig?, _ answer: Fact<RegistryCheckAnswer>) -> [Check] {
    let first = Check.registryAnswers(self, judged, gives: answer)
    return kind == .dns ? [first] : [first, .registryLetsRead(self, answer), .registryHasContent(self, answer)]
  }
}

extension RegistryCheckAnswer {
  /// Whether one of its servers works.
  var works: Bool { servers.contains { $0.state == .well } || !findings.hasErrors }

  var isUnreached: Bool { servers.contains { $0.state == .unreached } }

  /// - Throws: where it was not reached, or something else answers in its place.
  func reached(_ part: RegistryCheck.Part) throws(Unmet) {
    let errors = findings.but(.credentials, .permissions, .content)
    guard errors.hasErrors else { return }
    throw errors.hasTimeout
      ? .unknown("\(part.shown) did not answer in time")
      : .skipped(isUnreached ? "\(part.shown) is not reached" : "\(part.shown) does not answer as it should")
  }
}
