import Findings

/// Nodes as a list. As a map, `"host:port": weight`, they cannot lack either.
enum UpstreamNodes {
  static let rule: Rule = """
    upstream/node-incomplete (error): A node has no host or no weight
    Checks: That each item of a list of `nodes`, in standalone files and in ADC's, has `host` and `weight`.
    Why: APISIX and ADC require both. The object that holds such an upstream is dropped: `property "weight" is \
    required`.
    Example:
    nodes:
      - host: 10.5.10.109
        port: 8080
    Fix: nodes:
      - host: 10.5.10.109
        port: 8080
        weight: 1
    """

  static func check(_ upstream: Upstream) -> [Finding] {
    (upstream.nodes?.items ?? []).compactMap { node in
      let members = node.members
      guard node.isMapping, !members.contains(where: { $0.key.isTemplated || $0.key == "<<" }),
        let missing = ["host", "weight"].first(where: { node[$0] == nil })
      else { return nil }
      let known = ["host", "port", "weight", "priority", "metadata"]
      let near = members.first { !known.contains($0.key) && nearest($0.key, among: [missing]) != nil }
      return node.finding(
        rule, "a node has no \(missing); the upstream is refused",
        help: near.map { "write \(missing), not \($0.key)" }
          ?? "add \(missing)\(missing == "weight" ? ": 1" : ", the address")")
    }
  }
}
