/// A type of object and its paths on the API server.
public struct APIResource: Sendable, Hashable {
  /// Empty for the core group.
  public let group: String
  public let version: String
  /// `endpoints`
  public let name: String
  /// `EndpointsList`
  public let listKind: String
  public let namespaced: Bool

  public init(group: String, version: String, name: String, listKind: String, namespaced: Bool = true) {
    self.group = group
    self.version = version
    self.name = name
    self.listKind = listKind
    self.namespaced = namespaced
  }

  private static let rbac = "rbac.authorization.k8s.io"

  public static let endpoints = APIResource(group: "", version: "v1", name: "endpoints", listKind: "EndpointsList")
  public static let endpointSlices = APIResource(
    group: "discovery.k8s.io", version: "v1", name: "endpointslices", listKind: "EndpointSliceList")
  public static let serviceAccounts = APIResource(
    group: "", version: "v1", name: "serviceaccounts", listKind: "ServiceAccountList")
  public static let secrets = APIResource(group: "", version: "v1", name: "secrets", listKind: "SecretList")
  public static let pods = APIResource(group: "", version: "v1", name: "pods", listKind: "PodList")
  public static let clusterRoles = APIResource(
    group: rbac, version: "v1", name: "clusterroles", listKind: "ClusterRoleList", namespaced: false)
  public static let clusterRoleBindings = APIResource(
    group: rbac, version: "v1", name: "clusterrolebindings", listKind: "ClusterRoleBindingList", namespaced: false)
  public static let roles = APIResource(group: rbac, version: "v1", name: "roles", listKind: "RoleList")
  public static let roleBindings = APIResource(
    group: rbac, version: "v1", name: "rolebindings", listKind: "RoleBindingList")

  /// The path of a collection, or of one object in it.
  /// - Parameters:
  ///   - namespace: nil: all namespaces, as APISIX asks; also for what has no namespace.
  ///   - object: the name of one object.
  ///   - subresource: `token`
  public func path(namespace: String? = nil, object: String? = nil, subresource: String? = nil) -> String {
    var path = group.isEmpty ? "/api/\(version)" : "/apis/\(group)/\(version)"
    if let namespace, namespaced { path += "/namespaces/" + PercentEncoding.encoded(namespace) }
    path += "/" + name
    if let object { path += "/" + PercentEncoding.encoded(object) }
    if let subresource { path += "/" + subresource }
    return path
  }
}

/// A list or watch: what stands behind the `?`, in the order of the fields here.
public struct ListQuery: Sendable, Hashable {
  public var limit: Int?
  public var continueToken: String?
  /// A watch instead of a list.
  public var watch = false
  public var allowWatchBookmarks = false
  public var timeoutSeconds: Int?
  public var resourceVersion: String?
  public var labelSelector: String?
  public var fieldSelector: String?

  public init() {}

  /// The first page of a list.
  public static func list(limit: Int, labelSelector: String? = nil, fieldSelector: String? = nil) -> ListQuery {
    var query = ListQuery()
    query.limit = limit
    query.labelSelector = labelSelector
    query.fieldSelector = fieldSelector
    return query
  }

  /// A watch that the server ends by itself.
  public static func watch(
    timeoutSeconds: Int, resourceVersion: String? = nil, labelSelector: String? = nil, fieldSelector: String? = nil
  ) -> ListQuery {
    var query = ListQuery()
    query.watch = true
    query.allowWatchBookmarks = true
    query.timeoutSeconds = timeoutSeconds
    query.resourceVersion = resourceVersion
    query.labelSelector = labelSelector
    query.fieldSelector = fieldSelector
    return query
  }

  /// `?limit=1&fieldSelector=…`; empty when nothing is asked for.
  public var text: String {
    let pairs: [(String, String?)] = [
      ("limit", limit.map(String.init)), ("continue", continueToken), ("watch", watch ? "true" : nil),
      ("allowWatchBookmarks", allowWatchBookmarks ? "true" : nil), ("timeoutSeconds", timeoutSeconds.map(String.init)),
      ("resourceVersion", resourceVersion), ("labelSelector", labelSelector), ("fieldSelector", fieldSelector),
    ]
    let written = pairs.compactMap { name, value in value.map { "\(name)=\(PercentEncoding.encoded($0))" } }
    return written.isEmpty ? "" : "?" + written.joined(separator: "&")
  }
}
