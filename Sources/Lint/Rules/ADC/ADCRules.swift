import Findings

/// The checks of ADC files.
enum ADCRules {
  static let rules = [ADCKeys.unknownKey]

  static func check(_ file: LintFile, in project: Project) -> [Finding] {
    guard let top = file.top else { return [] }
    let upstreams = (top["services"]?.items ?? []).flatMap { service in
      [service["upstream"]].compactMap { $0 } + (service["upstreams"]?.items ?? [])
    }
    return ADCKeys.check(top) + upstreams.flatMap { Upstream(field: $0, isADC: true, project: project).check() }
  }
}
