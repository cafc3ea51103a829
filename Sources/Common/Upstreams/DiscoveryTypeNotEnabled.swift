public import Findings

public enum DiscoveryTypeNotEnabled {
  public static let rule = Rule(
    id: "discovery-type/not-enabled", severity: .error, summary: "The registry is not enabled in config.yaml",
    checks: "discovery_type against the registries in the config.yaml of the same folder or, without one there, in all "
      + "config.yaml files of the run.",
    why: "Every request to this upstream is answered with 503, and the log says `discovery NAME is uninitialized`.",
    example: """
      # config.yaml has discovery.nacos only
      discovery_type: kubernetes
      """,
    fix: """
      discovery:
        kubernetes: {}
      """)
}
