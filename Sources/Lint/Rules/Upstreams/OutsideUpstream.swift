import Findings

enum OutsideUpstream {
  static let rule: Rule = """
    upstream/outside (error): The service name stands beside the upstream, not in it
    Checks: That no route or service of a standalone file, and no route for the Admin API, has service_name, \
    discovery_type or discovery_args itself.
    Why: They are keys of an upstream. APISIX refuses a route or service with a key that it does not know: `additional \
    properties forbidden, found service_name`. A standalone file then lacks it: requests get 404.
    Example:
    routes:
      - uri: /hello
        service_name: web
        discovery_type: consul
    Fix: routes:
      - uri: /hello
        upstream:
          type: roundrobin
          service_name: web
          discovery_type: consul
    zh: service_name 写在了上游外面
    Checks: standalone 文件里的路由和服务，以及交给 Admin API 的路由，不能自己带有 service_name、discovery_type 或 \
    discovery_args。
    Why: 它们是上游的键。路由或服务里有不认识的键，APISIX 就会拒绝：`additional properties forbidden, found \
    service_name`。对于 standalone 文件，这条路由就没有了：请求返回 404。
    """

  private static let keys = ["service_name", "discovery_type", "discovery_args"]

  /// Of a standalone file.
  static func check(_ top: Field) -> [Finding] {
    [("routes", "route"), ("services", "service")].flatMap { list, name in
      (top[list]?.items ?? []).compactMap { check($0, name) }
    }
  }

  /// - Parameter name: what the object is called.
  static func check(_ object: Field, _ name: String) -> Finding? {
    let members = object.members.filter { keys.contains($0.key) }
    let list = members.map(\.key).joined(separator: " and ")
    let are = members.count == 1 ? "is a key" : "are keys"
    let it = members.count == 1 ? "it" : "them"
    let help =
      object["upstream"] == nil
      ? "write upstream: below the \(name), and \(list) with a type below that"
      : object["upstream"]?["nodes"] == nil
        ? "move \(list) under upstream"
        : "take \(it) out, as upstream has nodes; or write under upstream service_name and discovery_type in their "
          + "place"
    return members.first?.finding(
      rule, "\(list) \(are) of an upstream, not of a \(name); APISIX refuses the \(name)", help: help)
  }
}
