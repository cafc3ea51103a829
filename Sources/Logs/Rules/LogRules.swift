public import Findings

/// Everything that `logs explain` knows of.
public enum LogRules {
  /// The first that answers is taken.
  public static let checks: [LogCheck] = kubernetesChecks + registryChecks + gatewayChecks

  public static var all: [Rule] { checks.map(\.rule) }
}
