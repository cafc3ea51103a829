public import APISIX
import SourceText

/// The configuration of apisix-seed (conf.yaml), with its defaults: which ZooKeeper it reads, and which etcd it writes.
public struct SeedSettings: Sendable {
  /// `HOST:PORT`, as written.
  public var hosts: [String] = []
  /// The znode below which the services are.
  public var prefix = "/zookeeper"
  /// nil where it names none.
  public var etcd: EtcdSettings?

  /// The defaults.
  public init() {}

  /// - Parameter config: the whole conf.yaml.
  public init(_ config: LuaValue) {
    let zookeeper = config["discovery"]?["zookeeper"]
    hosts = (zookeeper?["hosts"]?.items ?? zookeeper?["hosts"].map { [$0] } ?? []).compactMap(\.string)
    if let prefix = zookeeper?["prefix"]?.string { self.prefix = prefix }
    if config["etcd"] != nil { etcd = EtcdSettings(config) }
  }

  /// Takes this server in place of the hosts, `HOST`, `HOST:PORT`, and `HOST:PORT/PREFIX` the prefix, too.
  public mutating func use(_ server: String) {
    let host = server.prefix { $0 != "/" }
    hosts = [String(host)]
    if host.endIndex != server.endIndex { prefix = String(server[host.endIndex...]) }
  }
}
