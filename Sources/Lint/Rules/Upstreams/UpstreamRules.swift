public import Findings

/// The rules over upstreams, in standalone files and in ADC's.
public enum UpstreamRules {
  public static let rules: [Rule] = [
    .nodesAndService, .discoveryTypeMissing, .serviceNameMissing, .upstreamEmpty, .upstreamUnknownKey, .seedKeys,
    .nodeIncomplete,
  ]
}
