public import JSON

/// Finds every upstream with discovery in what people have: apisix.yaml and apisix.json, ADC files, answers of the Admin
/// API (version 2 and 3) and of the control API, ApisixUpstream manifests.
///
/// It takes each document for what it looks like, so a file of another kind gives nothing.
public struct UpstreamInventory: Sendable {
  public private(set) var upstreams: [DiscoveryUpstream] = []
  /// Ids that routes, services and plugins lead to, `upstreams/1` and `services/1`.
  private var references: Set<String> = []
  /// Upstreams and services that stand on their own, by what would be referred to.
  private var own: [Int: String] = [:]

  public init() {}

  /// Adds what a document holds.
  /// - Parameter source: the file or URL it came from.
  public mutating func take(_ document: JSONValue, from source: String) {
    walk(document, Place(source: source, owner: nil, collection: nil, isOwn: false))
  }

  /// Call once all documents are in: says of each upstream whether anything leads to it.
  public mutating func finish() {
    // A service that no route leads to uses nothing either, but a file may hold half of an installation.
    for (index, name) in own where !references.contains(name) { upstreams[index].isUsed = false }
    own = [:]
  }

  private struct Place {
    let source: String
    /// `routes/1`
    var owner: String?
    /// `routes`, when what comes next is one of them.
    var collection: String?
    /// Whether the value is the object `owner` itself, not something inside.
    var isOwn: Bool
  }

  private static let collections: Set = [
    "routes", "services", "upstreams", "stream_routes", "global_rules", "plugin_configs", "consumers",
    "consumer_groups",
  ]

  private mutating func walk(_ value: JSONValue, _ place: Place) {
    switch value {
    case .array(let items):
      for (index, item) in items.enumerated() {
        var inner = place
        if let collection = place.collection {
          inner.owner = "\(collection)/\(Self.name(of: item["value"] ?? item) ?? "\(index)")"
          inner.isOwn = true
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
    if let key = value["key"]?.string, value["value"] != nil {
      let parts = key.split(separator: "/").suffix(2)
      if parts.count == 2, let first = parts.first, Self.collections.contains(String(first)) {
        place.owner = parts.joined(separator: "/")
        place.isOwn = true
      }
    }
    if value["kind"]?.string == "ApisixUpstream" { return takeManifest(value, place) }
    for key in ["upstream_id", "service_id"] {
      guard let id = value[key].flatMap(Self.text) else { continue }
      references.insert("\(key == "upstream_id" ? "upstreams" : "services")/\(id)")
    }
    if let type = value["discovery_type"]?.string, let name = value["service_name"]?.string {
      if place.isOwn, let owner = place.owner, owner.hasPrefix("upstreams/") { own[upstreams.count] = owner }
      add(type, name, place.owner ?? "upstream", place.source)
    }
    for member in object.members {
      var inner = place
      inner.collection = Self.collections.contains(member.key) ? member.key : nil
      inner.isOwn = member.key == "value" && place.isOwn
      // In an ADC file the upstreams of a service belong to it.
      if place.owner?.hasPrefix("services/") == true, member.key == "upstreams" { inner.collection = nil }
      walk(member.value, inner)
    }
  }

  private mutating func takeManifest(_ manifest: JSONValue, _ place: Place) {
    let metadata = manifest["metadata"]
    let namespace = metadata?["namespace"]?.string.map { $0 + "/" } ?? ""
    let discovery = manifest["spec"]?["discovery"]
    guard let type = discovery?["type"]?.string, let name = discovery?["serviceName"]?.string else { return }
    add(type, name, "ApisixUpstream \(namespace)\(metadata?["name"]?.string ?? "")", place.source)
  }

  private mutating func add(_ type: String, _ name: String, _ owner: String, _ source: String) {
    upstreams.append(DiscoveryUpstream(discoveryType: type, serviceName: name, owner: owner, source: source))
  }

  private static func name(of item: JSONValue) -> String? {
    (item["id"] ?? item["name"]).flatMap(text) ?? item["username"]?.string
  }

  /// An id may be a number.
  private static func text(_ value: JSONValue) -> String? {
    value.string ?? value.number.map { _ in value.text() }
  }
}
