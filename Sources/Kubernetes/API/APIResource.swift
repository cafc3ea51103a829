import SourceText

/// A type of object of version v1, and its paths on the API server.
public struct APIResource: Sendable, Hashable {
  /// Empty for the core group.
  public let group: String
  /// `endpoints`
  public let name: String
  /// `EndpointsList`
  public let listKind: String
  public let namespaced: Bool

  private init(_ kind: String, group: String = "", namespaced: Bool = true) {
    name = kind.hasSuffix("s") ? kind.lowercased() : kind.lowercased() + "s"
    listKind = kind + "List"
    self.group = group
    self.namespaced = namespaced
  }

  private static let rbac = "rbac.authorization.k8s.io"

  public static let endpoints = APIResource("Endpoints")
  public static let endpointSlices = APIResource("EndpointSlice", group: "discovery.k8s.io")
  public static let serviceAccounts = APIResource("ServiceAccount")
  public static let secrets = APIResource("Secret")
  public static let configMaps = APIResource("ConfigMap")
  public static let deployments = APIResource("Deployment", group: "apps")
  public static let daemonSets = APIResource("DaemonSet", group: "apps")
  public static let statefulSets = APIResource("StatefulSet", group: "apps")
  public static let namespaces = APIResource("Namespace", namespaced: false)
  public static let pods = APIResource("Pod")
  public static let clusterRoles = APIResource("ClusterRole", group: rbac, namespaced: false)
  public static let clusterRoleBindings = APIResource("ClusterRoleBinding", group: rbac, namespaced: false)
  public static let roles = APIResource("Role", group: rbac)
  public static let roleBindings = APIResource("RoleBinding", group: rbac)

  /// The path of a collection, or of one object in it.
  /// - Parameters:
  ///   - namespace: nil: all namespaces, as APISIX asks; also for what has no namespace.
  ///   - object: the name of one object.
  ///   - subresource: `token`
  public func path(namespace: String? = nil, object: String? = nil, subresource: String? = nil) -> String {
    var path = group.isEmpty ? "/api/v1" : "/apis/\(group)/v1"
    if let namespace, namespaced { path += "/namespaces/" + namespace.percentEncoded() }
    path += "/" + name
    if let object { path += "/" + object.percentEncoded() }
    if let subresource { path += "/" + subresource }
    return path
  }
}

/// A list or watch: what stands behind the path.
public enum ListQuery: Sendable, Hashable {
  /// The first page of a list.
  case list(limit: Int, fieldSelector: String? = nil)
  /// A watch that the server ends by itself.
  case watch(timeoutSeconds: Int)

  /// `?limit=1&fieldSelector=…`
  public var text: String {
    switch self {
    case .list(let limit, let selector):
      "?limit=\(limit)" + (selector.map { "&fieldSelector=\($0.percentEncoded())" } ?? "")
    case .watch(let seconds): "?watch=true&allowWatchBookmarks=true&timeoutSeconds=\(seconds)"
    }
  }
}
