/// What gatecheck asks for beside APISIX's own requests, as path and query.
extension ClusterSettings {
  /// All objects of one service in one list, chosen by the server, under the permission that APISIX's own list needs,
  /// and with the selectors that APISIX sends. Of slices it is the whole namespace: one without ports, which is legal,
  /// keeps APISIX from reading those behind it. The answer comes from the server's cache (resourceVersion=0), as a
  /// watch does: without that the server reads every object of the cluster from etcd to find the one.
  public func listTarget(of namespace: String, _ name: String) -> String {
    var arguments = selectors(namespace, source == .slices ? nil : name)
    arguments["resourceVersion"] = "0"
    return plainTarget(arguments)
  }

  /// A watch of the same objects.
  public func watchTarget(
    of namespace: String, _ name: String, from resourceVersion: String?, timeoutSeconds: Int
  ) -> String {
    var arguments = selectors(namespace, source == .slices ? nil : name)
    arguments["watch"] = "true"
    arguments["allowWatchBookmarks"] = "true"
    arguments["timeoutSeconds"] = "\(timeoutSeconds)"
    if let resourceVersion, !resourceVersion.isEmpty { arguments["resourceVersion"] = resourceVersion }
    return plainTarget(arguments)
  }

  private func selectors(_ namespace: String, _ name: String?) -> [String: String] {
    var fields = ["metadata.namespace=\(Self.fieldValue(namespace))"]
    var labels = labelSelector.map { [$0] } ?? []
    if let name, source == .slices {
      labels.append("\(ObjectIdentity.serviceLabel)=\(name)")
    } else if let name {
      fields.insert("metadata.name=\(Self.fieldValue(name))", at: 0)
    }
    if let own = namespaces.fieldSelector { fields.append(own) }
    var arguments = ["fieldSelector": fields.joined(separator: ",")]
    if !labels.isEmpty { arguments["labelSelector"] = labels.joined(separator: ",") }
    return arguments
  }

  /// The next page of everything, also of what APISIX's selectors hide.
  public func everythingTarget(continuing token: String? = nil, limit: Int) -> String {
    var arguments = ["limit": "\(limit)"]
    if let token, !token.isEmpty { arguments["continue"] = token }
    return plainTarget(arguments)
  }

  /// The service's objects of the kind that APISIX does not read.
  public func otherKindTarget(of namespace: String, _ name: String) -> String {
    let space = "/namespaces/\(Self.escape(namespace))"
    return source == .endpoints
      ? "/apis/discovery.k8s.io/v1\(space)/endpointslices?labelSelector="
        + Self.escape("\(ObjectIdentity.serviceLabel)=\(name)")
      : "/api/v1\(space)/endpoints?fieldSelector=" + Self.escape("metadata.name=\(Self.fieldValue(name))")
  }

  /// A page of the pods that a Service's selector fits.
  public static func podsTarget(
    of namespace: String, _ selector: [(label: String, value: String)], continuing token: String?
  ) -> String {
    let labels = selector.map { "\($0.label)=\($0.value)" }.joined(separator: ",")
    return "/api/v1/namespaces/\(escape(namespace))/pods?labelSelector=\(escape(labels))&limit=500"
      + (token.map { "&continue=\(escape($0))" } ?? "")
  }

  /// The Service itself.
  public static func serviceTarget(of namespace: String, _ name: String) -> String {
    "/api/v1/namespaces/\(escape(namespace))/services/\(escape(name))"
  }

  /// A field selector's value: comma, equals sign and backslash are escaped.
  private static func fieldValue(_ text: String) -> String {
    var value = ""
    for character in text {
      if character == "," || character == "=" || character == "\\" { value.append("\\") }
      value.append(character)
    }
    return value
  }
}
