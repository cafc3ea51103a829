import Common
import Findings
import YAML

/// Nodes or discovery: one of them, whole.
enum UpstreamChoice {
  static let nodesAndService: Rule = """
    upstream/nodes-and-service-name (error): An upstream has both nodes and a service name
    Checks: Upstreams with nodes and with service_name and discovery_type.
    Why: An upstream has either fixed nodes or service discovery. With both, APISIX refuses it: `value should match \
    only one schema, but matches both schemas 1 and 2`. ADC says `Upstream must either explicitly specify nodes or use \
    service discovery`.
    Example:
    nodes:
      "10.5.10.109:8080": 1
    service_name: default/plat-dev:http
    discovery_type: kubernetes
    Fix: service_name: default/plat-dev:http
    discovery_type: kubernetes
    zh: 上游同时写了 nodes 和 service_name
    Checks: 既有 nodes，又有 service_name 和 discovery_type 的上游。
    Why: 上游要么用固定节点，要么用服务发现。两者都写，APISIX 会拒绝：`value should match only one schema, but \
    matches both schemas 1 and 2`。ADC 会报 `Upstream must either explicitly specify nodes or use service discovery`。
    """

  static let serviceNameMissing: Rule = """
    upstream/service-name-missing (error): A discovery_type without a service name
    Checks: Upstreams with discovery_type and without service_name.
    Why: Without nodes APISIX refuses the upstream: `value should match only one schema, but matches none`. With nodes \
    it takes the nodes and discovers nothing.
    Example: discovery_type: kubernetes
    Fix: discovery_type: kubernetes
    service_name: default/plat-dev:http
    zh: 有 discovery_type，没有 service_name
    Checks: 写了 discovery_type 而没有写 service_name 的上游。
    Why: 没有 nodes 时，APISIX 会拒绝该上游：`value should match only one schema, but matches none`。有 nodes 时就使\
    用 nodes，不做服务发现。
    """

  static let withoutNodes: Rule = """
    upstream/without-nodes (error): An upstream has neither nodes nor a service name
    Checks: Upstreams that have none of nodes, service_name and discovery_type.
    Why: APISIX refuses it: `value should match only one schema, but matches none`, and drops the object that holds it.
    Example:
    upstream:
      type: roundrobin
    Fix: upstream:
      type: roundrobin
      nodes:
        "10.5.10.109:8080": 1
    zh: 上游既没有 nodes，也没有 service_name
    Checks: nodes、service_name 和 discovery_type 都没有写的上游。
    Why: APISIX 会拒绝它：`value should match only one schema, but matches none`，并丢弃它所在的对象。
    """

  static let rules = [nodesAndService, DiscoveryTypeMissing.rule, serviceNameMissing, withoutNodes]

  static func check(_ upstream: Upstream) -> Finding? {
    if upstream.isSeeded { return nil }
    let field = upstream.field
    switch (upstream.nodes, upstream.name, upstream.type) {
    case (let nodes?, let name?, let type?):
      // They may stand in two branches of a template.
      guard ![name, type].contains(where: { field.file.tree.areApart($0.id, nodes.id) }) else { return nil }
      return nodes.finding(
        nodesAndService, "this upstream has nodes and service_name; APISIX refuses both together",
        help: "remove nodes, or service_name and discovery_type")
    case (let nodes, let name?, nil):
      return name.finding(
        DiscoveryTypeMissing.rule, DiscoveryTypeMissing.message(isServed: nodes != nil && !upstream.isADC),
        help: DiscoveryTypeMissing.help(hasNodes: nodes != nil))
    case (let nodes, nil, let type?):
      return type.finding(
        serviceNameMissing, severity: nodes == nil || upstream.isADC ? .error : .warning,
        nodes == nil
          ? "discovery_type without service_name; the upstream is refused"
          : "discovery_type without service_name: only the nodes are used",
        help: nodes == nil ? "add service_name" : "remove discovery_type, or nodes and add service_name")
    case (nil, nil, nil):
      // What a plugin or a later merge fills in is not known.
      guard field["nodes"] == nil, !field.members.contains(where: { $0.key.isTemplated }) else { return nil }
      return field.finding(
        withoutNodes, "this upstream has neither nodes nor service_name",
        help: "add nodes, or service_name and discovery_type")
    default: return nil
    }
  }
}
