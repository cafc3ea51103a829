public import APISIX
import Common
public import Inputs
public import Kubernetes

/// What each cluster of a configuration, as that release reads it, will ask its API server for.
public struct DerivedWatches {
  public let clusters: [(id: String?, watches: RBACOptions.Watches)]
  private let release: Release

  /// - Parameters:
  ///   - cluster: the one of that id only.
  ///   - read: gives the bytes of the configuration.
  /// - Throws: FileError or DiscoveryConfig.Unusable.
  public init(
    config path: String, cluster: String?, release: Release, reading read: (String) throws(FileError) -> [UInt8]
  ) throws {
    let config = try DiscoveryConfig(at: path, Conditions(release: release), read)
    self.release = release
    clusters = try config.needed(cluster).map { cluster in
      guard cluster["watch_endpoint_slices"]?.bool == true, release.has(.slicesKey) else {
        return (cluster.id, .endpoints)
      }
      // From 3.9 to 3.13 the flag does nothing; both, so that an upgrade needs no second look.
      return (cluster.id, release.has(.watchesSlices) ? .endpointSlices : .both)
    }
  }

  /// What serves all of them.
  public var together: RBACOptions.Watches {
    let kinds = Set(clusters.map(\.watches))
    return kinds.count == 1 ? kinds.first ?? .endpoints : .both
  }

  /// What they really ask for: where both are granted for an upgrade's sake, Endpoints.
  public var needed: RBACOptions.Watches { together == .both && !release.has(.watchesSlices) ? .endpoints : together }
}
