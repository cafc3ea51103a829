import Common
public import Findings

/// The rules over standalone files: conf/apisix.yaml and conf/apisix.json.
public enum StandaloneRules {
  public static let rules: [Rule] = [
    .endMarker, .inlineTrafficSplit, .upstreamNotFound, .routeOverridesService, .standaloneVariable, .standaloneSection,
  ]

  /// What there is to say of one file; none for a file of another kind.
  /// - Parameter project: the run: its release, and its configs for what registries are enabled.
  public static func check(_ file: LintFile, in project: Project) -> [Finding] {
    guard file.kind == .apisixStandalone else { return [] }
    let marker = EndMarker.check(file, in: project)
    guard let top = file.top else { return marker }
    return StandaloneSections.check(top) + StandaloneRoutes.check(top)
      + StandaloneRoutes.upstreams(of: top).flatMap { upstream in
        upstream.check(in: project) + StandaloneVariables.check(upstream)
      } + marker
  }
}
