import APISIX
import Findings
import SourceText

/// Why a request does not get from a route to an upstream.
enum RouteRules {
  static let all = [noMatch, lost]

  static let noMatch: Rule = """
    route/no-match (error): No route takes this request
    Checks: With `doctor --uri PATH --host NAME`, whether a route has this path and this host, as radixtree_host_uri, \
    APISIX's usual router, chooses; `vars`, `methods` and filter functions are not looked at.
    Why: APISIX answers 404 with `404 Route Not Found`.
    Example: uri: /orders, and a request for /orders/7
    Fix: uri: /orders*
    zh: 没有路由匹配这个请求
    Checks: 用 `doctor --uri PATH --host NAME` 时，按 APISIX 默认的 radixtree_host_uri 路由器，是否有路由匹配这个路径和 host；\
    `vars`、`methods` 和过滤函数不看。
    Why: APISIX 返回 404：`404 Route Not Found`。
    """

  static let lost: Rule = """
    route/no-upstream (error): The route of this request leads to no upstream
    Checks: With `doctor --uri PATH`, whether the route has an upstream: its `upstream_id`, its `upstream`, or that of \
    its service; and whether what it names is there.
    Why: APISIX answers 502 or 503: `failed to find upstream by id`, `missing upstream configuration in Route or \
    Service`.
    Example: upstream_id: 7, where there is no upstream 7
    Fix: Make the object that is named, or name one that is there.
    """

  static func none(_ request: String, _ path: RouteTable.Path) -> Finding {
    let help =
      path.near.map { near in
        near.isOff
          ? "\(near.route) has this path, and is switched off: status: 1 switches it on"
          : "\(near.route) has this path, for \(near.hosts.joined(separator: ", ")) alone: is --host right?"
      } ?? "uri is taken letter by letter; one that ends in * takes all that begins so"
    return Finding(rule: noMatch, message: "no route takes \(request)", help: help)
  }

  static func missing(_ object: String, named owner: String) -> Finding {
    Finding(
      rule: lost, message: "\(owner) names \(object), which is not there",
      help: "make it, or name one that is there")
  }

  static func noUpstream(_ route: String) -> Finding {
    Finding(
      rule: lost, message: "\(route) has no upstream, no upstream_id and no service with one",
      help: "give it an upstream: upstream_id: ID")
  }
}
