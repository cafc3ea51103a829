import Common
import Findings

enum StandaloneRoutes {
  static let referenceNotFound: Rule = """
    standalone/reference-not-found (note): An upstream_id or service_id names nothing in this file
    Checks: upstream_id and service_id of routes, services, stream routes and traffic-split against the ids in the \
    same file, when it has such a list and at least half of the references are found there.
    Why: A standalone file is all that APISIX has. A route whose upstream is not there gets 503, and the log says \
    `failed to fetch upstream info by upstream id`.
    Example:
    routes:
      - uri: /hello
        upstream_id: plat-dve
    upstreams:
      - id: plat-dev
    Fix: upstream_id: plat-dev
    """

  static let overridesService: Rule = """
    standalone/route-overrides-service (note): A route has an upstream of its own, so the service's discovery is not \
    used
    Checks: Routes with service_id and an upstream or upstream_id, when the service has an upstream with discovery.
    Why: A route's own upstream always wins over that of its service. The service's discovery is not used for this \
    route.
    Example:
    routes:
      - uri: /hello
        service_id: plat-dev   # with service_name
        upstream: {nodes: {"10.5.10.109:8080": 1}}
    Fix: remove the route's upstream
    """

  static let rules = [InlineTrafficSplit.rule, referenceNotFound, overridesService]

  private static let lists = [
    "routes", "services", "stream_routes", "plugin_configs", "global_rules", "consumers", "consumer_groups",
  ]

  /// Every upstream of the file.
  static func upstreams(of top: Field) -> [Field] {
    (top["upstreams"]?.items ?? [])
      + ["routes", "services", "stream_routes"].flatMap { top[$0]?.items ?? [] }.compactMap { $0["upstream"] }
  }

  static func check(_ top: Field) -> [Finding] {
    let known = References(top, lists.flatMap { top[$0]?.items ?? [] })
    let discovering = discoveringServices(of: top)
    return lists.flatMap { list in
      (top[list]?.items ?? []).flatMap { object -> [Finding] in
        var findings = known.check(object)
        if list == "routes" || list == "stream_routes" { findings += overriding(object, discovering) }
        for weighted in weightedUpstreams(object) {
          findings += known.check(weighted)
          findings += trafficSplit(weighted)
        }
        return findings
      }
    }
  }

  /// An upstream of traffic-split that asks a registry itself.
  static func trafficSplit(_ weighted: Field) -> Finding? {
    weighted["upstream"]?["service_name"]?.finding(
      InlineTrafficSplit.rule, InlineTrafficSplit.message, help: InlineTrafficSplit.help)
  }

  static func weightedUpstreams(_ object: Field) -> [Field] {
    (object["plugins"]?["traffic-split"]?["rules"]?.items ?? []).flatMap { $0["weighted_upstreams"]?.items ?? [] }
  }

  /// The ids of the services whose upstream has discovery.
  private static func discoveringServices(of top: Field) -> Set<String> {
    Set(
      (top["services"]?.items ?? []).compactMap { service in
        guard let upstream = service["upstream"], upstream["service_name"] != nil, upstream["discovery_type"] != nil
        else { return nil }
        return service["id"]?.string
      })
  }

  private static func overriding(_ route: Field, _ discovering: Set<String>) -> Finding? {
    guard !discovering.isEmpty, let id = route["service_id"]?.string, discovering.contains(id),
      let own = route["upstream"] ?? route["upstream_id"]
    else { return nil }
    return own.finding(
      overridesService, "this upstream wins; the discovery of service \(id) is not used",
      help: "remove one of the two")
  }

  /// The ids of the file.
  private struct References {
    private var ids: [String: Set<String>] = [:]

    /// Leaves out a list that is plainly a part only, because most references lead out of the file.
    init(_ top: Field, _ objects: [Field]) {
      for (key, list) in [("upstream_id", "upstreams"), ("service_id", "services")] {
        let items = top[list]?.items ?? []
        let named = items.compactMap { $0["id"]?.string }
        // Items without an id have a number that nobody writes.
        guard !named.isEmpty, named.count == items.count, !named.contains(where: \.isTemplated) else { continue }
        let known = Set(named)
        let used = objects.compactMap { $0[key]?.string }
        guard used.filter(known.contains).count * 2 >= used.count else { continue }
        ids[key] = known
      }
    }

    func check(_ object: Field) -> [Finding] {
      ids.sorted { $0.key < $1.key }.compactMap { key, known in
        guard let field = object[key], let id = field.string, !id.isTemplated, !known.contains(id) else { return nil }
        let near = known.count > 200 ? nil : nearest(id, among: known.sorted())
        return field.finding(
          referenceNotFound, "this file has no \(key.dropLast(3)) with the id '\(id)'",
          help: near.map { "did you mean \($0)?" }
            ?? "ids here: \(known.count > 8 ? "\(known.count) others" : known.sorted().joined(separator: ", "))")
      }
    }
  }
}
