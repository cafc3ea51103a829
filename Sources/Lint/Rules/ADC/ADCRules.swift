import Findings

/// The checks of ADC files.
enum ADCRules {
  static let rules = ADCKeys.rules

  static func check(_ file: LintFile, in project: Project) -> [Finding] {
    guard let top = file.top else { return [] }
    let upstreams = (top["services"]?.items ?? []).flatMap { service in
      ([service["upstream"]].compactMap { $0 } + (service["upstreams"]?.items ?? [])).filter(\.isMapping)
    }
    var findings = ADCKeys.check(top)
    for upstream in upstreams.map({ Upstream(field: $0, isADC: true) }) {
      findings += upstream.check(in: project)
      findings += ADCKeys.nodes(upstream)
    }
    return findings
  }
}
