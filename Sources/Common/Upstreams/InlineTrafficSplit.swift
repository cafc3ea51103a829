public import Findings

/// What is said of an inline upstream with discovery in traffic-split.
public enum InlineTrafficSplit {
  public static let rule: Rule = """
    upstream/traffic-split-inline (error): traffic-split has an inline upstream with service discovery
    Checks: rules[].weighted_upstreams[].upstream of the plugin traffic-split for service_name.
    Why: The plugin resolves an inline upstream by itself and does not know service discovery there: the schema \
    accepts it, and requests fail. An upstream that is referred to by upstream_id works.
    Example:
    weighted_upstreams:
      - upstream:
          service_name: default/plat-dev:http
          discovery_type: kubernetes
        weight: 1
    Fix: weighted_upstreams:
      - upstream_id: plat-dev
        weight: 1
    """

  public static let message = "traffic-split does not do service discovery for an inline upstream"
  public static let help = "make it an upstream of its own and write upstream_id"
}
