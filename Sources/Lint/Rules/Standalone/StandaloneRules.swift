import Findings

/// The checks of standalone files: conf/apisix.yaml and conf/apisix.json.
enum StandaloneRules {
  private static let checks: [Check<Field>] = [
    Check(StandaloneSections.rule, StandaloneSections.check), Check(StandaloneRoutes.rules, StandaloneRoutes.check),
    Check(OutsideUpstream.rule) { OutsideUpstream.check($0) }, Check([]) { WrongFile.check($0) },
  ]

  static let rules = checks.rules() + [EmptyStandalone.rule, EndMarker.rule, StandaloneEnvironment.rule]

  static func check(_ file: LintFile, in project: Project) -> [Finding] {
    var findings: [Finding] = []
    if let top = file.top {
      findings = checks.findings(in: top)
      for upstream in StandaloneRoutes.upstreams(of: top) {
        findings += Upstream(field: upstream, isADC: false, project: project).check()
      }
    }
    findings += [EmptyStandalone.check(file, in: project) ?? EndMarker.check(file, in: project)].compactMap { $0 }
    findings += StandaloneEnvironment.check(file, in: project)
    return findings
  }
}
