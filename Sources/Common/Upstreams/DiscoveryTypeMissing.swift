public import Findings

public enum DiscoveryTypeMissing {
  public static let rule: Rule = """
    upstream/discovery-type-missing (error): A service name without a discovery_type
    Checks: Upstreams with service_name and without discovery_type.
    Why: Without nodes APISIX refuses the upstream: `value should match only one schema, but matches none`. With nodes \
    it is accepted, and then every request fails with `discovery server need appoint`. An old Dashboard drops \
    discovery_type when it saves.
    Example: service_name: default/plat-dev:http
    Fix: service_name: default/plat-dev:http
    discovery_type: kubernetes
    zh: 有 service_name，没有 discovery_type
    Checks: 写了 service_name 而没有写 discovery_type 的上游。
    Why: 没有 nodes 时，APISIX 会拒绝该上游：`value should match only one schema, but matches none`。有 nodes 时可以\
    保存，但之后每个请求都报 `discovery server need appoint`。旧版 Dashboard 保存时会丢掉 discovery_type。
    """

  /// - Parameter isServed: APISIX takes the upstream, for the nodes that it has as well.
  public static func message(isServed: Bool) -> String {
    isServed
      ? "service_name without discovery_type; every request fails with 'discovery server need appoint'"
      : "service_name without discovery_type; the upstream is refused"
  }

  public static func help(hasNodes: Bool) -> String {
    "add discovery_type: kubernetes, or nacos, consul, ..."
      + (hasNodes ? " and remove nodes; or remove service_name" : "")
  }
}
