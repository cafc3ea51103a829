import Findings

/// Source: the schema in ADC's SDK.
enum ADCKeys {
  static let unknownKey = Rule(
    id: "adc/unknown-key", severity: .error, summary: "ADC has no such key here",
    checks: "The keys of services and of the routes in them. Those of upstreams have a rule of their own.",
    why: "ADC reads its file strictly and refuses one with a key that it does not know. Some keys of APISIX have other "
      + "names here (`description` for `desc`, `uris` for `uri`), and a route has no upstream of its own.",
    example: """
      services:
        - name: plat
          routes:
            - name: hello
              uri: /hello
      """,
    fix: """
      services:
        - name: plat
          routes:
            - name: hello
              uris: [/hello]
      """)

  static let nodesNotAList = Rule(
    id: "adc/nodes-not-a-list", severity: .error, summary: "ADC wants the nodes as a list",
    checks: "nodes of upstreams in ADC files.",
    why:
      "APISIX itself takes a mapping of `host:port` to weight as well; ADC takes a list of host, port and weight only, "
      + "and refuses the file.",
    example: """
      nodes:
        "10.5.10.109:8080": 1
      """,
    fix: """
      nodes:
        - host: 10.5.10.109
          port: 8080
          weight: 1
      """)

  static let rules = [unknownKey, nodesNotAList]

  private static let service: Set<String> = [
    "id", "name", "description", "labels", "upstream", "upstreams", "plugins", "path_prefix", "strip_path_prefix",
    "hosts",
    "routes", "stream_routes",
  ]
  private static let route: Set<String> = [
    "id", "name", "description", "labels", "hosts", "uris", "priority", "timeout", "vars", "methods",
    "enable_websocket",
    "remote_addrs", "plugins", "filter_func",
  ]
  private static let meant = [
    "desc": "description", "uri": "uris", "host": "hosts", "remote_addr": "remote_addrs", "upstream": "",
    "upstream_id": "",
    "service_id": "",
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
      let help = hint.map { $0.isEmpty ? "the service's upstream is used for its routes" : "write \($0)" }
      return member.finding(unknownKey, "\(name) has no key '\(member.key)' in ADC", help: help ?? "remove it")
    }
  }

  static func nodes(_ upstream: Upstream) -> Finding? {
    guard let nodes = upstream.nodes, nodes.isMapping else { return nil }
    return nodes.finding(
      nodesNotAList, "ADC wants a list of nodes, not a mapping", help: "write - host: HOST, port: PORT, weight: 1")
  }
}
