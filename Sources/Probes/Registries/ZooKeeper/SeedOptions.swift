import APISIX
import Inputs
import Registries

/// What the command line says of apisix-seed: which ZooKeeper it reads, which etcd it writes.
public struct SeedOptions: Sendable {
  /// `HOST:PORT`
  public var zookeeper: String?
  /// Its conf.yaml.
  public var config: String?

  public init() {}

  public var isGiven: Bool { zookeeper != nil || config != nil }

  func settings(in context: Context) throws(FileError) -> SeedSettings {
    var settings = SeedSettings()
    if let config {
      let root = DiscoveryConfig(try context.read(config), path: config).verdict.root
      guard let root else { throw FileError(.unreadable, path: config, reason: "it is no YAML that can be read") }
      settings = SeedSettings(root)
    }
    if let zookeeper { settings.use(zookeeper) }
    return settings
  }
}
