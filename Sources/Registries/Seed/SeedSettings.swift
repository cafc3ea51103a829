public import APISIX
import Inputs
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

  /// Takes these servers in place of the hosts, `HOST`, `HOST:PORT,HOST:PORT`, and `HOST:PORT/PREFIX` the prefix, too.
  public mutating func use(_ servers: String) {
    let places = servers.prefix { $0 != "/" }
    hosts = places.parts(between: ",").map { String($0) }
    if places.endIndex != servers.endIndex { prefix = String(servers[places.endIndex...]) }
  }

  /// What the text must be to be used so; nil where it is.
  public static func objection(to servers: String) -> String? {
    let places = servers.prefix { $0 != "/" }
    let hosts = places.parts(between: ",")
    let isRight = hosts.allSatisfy { place in
      guard let (host, port) = serverPlace(String(place), port: 2181), !host.isEmpty, port > 0 else { return false }
      return !host.utf8.contains(UInt8(ascii: ":")) || addressBytes(host) != nil
    }
    guard isRight else { return "wants HOST:PORT, or several with commas between" }
    // ZooKeeper's clients would take the path for the root of all others, apisix-seed's prefix among them.
    guard hosts.count == 1 || places.endIndex == servers.endIndex else {
      return "takes no path behind several servers: write it into discovery.zookeeper.prefix of a --seed-config"
    }
    return nil
  }
}
