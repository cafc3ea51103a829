/// Where an object was found.
public struct UpstreamOrigin: Sendable, Hashable {
  /// A file or URL.
  public let source: String
  /// Which document of it, from 0.
  public var document = 0
  /// The way down to the object.
  public var path: [PathStep] = []

  public init(source: String, document: Int = 0, path: [PathStep] = []) {
    (self.source, self.document, self.path) = (source, document, path)
  }
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
  /// Its `discovery_args`.
  public let arguments: [String: String]
  /// nil where it is not said.
  public let scheme: String?
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
  /// nil where no registry is spelt so.
  public var registry: RegistryKind? { RegistryKind(rawValue: discoveryType) }

  /// What is asked for; nil where no registry is spelt so. Of one final line feed Kubernetes sees nothing.
  public var service: RegistryService? {
    registry.map { registry in
      let name = registry == .kubernetes ? (try? ServiceName(written: serviceName))?.text : nil
      return RegistryService(registry, name ?? serviceName, arguments)
    }
  }
}
