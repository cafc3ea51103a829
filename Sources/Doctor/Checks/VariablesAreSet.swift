import Probes

extension Check {
  /// What config.yaml takes from the environment and from the files of APISIX's host.
  static func variablesAreSet(_ judged: JudgedConfig?) -> Check {
    Check(.environment, "every variable and file that it names is there") { _ throws(Unmet) in
      guard let judged else { throw .skipped("there is no configuration to read") }
      return Outcome(judged.findings.of(.environment))
    }
  }
}
