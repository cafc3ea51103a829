import JSON

/// The routes, services and upstreams of an installation, and which of them a request leads to: as APISIX's router
/// radixtree_host_uri chooses. What else a route asks for (`vars`, `remote_addr`, a filter function) is not looked at.
public struct RouteTable: Sendable {
  /// By owner: `routes/1`, in the order in which they were found.
  private var objects: [String: JSONValue] = [:]
  private var routes: [String] = []

  public init() {}

  mutating func add(_ owner: String, _ value: JSONValue) {
    if objects.updateValue(value, forKey: owner) == nil, owner.hasPrefix("routes/") { routes.append(owner) }
  }

  /// What a request leads to, link by link.
  public struct Path: Sendable {
    /// `routes/1`; nil where none takes it.
    public internal(set) var route: String?
    /// A route that takes the path, for other hosts alone, or is switched off.
    public internal(set) var near: (route: String, hosts: [String], isOff: Bool)?
    /// `services/1`, where the route has its upstream from there.
    public internal(set) var service: String?
    /// Who has the upstream: the route, the service, or `upstreams/1`.
    public internal(set) var upstream: String?
    /// An object that is named, and is not there.
    public internal(set) var missing: String?
    /// The registry's name and the service's; nil where the upstream has nodes of its own, or says no registry.
    public internal(set) var discovery: RegistryService?
    /// Its nodes stand in the upstream itself.
    public internal(set) var isStatic = false
    /// The route asks for more than path and host, which is not looked at.
    public internal(set) var isConditional = false
    /// A plugin of the route or its service that may answer in the place of an upstream.
    public internal(set) var plugin: String?
  }

  /// - Parameter host: nil for any.
  public func path(of uri: String, host: String?) -> Path {
    var path = Path()
    let fitting = routes.compactMap { owner in objects[owner].flatMap { Fit(owner, $0, uri) } }
    let open = fitting.filter { !$0.isOff && $0.takes(host) }
    guard let best = open.max(by: { $0.rank(host) < $1.rank(host) }), let route = objects[best.owner] else {
      path.near = fitting.max { $0.rank(nil) < $1.rank(nil) }.map { ($0.owner, $0.hosts, $0.isOff) }
      return path
    }
    path.route = best.owner
    path.isConditional = ["vars", "methods", "filter_func", "remote_addr", "remote_addrs"].contains { route[$0] != nil }
    follow(route, best.owner, &path)
    return path
  }

  /// Of a route and its service the first of the route's `upstream_id`, the route's `upstream`, the service's
  /// `upstream_id`, the service's `upstream`.
  private func follow(_ holder: JSONValue, _ owner: String, _ path: inout Path) {
    let plugins = holder["plugins"]?.object?.members.map(\.key) ?? []
    path.plugin = path.plugin ?? plugins.first(where: Self.answering.contains) ?? holder["script"].map { _ in "script" }
    if let id = holder["upstream_id"].flatMap(Self.text) {
      let name = "upstreams/\(id)"
      path.upstream = name
      guard let upstream = objects[name] else {
        path.missing = name
        return
      }
      return take(upstream, &path)
    }
    if let upstream = holder["upstream"], upstream.object != nil {
      path.upstream = owner
      return take(upstream, &path)
    }
    guard path.service == nil, let id = holder["service_id"].flatMap(Self.text) else { return }
    let name = "services/\(id)"
    path.service = name
    guard let service = objects[name] else {
      path.missing = name
      return
    }
    follow(service, name, &path)
  }

  private func take(_ upstream: JSONValue, _ path: inout Path) {
    path.isStatic = upstream["nodes"] != nil && upstream["service_name"] == nil
    guard let name = upstream["service_name"]?.string, let type = upstream["discovery_type"]?.string,
      let kind = RegistryKind(rawValue: type)
    else { return }
    let arguments = (upstream["discovery_args"]?.object?.members ?? []).compactMap { member in
      member.value.string.map { (member.key, $0) }
    }
    path.discovery = RegistryService(kind, name, Dictionary(arguments) { $1 })
  }

  /// Plugins that answer a request themselves, or choose where it goes.
  private static let answering: Set = [
    "redirect", "mocking", "fault-injection", "public-api", "traffic-split", "ai-proxy", "ai-proxy-multi", "aws-lambda",
    "azure-functions", "openwhisk", "openfunction", "serverless-pre-function", "serverless-post-function",
    "ext-plugin-pre-req", "mcp-bridge", "batch-requests", "node-status", "server-info",
  ]

  private static func text(_ value: JSONValue) -> String? { value.string ?? value.number.map { _ in value.text() } }
}

/// A route whose path fits.
private struct Fit {
  let owner: String
  let hosts: [String]
  let isOff: Bool
  /// Of the uri that fits: how much of it is said, and whether it is said whole.
  private let length: Int
  private let isExact: Bool
  private let priority: Double

  init?(_ owner: String, _ route: JSONValue, _ uri: String) {
    func list(_ one: String, _ several: String) -> [String] {
      (route[several]?.array ?? [route[one]].compactMap { $0 }).compactMap(\.string)
    }
    let path = String(uri.prefix { $0 != "?" })
    let fitting = list("uri", "uris").compactMap { pattern -> (length: Int, isExact: Bool)? in
      if pattern == path { return (pattern.utf8.count, true) }
      guard pattern.hasSuffix("*"), path.hasPrefix(String(pattern.dropLast())) else { return nil }
      return (pattern.utf8.count - 1, false)
    }
    guard let best = fitting.max(by: { ($0.length, $0.isExact ? 1 : 0) < ($1.length, $1.isExact ? 1 : 0) }) else {
      return nil
    }
    self.owner = owner
    hosts = list("host", "hosts").map { $0.lowercased() }
    isOff = route["status"]?.int == 0
    (length, isExact) = (best.length, best.isExact)
    priority = route["priority"]?.number ?? 0
  }

  func takes(_ host: String?) -> Bool { hosts.isEmpty || host == nil || matching(host) != nil }

  /// The longest of its hosts that fits.
  private func matching(_ host: String?) -> Int? {
    guard let host = host?.lowercased() else { return nil }
    return hosts.compactMap { pattern -> Int? in
      if pattern == host { return 1000 + pattern.utf8.count }
      let isBelow = pattern.hasPrefix("*") && host.hasSuffix(String(pattern.dropFirst()))
      return isBelow ? pattern.utf8.count : nil
    }.max()
  }

  /// Hosts come first, then what is said whole, then the longest path, then priority.
  func rank(_ host: String?) -> Rank {
    Rank(values: [Double(matching(host) ?? 0), isExact ? 1 : 0, Double(length), priority])
  }

  struct Rank: Comparable {
    let values: [Double]
    static func < (left: Rank, right: Rank) -> Bool { left.values.lexicographicallyPrecedes(right.values) }
  }
}
