import Findings

/// All checks in one sentence.
struct Verdict: Sendable {
  enum Word: String, Sendable {
    case healthy = "healthy"
    case notHealthy = "not healthy"
    case notKnown = "not known"
  }

  let word: Word
  let text: String

  /// For people, on a line of its own.
  var line: String { "\(word.rawValue): \(text)" }
}

extension DoctorAnswer {
  var verdict: Verdict { Verdict(checks) }
}

extension Verdict {
  /// - Parameter checks: in the order in which a fault is found: what is wrong first is named.
  init(_ checks: [CheckResult]) {
    let findings = checks.flatMap(\.findings)
    let summary = Summary(findings.filter { $0.severity > .note })
    let counts = Self.counts(checks)
    let first = findings.first { $0.severity == .error }
    // Where APISIX does not start no request gets anywhere.
    let isStopped = checks.contains { $0.category == .configuration && $0.status == .error }
    let link = isStopped ? nil : checks.lazy.flatMap(\.chain).first { $0.status == .error }
    if checks.allSatisfy({ $0.status == .skipped }) {
      self.init(word: .notKnown, text: "nothing was looked at" + (checks.isEmpty ? "" : "; \(counts)"))
    } else if let link {
      let errors = summary.errors == 0 ? "" : "\(summary.text); "
      self.init(word: .notHealthy, text: "the request breaks at its \(link.name): \(link.text); \(errors)\(counts)")
    } else if let first {
      self.init(word: .notHealthy, text: "\(first.message) [\(first.rule.id)]; \(summary.text); \(counts)")
    } else if let open = checks.first(where: \.isUnanswered) {
      self.init(word: .notKnown, text: "\(open.name): \(open.reason ?? "no answer"); \(counts)")
    } else if let warning = findings.first(where: { $0.severity == .warning }) {
      self.init(word: .healthy, text: "but \(warning.message) [\(warning.rule.id)]; \(summary.text); \(counts)")
    } else {
      self.init(word: .healthy, text: counts)
    }
  }

  /// `9 checks: 7 ok, 1 skipped, 1 unknown`
  private static func counts(_ checks: [CheckResult]) -> String {
    let told = CheckResult.Status.allCases.compactMap { status -> String? in
      let count = checks.count { $0.status == status }
      return count == 0 ? nil : "\(count) \(status.rawValue)"
    }
    return "\(counted(checks.count, "check")): \(told.joined(separator: ", "))"
  }
}
