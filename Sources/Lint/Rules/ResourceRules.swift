import Findings
import SourceText

/// The checks of files other than config.yaml.
enum ResourceRules {
  static let rules =
    ManifestRules.rules + HelmRules.rules + StandaloneRules.rules + ADCRules.rules + Upstream.rules

  /// What there is to say of one file of the run, in the order of its text; none for a config.yaml, whose rules are
  /// others. It keeps no state, so files can be checked at the same time.
  /// - Parameters:
  ///   - file: one of the project's files.
  ///   - charts: the values of charts in it.
  ///   - project: the run that it is part of.
  static func check(_ file: LintFile, _ charts: [ChartValues], in project: Project) -> [Finding] {
    let findings: [Finding] =
      switch file.kind {
      case .apisixConfig: []
      case .apisixStandalone: StandaloneRules.check(file, in: project)
      case .apisixAdmin: AdminRules.check(file, in: project)
      case .adc: ADCRules.check(file, in: project)
      case .kubernetes: ManifestRules.check(file, in: project) + HelmRules.check(file, charts, in: project)
      case .helmValues: HelmRules.check(file, charts, in: project)
      }
    return findings.enumerated().sorted { left, right in
      (left.element.range?.start.offset ?? 0, left.offset) < (right.element.range?.start.offset ?? 0, right.offset)
    }.map(\.element)
  }
}
