public import Findings

public enum DiscoveryTypeNotEnabled {
  public static let rule: Rule = """
    discovery-type/not-enabled (error): The registry is not enabled in config.yaml
    Checks: discovery_type against the registries in the config.yaml of the same folder or, without one there, in all \
    config.yaml files of the run.
    Why: Every request to this upstream is answered with 503, and the log says `discovery NAME is uninitialized`.
    Example:
    # config.yaml has discovery.nacos only
    discovery_type: kubernetes
    Fix: discovery:
      kubernetes: {}
    """
}
