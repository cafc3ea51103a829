public import Findings

/// The rules over ADC files.
public enum ADCRules {
  public static let rules: [Rule] = [.adcUnknownKey, .adcNodes]

  /// What there is to say of one file; none for a file of another kind.
  /// - Parameter project: the run: its configs for what registries are enabled.
  public static func check(_ file: LintFile, in project: Project) -> [Finding] {
    guard file.kind == .adc, let top = file.top else { return [] }
    return ADCKeys.check(top)
      + upstreams(of: top).flatMap { upstream in upstream.check(in: project) + ADCKeys.nodes(upstream) }
  }

  static func upstreams(of top: Field) -> [Upstream] {
    (top["services"]?.items ?? []).flatMap { service in
      ([service["upstream"]].compactMap { $0 } + (service["upstreams"]?.items ?? [])).filter(\.isMapping)
    }.map { Upstream(field: $0, isADC: true) }
  }
}
