public import JSON

/// Finds every upstream with discovery in what people have: apisix.yaml and apisix.json, ADC files, answers of the
/// Admin API (version 2 and 3) and of the control API, ApisixUpstream manifests.
///
/// It takes each document for what it looks like, so a file of another kind gives nothing.
public struct UpstreamInventory: Sendable {
  public private(set) var upstreams: [DiscoveryUpstream] = []
  /// Upstreams with a service name that say no registry: owner, where it stands, and whether there are nodes too.
  public private(set) var typeless: [(owner: String, origin: UpstreamOrigin, hasNodes: Bool)] = []
  private var references = UpstreamReferences()
  /// Which of them a request leads to.
  public private(set) var table = RouteTable()
  /// ApisixUpstreams that an ApisixRoute names; nil where no ApisixRoute was seen.
  private var routed: Set<String>?

  public init() {}

  /// Adds what a document holds.
  /// - Parameters:
  ///   - source: the file or URL it came from.
  ///   - number: which document of it this is, from 0.
  public mutating func take(_ document: JSONValue, from source: String, number: Int = 0) {
    walk(document, Place(origin: UpstreamOrigin(source: source, document: number)))
  }

  /// Call once all documents are in: says of each upstream whether traffic comes to it.
  /// - Parameter seesAll: whether the documents have every kind of object; else what seems to be used by none may be.
  public mutating func finish(seesAll: Bool = true) {
    let (used, inline) = references.judge()
    for index in upstreams.indices {
      let owner = upstreams[index].owner
      if isOwn.contains(index) {
        if seesAll, !used.contains(owner) { upstreams[index].use = .unreferenced }
      } else if let use = inline[owner], isInline.contains(index) {
        upstreams[index].use = use
      } else if let routed, owner.hasPrefix(Self.manifestPrefix), !routed.contains(owner) {
        upstreams[index].use = .unreferenced
      }
    }
  }

  /// Objects with an upstream and an upstream_id: owner, where it stands, and the id that wins.
  public var conflicts: [(owner: String, origin: UpstreamOrigin, id: String)] {
    references.conflicts.map { ($0.owner, $0.origin, $0.upstreamID ?? "") }
  }

  /// Indices of upstreams that are objects of their own, and of those that stand directly in a route or service.
  private var isOwn: Set<Int> = []
  private var isInline: Set<Int> = []

  private struct Place {
    var origin: UpstreamOrigin
    /// `routes/1`
    var owner: String?
    /// `routes`, when what comes next is one of them.
    var collection: String?
    /// Whether the value is the object `owner` itself, not something inside.
    var isObject = false
    /// Whether the value is the member `upstream` of that object.
    var isUpstream = false
    var isInTrafficSplit = false
    /// The service around it, in an ADC file.
    var service: String?
  }

  private static let collections: Set = [
    "routes", "services", "upstreams", "stream_routes", "global_rules", "plugin_configs", "consumers",
    "consumer_groups",
  ]
  private static let manifestPrefix = "ApisixUpstream "

  private mutating func walk(_ value: JSONValue, _ place: Place) {
    switch value {
    case .array(let items):
      for (index, item) in items.enumerated() {
        var inner = place
        inner.origin.path.append(.index(index))
        if let collection = place.collection {
          // What has no id APISIX counts.
          inner.owner = "\(collection)/\(Self.name(of: item["value"] ?? item) ?? "arr_\(index + 1)")"
          inner.isObject = true
          inner.collection = nil
        }
        walk(item, inner)
      }
    case .object(let object): walk(object, value, place)
    default: break
    }
  }

  private mutating func walk(_ object: JSONObject, _ value: JSONValue, _ place: Place) {
    var place = place
    // Of the Admin API and etcd: {"key": "/apisix/routes/1", "value": {...}}
    let isWrapper = value["value"] != nil
    if isWrapper, let key = value["key"]?.string {
      let parts = key.split(separator: "/").suffix(2)
      if parts.count == 2, let first = parts.first, Self.collections.contains(String(first)) {
        place.owner = parts.joined(separator: "/")
        place.isObject = true
      }
    }
    switch value["kind"]?.string {
    case "ApisixUpstream": return takeManifest(value, place)
    case "ApisixRoute": return takeRoute(value)
    default: break
    }
    if !isWrapper { note(value, place) }
    let isService = place.isObject && place.owner?.hasPrefix("services/") == true
    for member in object.members {
      var inner = place
      inner.origin.path.append(.key(member.key))
      inner.collection = Self.collections.contains(member.key) ? member.key : nil
      inner.isObject = member.key == "value" && place.isObject
      inner.isUpstream = member.key == "upstream" && place.isObject
      if member.key == "traffic-split" { inner.isInTrafficSplit = true }
      if isService, !isWrapper { inner.service = place.owner }
      // In an ADC file the upstreams of a service belong to it.
      if isService, member.key == "upstreams" { inner.collection = nil }
      walk(member.value, inner)
    }
  }

  /// What an object leads to, and whether it is an upstream with discovery.
  private mutating func note(_ value: JSONValue, _ place: Place) {
    let id = value["upstream_id"].flatMap(Self.text)
    if place.isObject, let owner = place.owner { table.add(owner, value) }
    if place.isObject, let owner = place.owner,
      ["routes/", "stream_routes/", "services/"].contains(where: { owner.hasPrefix($0) })
    {
      references.add(
        .init(
          owner: owner, origin: place.origin, upstreamID: id, hasUpstream: value["upstream"]?.object != nil,
          service: value["service_id"].flatMap(Self.text).map { "services/\($0)" } ?? place.service))
    } else if let id {
      references.add(upstream: id)
    }
    let isOwnObject = place.isObject && place.owner?.hasPrefix("upstreams/") == true
    guard let name = value["service_name"]?.string else { return }
    guard let type = value["discovery_type"]?.string else {
      if value["discovery_type"] == nil, isOwnObject || place.isUpstream {
        typeless.append((place.owner ?? "upstream", place.origin, value["nodes"] != nil))
      }
      return
    }
    if isOwnObject { isOwn.insert(upstreams.count) }
    if place.isUpstream { isInline.insert(upstreams.count) }
    add(type, name, place.owner ?? "upstream", place, value["discovery_args"], value["scheme"])
  }

  private mutating func takeManifest(_ manifest: JSONValue, _ place: Place) {
    let discovery = manifest["spec"]?["discovery"]
    var place = place
    place.origin.path += [.key("spec"), .key("discovery")]
    guard let type = discovery?["type"]?.string, let name = discovery?["serviceName"]?.string else { return }
    let owner = Self.manifestPrefix + Self.full(manifest["metadata"]?["name"]?.string ?? "", in: manifest)
    add(type, name, owner, place, discovery?["args"], manifest["spec"]?["scheme"])
  }

  /// `spec.http[].upstreams[].name`, and the same of `stream`.
  private mutating func takeRoute(_ manifest: JSONValue) {
    let rules = ["http", "stream"].flatMap { manifest["spec"]?[$0]?.array ?? [] }
    let names = rules.flatMap { $0["upstreams"]?.array ?? [] }.compactMap { $0["name"]?.string }
    routed = (routed ?? []).union(names.map { Self.manifestPrefix + Self.full($0, in: manifest) })
  }

  private static func full(_ name: String, in manifest: JSONValue) -> String {
    (manifest["metadata"]?["namespace"]?.string.map { $0 + "/" } ?? "") + name
  }

  private mutating func add(
    _ type: String, _ name: String, _ owner: String, _ place: Place, _ arguments: JSONValue?, _ scheme: JSONValue?
  ) {
    let arguments = (arguments?.object?.members ?? []).compactMap { member in
      member.value.string.map { (member.key, $0) }
    }
    upstreams.append(
      DiscoveryUpstream(
        discoveryType: type, serviceName: name, arguments: Dictionary(arguments) { $1 }, scheme: scheme?.string,
        owner: owner, origin: place.origin,
        isInTrafficSplit: place.isInTrafficSplit))
  }

  private static func name(of item: JSONValue) -> String? {
    (item["id"] ?? item["name"]).flatMap(text) ?? item["username"]?.string
  }

  /// An id may be a number.
  private static func text(_ value: JSONValue) -> String? {
    value.string ?? value.number.map { _ in value.text() }
  }
}
