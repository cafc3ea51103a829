import SourceText

/// What gatecheck asks for beside APISIX's own requests, as path and query.
extension ClusterSettings {
  /// All objects of one service in one list, chosen by the server, under the permission that APISIX's own list needs,
  /// and with the selectors that APISIX sends. Of slices it is the whole namespace: one without ports, which is legal,
  /// keeps APISIX from reading those behind it. The answer comes from the server's cache (resourceVersion=0), as a
  /// watch does: without that the server reads every object of the cluster from etcd to find the one.
  public func listTarget(of namespace: String, _ name: String) -> String {
    target(["resourceVersion": "0", "fieldSelector": fields(namespace, name)])
  }

  /// What is allowed to whoever may list all objects, as APISIX does, and has none in it: those of a namespace that
  /// cannot be, from the server's cache.
  public var permissionTarget: String { target(["resourceVersion": "0", "fieldSelector": "metadata.namespace=-"]) }

  /// A watch of the same objects.
  public func watchTarget(
    of namespace: String, _ name: String, from resourceVersion: String?, timeoutSeconds: Int
  ) -> String {
    var arguments = watching(resourceVersion, "\(timeoutSeconds)")
    arguments["fieldSelector"] = fields(namespace, name)
    return target(arguments)
  }

  private func fields(_ namespace: String, _ name: String) -> String {
    let name = source == .slices ? nil : "metadata.name=\(Self.fieldValue(name))"
    let fields = [name, "metadata.namespace=\(Self.fieldValue(namespace))", namespaces.fieldSelector]
    return fields.compactMap { $0 }.joined(separator: ",")
  }

  /// The next page of everything, also of what APISIX's selectors hide.
  public func everythingTarget(continuing token: String? = nil, limit: Int) -> String {
    plainTarget(["limit": "\(limit)", "continue": token])
  }

  /// The service's objects of the kind that APISIX does not read.
  public func otherKindTarget(of namespace: String, _ name: String) -> String {
    let space = "/namespaces/\(namespace.asArgument)"
    return source == .endpoints
      ? "/apis/discovery.k8s.io/v1\(space)/endpointslices?labelSelector="
        + "\(ObjectIdentity.serviceLabel)=\(name)".asArgument
      : "/api/v1\(space)/endpoints?fieldSelector=" + "metadata.name=\(Self.fieldValue(name))".asArgument
  }

  /// A page of the pods that a Service's selector fits.
  public static func podsTarget(
    of namespace: String, _ selector: [(label: String, value: String)], continuing token: String?
  ) -> String {
    let labels = selector.map { "\($0.label)=\($0.value)" }.joined(separator: ",")
    return
      "/api/v1/namespaces/\(namespace.asArgument)/pods?labelSelector=\(labels.asArgument)&limit=500"
      + (token.map { "&continue=\($0.asArgument)" } ?? "")
  }

  /// The Service itself.
  public static func serviceTarget(of namespace: String, _ name: String) -> String {
    "/api/v1/namespaces/\(namespace.asArgument)/services/\(name.asArgument)"
  }

  /// A field selector's value: comma, equals sign and backslash are escaped.
  private static func fieldValue(_ text: String) -> String {
    text.escaped([",": "\\,", "=": "\\=", "\\": "\\\\"])
  }
}
