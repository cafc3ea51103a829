import Findings

/// Source: the schema in ADC's SDK.
enum ADCKeys {
  static let unknownKey: Rule = """
    adc/unknown-key (error): ADC has no such key here
    Checks: The keys of services and of the routes in them. Those of upstreams have a rule of their own.
    Why: ADC reads its file strictly and refuses one with a key that it does not know. Some keys of APISIX have other \
    names here (`description` for `desc`, `uris` for `uri`), and a route has no upstream of its own.
    Example:
    services:
      - name: plat
        routes:
          - name: hello
            uri: /hello
    Fix: services:
      - name: plat
        routes:
          - name: hello
            uris: [/hello]
    """

  static let nodesNotAList: Rule = """
    adc/nodes-not-a-list (error): ADC wants the nodes as a list
    Checks: nodes of upstreams in ADC files.
    Why: APISIX itself takes a mapping of `host:port` to weight as well; ADC takes a list of host, port and weight \
    only, and refuses the file.
    Example:
    nodes:
      "10.5.10.109:8080": 1
    Fix: nodes:
      - host: 10.5.10.109
        port: 8080
        weight: 1
    """

  private static let service: Set<String> = [
    "id", "name", "description", "labels", "upstream", "upstreams", "plugins", "path_prefix", "strip_path_prefix",
    "hosts", "routes", "stream_routes",
  ]
  private static let route: Set<String> = [
    "id", "name", "description", "labels", "hosts", "uris", "priority", "timeout", "vars", "methods",
    "enable_websocket", "remote_addrs", "plugins", "filter_func",
  ]
  private static let meant = [
    "desc": "description", "uri": "uris", "host": "hosts", "remote_addr": "remote_addrs", "upstream": "",
    "upstream_id": "", "service_id": "",
  ]

  static func check(_ top: Field) -> [Finding] {
    (top["services"]?.items ?? []).flatMap { item in
      check(item, service, "a service") + (item["routes"]?.items ?? []).flatMap { check($0, route, "a route") }
    }
  }

  private static func check(_ object: Field, _ known: Set<String>, _ name: String) -> [Finding] {
    object.members.compactMap { member in
      guard !known.contains(member.key), member.key != "<<", !member.key.isTemplated else { return nil }
      let hint = meant[member.key] ?? nearest(member.key, among: known.sorted())
      let help = hint.map {
        $0.isEmpty
          ? "the service's upstream is used for its routes"
          : correction(member.key, meant: $0, isThere: object[$0] != nil)
      }
      return member.finding(unknownKey, "\(name) has no key '\(member.key)' in ADC", help: help ?? "remove it")
    }
  }

  static func nodes(_ upstream: Upstream) -> Finding? {
    guard upstream.isADC, let nodes = upstream.nodes, nodes.isMapping else { return nil }
    return nodes.finding(
      nodesNotAList, "ADC wants a list of nodes, not a mapping",
      help: "write nodes: [{host: HOST, port: PORT, weight: 1}]")
  }
}
