import Probes

extension Check {
  /// What config.yaml takes from the environment and from the files of APISIX's host.
  /// - Parameter unread: the variables whose values a cluster does not show.
  static func variablesAreSet(_ judged: JudgedConfig?, unread: [String] = []) -> Check {
    Check(.environment, "every variable that it names is set, and its certificates are there") { _ throws(Unmet) in
      guard let judged else { throw .skipped("there is no configuration to read") }
      var outcome = Outcome(judged.findings.of(.environment))
      if !unread.isEmpty { outcome.detail = "not read, so not judged: \(unread.joined(separator: ", "))" }
      return outcome
    }
  }
}
