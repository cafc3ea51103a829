/// An upstream that gets its nodes from a registry, and who has it.
public struct DiscoveryUpstream: Sendable, Hashable {
  /// `kubernetes`, `nacos` and so on.
  public let discoveryType: String
  public let serviceName: String
  /// `routes/1`, `upstreams/cms`, `ApisixUpstream default/cms`
  public let owner: String
  /// The file or URL it stands in.
  public let source: String
  /// False for an upstream or service of its own that no route and no service leads to.
  public var isUsed = true
}
