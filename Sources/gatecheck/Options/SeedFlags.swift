import Probes

/// Where ZooKeeper is, as apisix-seed reads it.
extension SeedOptions: Flags {
  static var flags: [Parameter<Self>] {
    [
      Parameter("zookeeper", \.zookeeper, "host:port", "The ZooKeeper that apisix-seed reads; HOST:PORT/PREFIX too."),
      Parameter(
        "seed-config", \.config, "file", "apisix-seed's conf.yaml: its ZooKeeper and etcd.", completion: .yaml),
    ]
  }
}
