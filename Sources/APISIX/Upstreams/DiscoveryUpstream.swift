/// Where an object was found.
public struct UpstreamOrigin: Sendable, Hashable {
  /// A file or URL.
  public let source: String
  /// Which document of it, from 0.
  public var document = 0
  /// The way down to the object.
  public var path: [PathStep] = []
}

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
  /// The object with the service's name.
  public let origin: UpstreamOrigin
  public var use = Use.used
  /// It stands inside the plugin traffic-split, which does no discovery.
  public var isInTrafficSplit = false

  /// The file or URL it stands in.
  public var source: String { origin.source }
  public var isUsed: Bool { use == .used }
}
