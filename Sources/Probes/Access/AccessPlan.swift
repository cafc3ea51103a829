public import APISIX
public import Findings

/// The way to each API server that is to be asked, and what stands in that way.
public struct AccessPlan: Sendable {
  /// In the order of the configuration.
  public internal(set) var targets: [Target] = []
  public internal(set) var findings: [Finding] = []
  /// Files that findings quote.
  public internal(set) var sources: [String: SourceFile] = [:]
  /// What people must know though nothing is wrong: which config.yaml was taken, that no certificate is checked.
  public internal(set) var notices: [String] = []
  /// Credentials that must show nowhere.
  public internal(set) var secrets: [String] = []
  /// Whether the clusters stand in a list, each with its id.
  public internal(set) var hasSeveral = false

  init() {}

  /// Of one server alone.
  package init(_ target: Target) { targets = [target] }
}

extension AccessOptions {
  /// The config.yaml in one of the usual places, where the options look for one; nil where there is none.
  package func usualConfig(in context: Context) -> String? {
    guard looksForConfig, server == nil, kubeconfig == nil, self.context == nil else { return nil }
    return ["/usr/local/apisix/conf/config.yaml", "conf/config.yaml", "config.yaml"].first {
      context.contents($0) != nil
    }
  }

  /// Reads what the options name and decides on server, identity and CA: flags before the configuration, and that
  /// before a kubeconfig. From then on the trace of the context hides its credentials.
  /// - Parameter config: that of the options, where it is read already and what is wrong with it told.
  public func plan(in context: Context, config: DiscoveryConfig? = nil) -> AccessPlan {
    var builder = PlanBuilder(self, context, config)
    builder.build()
    context.secrets.add(builder.plan.secrets)
    return builder.plan
  }
}
