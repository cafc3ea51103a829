/// Who leads to which upstream, by APISIX's precedence: of a route and its service the first of the route's
/// `upstream_id`, the route's `upstream`, the service's `upstream_id`, the service's `upstream`.
struct UpstreamReferences {
  /// A route, stream route or service.
  struct Holder {
    /// `routes/1`
    let owner: String
    let origin: UpstreamOrigin
    let upstreamID: String?
    let hasUpstream: Bool
    /// `services/1`
    let service: String?
  }

  private var routes: [Holder] = []
  private var services: [Holder] = []
  /// `upstreams/1`, from plugins and the like.
  private var others: Set<String> = []

  mutating func add(_ holder: Holder) {
    if holder.owner.hasPrefix("services/") { services.append(holder) } else { routes.append(holder) }
  }

  mutating func add(upstream id: String) { others.insert("upstreams/\(id)") }

  /// Objects that have both; the upstream_id is what counts.
  var conflicts: [Holder] { (routes + services).filter { $0.hasUpstream && $0.upstreamID != nil } }

  /// The upstreams that stand on their own and are used, and what becomes of those inside routes and services where
  /// they are not, both by owner.
  func judge() -> (used: Set<String>, inline: [String: DiscoveryUpstream.Use]) {
    var used = others
    var inline: [String: DiscoveryUpstream.Use] = [:]
    var reached: Set<String> = []
    var passedOver: [String: String] = [:]
    for route in routes {
      if let id = route.upstreamID {
        used.insert("upstreams/\(id)")
        if route.hasUpstream { inline[route.owner] = .overridden(by: "its upstream_id \(id)") }
      }
      guard let service = route.service else { continue }
      if route.upstreamID == nil, !route.hasUpstream {
        reached.insert(service)
      } else {
        passedOver[service] = route.owner
      }
    }
    for service in services {
      // Without any route this is the half of an installation.
      if !routes.isEmpty, !reached.contains(service.owner) {
        inline[service.owner] =
          passedOver[service.owner].map { .overridden(by: "the upstream of \($0)") } ?? .unreferenced
      } else if let id = service.upstreamID {
        used.insert("upstreams/\(id)")
        if service.hasUpstream { inline[service.owner] = .overridden(by: "its upstream_id \(id)") }
      }
    }
    return (used, inline)
  }
}
