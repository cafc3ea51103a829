import Probes
import Registries

/// Where ZooKeeper is, as apisix-seed reads it.
extension SeedOptions: Flags {
  static var flags: [Parameter<Self>] {
    [
      Parameter(
        "zookeeper", \.zookeeper, "host:port",
        "The ZooKeeper that apisix-seed reads; HOST:PORT/PREFIX and HOST:PORT,HOST:PORT too."),
      Parameter(
        "seed-config", \.config, "file", "apisix-seed's conf.yaml: its ZooKeeper and etcd.", completion: .yaml),
    ]
  }

  /// - Parameter hasRegistry: whether one of APISIX's is named beside it.
  func validate(hasRegistry: Bool) throws(Mistake) {
    if isGiven, hasRegistry { throw Mistake("--registry and --zookeeper or --seed-config exclude each other.") }
    if let zookeeper, let objection = SeedSettings.objection(to: zookeeper) {
      throw Mistake("--zookeeper \(objection).")
    }
  }
}
