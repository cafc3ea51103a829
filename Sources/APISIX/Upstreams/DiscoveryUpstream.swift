/// An upstream that gets its nodes from a registry, and who has it.
public struct DiscoveryUpstream: Sendable, Hashable {
  /// Whether traffic comes to an upstream.
  public enum Use: Sendable, Hashable {
    case used
    /// Nothing leads to it.
    case unreferenced
    /// What would lead to it takes another one; which.
    case overridden(by: String)
  }

  /// `kubernetes`, `nacos` and so on.
  public let discoveryType: String
  public let serviceName: String
  /// `routes/1`, `upstreams/cms`, `ApisixUpstream default/cms`
  public let owner: String
  /// The file or URL it stands in.
  public let source: String
  public var use = Use.used
  /// It stands inside the plugin traffic-split, which does no discovery.
  public var isInTrafficSplit = false

  public var isUsed: Bool { use == .used }
}
