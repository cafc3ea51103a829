import SourceText

/// What of one cluster's configuration decides on its nodes.
public struct ClusterSettings: Sendable {
  /// What APISIX lists and watches, and how well it reads it.
  public enum Source: Sendable, Hashable {
    case endpoints
    case slices
    /// `watch_endpoint_slices` of 3.14: a node has no host, and the key is the name of the slice, not of the service.
    case slicesMisread
  }

  /// nil in single mode.
  public let id: String?
  public let namespaces: NamespaceFilter
  /// Sent as it is; nil when absent or empty.
  public let labelSelector: String?
  public let defaultWeight: Double
  public let source: Source
  /// `watch_endpoint_slices: true`, whether or not the release heeds it.
  public let wantsSlices: Bool
  public let release: Release
  /// `shared_size` in bytes, or what the release takes without it; nil before 3.0, where nginx_config has it.
  public let sharedSize: Int?
  /// Why APISIX cannot read `client.token_file`; nil where it can, as far as that is known, or uses another token.
  public var tokenFault: Words?
  /// Where all this stands; nil where no configuration says it.
  public let cluster: DiscoveryConfig.Cluster?

  /// Of no use for a cluster that APISIX refuses for one of these keys.
  init(_ cluster: DiscoveryConfig.Cluster) {
    self.init(cluster.value, id: cluster.id.flatMap { $0.isEmpty ? nil : $0 }, cluster.config.release, cluster)
  }

  /// What a release does without any other settings.
  /// - Parameter id: in multi mode.
  public init(id: String? = nil, wantsSlices: Bool = false, release: Release = .newest) {
    var table = LuaTable()
    if wantsSlices { table.set(.string("watch_endpoint_slices"), LuaValue(.bool(true))) }
    self.init(LuaValue(.table(table)), id: id, release, nil)
  }

  /// - Parameter isOne: the section is a map, not an item of a list.
  init(_ section: LuaValue, in release: Release, isOne: Bool) {
    self.init(section, id: isOne ? nil : section["id"]?.string ?? "", release, nil)
  }

  private init(_ config: LuaValue, id: String?, _ release: Release, _ cluster: DiscoveryConfig.Cluster?) {
    self.id = id
    self.release = release
    self.cluster = cluster
    tokenFault = cluster?.tokenFault
    namespaces = NamespaceFilter(config["namespace_selector"], library: PCRELibrary(of: release))
    labelSelector = config["label_selector"]?.text.flatMap { $0.isEmpty ? nil : $0 }
    defaultWeight = config["default_weight"]?.number ?? 50
    sharedSize =
      release.has(.sharedSize)
      ? Self.megabytes(config["shared_size"]?.string) ?? (release.has(.largeSharedSize) ? 64 : 1) << 20 : nil
    // Up to 3.8 there is no such key; from 3.9 to 3.13 the code asks for a misspelt one.
    wantsSlices = config["watch_endpoint_slices"]?.bool == true
    source =
      if wantsSlices, release.has(.watchesSlices) {
        release.has(.readsSlices) ? .slices : .slicesMisread
      } else {
        .endpoints
      }
  }

  private static func megabytes(_ text: String?) -> Int? {
    guard let text, text.hasSuffix("m"), let number = Int(text.dropLast()), number < 1 << 40 else { return nil }
    return number << 20
  }

  /// `Endpoints` or `EndpointSlice`.
  public var kind: String { source == .endpoints ? "Endpoints" : "EndpointSlice" }
  public var listKind: String { kind + "List" }
}

/// The requests that APISIX sends to the API server, as path and query, arguments in alphabetical order (APISIX's own
/// order varies).
extension ClusterSettings {
  public var path: String {
    source == .endpoints ? "/api/v1/endpoints" : "/apis/discovery.k8s.io/v1/endpointslices"
  }

  /// The next page of the list. APISIX asks for 120 objects at a time.
  public func listTarget(continuing token: String? = nil, limit: Int = 120) -> String {
    target(["limit": "\(limit)", "continue": token])
  }

  /// - Parameter timeoutSeconds: APISIX takes 1800 plus 9 to 999, by chance.
  public func watchTarget(resourceVersion: String?, timeoutSeconds: String) -> String {
    target(watching(resourceVersion, timeoutSeconds))
  }

  func watching(_ resourceVersion: String?, _ timeoutSeconds: String) -> [String: String?] {
    [
      "watch": "true", "allowWatchBookmarks": "true", "timeoutSeconds": timeoutSeconds,
      "resourceVersion": resourceVersion,
    ]
  }

  /// With the selectors of the configuration, unless others are given.
  func target(_ own: [String: String?]) -> String {
    plainTarget(["fieldSelector": namespaces.fieldSelector, "labelSelector": labelSelector].merging(own) { $1 })
  }

  /// Arguments without a value are left out.
  func plainTarget(_ arguments: [String: String?]) -> String {
    let query = arguments.sorted { $0.key < $1.key }.compactMap { name, value in
      value.flatMap { $0.isEmpty ? nil : "\(name)=\($0.asArgument)" }
    }
    return path + "?" + query.joined(separator: "&")
  }
}
