/// Where the configuration of APISIX stands.
struct ConfigFlags: Flags {
  var config: String?
  var cluster: String?
  var release = ReleaseFlags()

  static var flags: [Parameter<Self>] {
    [
      Parameter("config", \.config, "file", "APISIX's config.yaml.", completion: .yaml),
      Parameter("cluster", \.cluster, "id", "One cluster of a configuration with several."),
    ] + ReleaseFlags.flags(at: \.release)
  }
}
