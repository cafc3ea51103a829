import Common
import Findings
import Kubernetes
import SourceText
import YAML

enum StandaloneRoutes {
  static let referenceNotFound: Rule = """
    standalone/reference-not-found (error): An upstream_id, service_id or another reference names nothing in this file
    Checks: upstream_id, service_id and plugin_config_id of routes, services, stream routes and traffic-split, and the \
    group_id of consumers, against the ids in the same file. In a file that does not end with #END, which may be a \
    part of one, it is a note, and only there when at least half of the references are found.
    Why: A standalone file is all that APISIX has. A route whose upstream is not there gets 502 or 503, and the log \
    says `failed to find upstream by id`.
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

  static let noURI: Rule = """
    standalone/route-without-uri (error): A route has no uri
    Checks: That each item of `routes` has `uri` or `uris`.
    Why: APISIX does not take a route that has neither. It drops it with a line in the log, and requests get 404.
    Example:
    routes:
      - host: shop.example.org
        upstream_id: cart
    Fix: routes:
      - host: shop.example.org
        uri: /*
        upstream_id: cart
    """

  static let rules = [InlineTrafficSplit.rule, referenceNotFound, overridesService, noURI]

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
        if list == "routes" { findings += withoutURI(object) }
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

  private static func withoutURI(_ route: Field) -> Finding? {
    let given = ["uri", "uris"].compactMap { route[$0] }
    guard route.isMapping, given.allSatisfy(\.isNull) else { return nil }
    return (given.first ?? route["id"] ?? route).finding(
      noURI, "the route has no uri; APISIX drops it", help: "add uri: /*, or the path that it is for")
  }

  /// The ids of the file.
  private struct References {
    private var ids: [String: (known: Set<String>, named: [String])] = [:]
    /// Whether the file is all that APISIX has.
    private let isWhole: Bool

    private static let lists = [
      ("upstream_id", "upstreams"), ("service_id", "services"), ("plugin_config_id", "plugin_configs"),
      ("group_id", "consumer_groups"),
    ]

    /// Leaves out a list that is plainly a part only, because most references lead out of the file.
    init(_ top: Field, _ objects: [Field]) {
      isWhole = EndMarker.isMarked(top.file.tree.text.bytes) && top.file.tree.templates == nil
      for (key, list) in Self.lists {
        let items = top[list]?.items ?? []
        let named = items.compactMap { $0["id"]?.string }
        guard !named.contains(where: \.isTemplated) else { continue }
        var known = Set(named)
        if isWhole {
          // What has no id gets one of its place.
          for place in items.indices where items[place]["id"] == nil {
            known.formUnion(["arr_\(place + 1)", "\(list)#\(place + 1)"])
          }
        } else {
          guard !named.isEmpty, named.count == items.count else { continue }
          let used = objects.compactMap { $0[key]?.string }
          guard used.filter(known.contains).count * 2 >= used.count else { continue }
        }
        ids[key] = (known, Set(named).sorted())
      }
    }

    func check(_ object: Field) -> [Finding] {
      ids.sorted { $0.key < $1.key }.compactMap { key, list in
        let named = list.named
        guard let field = object[key], let id = field.string, !id.isTemplated, !list.known.contains(id) else {
          return nil
        }
        let near = named.count > 200 ? nil : nearest(id, among: named)
        return field.finding(
          referenceNotFound, severity: isWhole ? nil : .note,
          "this file has no \(Self.name(key)) with the id '\(id)'",
          help: near.map { "did you mean \($0)?" }
            ?? (named.isEmpty
              ? "add it under \(Self.list(key)), with id: \(YAMLScalar.written(id))"
              : "ids here: \(named.count > 8 ? "\(named.count) others" : named.joined(separator: ", "))"))
      }
    }

    private static func list(_ key: String) -> String { lists.first { $0.0 == key }?.1 ?? "" }

    /// `plugin config` for `plugin_config_id`
    private static func name(_ key: String) -> String { String(list(key).dropLast()).replacing("_", with: " ") }
  }
}
