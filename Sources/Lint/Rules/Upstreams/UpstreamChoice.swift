import Findings

/// Nodes or discovery: one of them, whole.
enum UpstreamChoice {
  static let nodesAndService = Rule(
    id: "upstream/nodes-and-service-name", severity: .error, summary: "An upstream has both nodes and a service name",
    checks: "Upstreams with nodes and with service_name and discovery_type.",
    why: "An upstream has either fixed nodes or service discovery. With both, APISIX refuses it: `value should match "
      + "only one schema, but matches both schemas 1 and 2`. ADC says `Upstream must either explicitly specify nodes "
      + "or use service discovery and not both`.",
    example: """
      nodes:
        "10.5.10.109:8080": 1
      service_name: default/plat-dev:http
      discovery_type: kubernetes
      """,
    fix: """
      service_name: default/plat-dev:http
      discovery_type: kubernetes
      """)

  static let discoveryTypeMissing = Rule(
    id: "upstream/discovery-type-missing", severity: .error, summary: "A service name without a discovery_type",
    checks: "Upstreams with service_name and without discovery_type.",
    why:
      "Without nodes APISIX refuses the upstream: `value should match only one schema, but matches none`. With nodes "
      + "it is accepted, and then every request fails with `discovery server need appoint`. An old Dashboard drops "
      + "discovery_type when it saves.",
    example: "service_name: default/plat-dev:http",
    fix: """
      service_name: default/plat-dev:http
      discovery_type: kubernetes
      """)

  static let serviceNameMissing = Rule(
    id: "upstream/service-name-missing", severity: .error, summary: "A discovery_type without a service name",
    checks: "Upstreams with discovery_type and without service_name.",
    why:
      "Without nodes APISIX refuses the upstream: `value should match only one schema, but matches none`. With nodes "
      + "it takes the nodes and discovers nothing.",
    example: "discovery_type: kubernetes",
    fix: """
      discovery_type: kubernetes
      service_name: default/plat-dev:http
      """)

  static let withoutNodes = Rule(
    id: "upstream/without-nodes", severity: .error, summary: "An upstream has neither nodes nor a service name",
    checks: "Upstreams that have none of nodes, service_name and discovery_type.",
    why:
      "APISIX refuses it: `value should match only one schema, but matches none`, and drops the object that holds it.",
    example: """
      upstream:
        type: roundrobin
      """,
    fix: """
      upstream:
        type: roundrobin
        nodes:
          "10.5.10.109:8080": 1
      """)

  static let rules = [nodesAndService, discoveryTypeMissing, serviceNameMissing, withoutNodes]

  static func check(_ upstream: Upstream) -> Finding? {
    if upstream.isSeeded { return nil }
    let field = upstream.field
    switch (upstream.nodes, upstream.name, upstream.type) {
    case (let nodes?, _?, _?):
      return nodes.finding(
        nodesAndService, "this upstream has nodes and service_name; APISIX refuses both together",
        help: "remove nodes, or service_name and discovery_type")
    case (let nodes, let name?, nil):
      return name.finding(
        discoveryTypeMissing,
        nodes == nil || upstream.isADC
          ? "service_name without discovery_type; the upstream is refused"
          : "service_name without discovery_type; every request fails with 'discovery server need appoint'",
        help:
          "add discovery_type: kubernetes, nacos, consul, ..."
          + (nodes == nil ? "" : " and remove nodes; or remove service_name")
      )
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
