import APISIX
import Findings
import Inputs
import YAML

/// Endpoints and slices that somebody wrote for a Service without a selector.
enum HandMade {
  static let otherNamespace: Rule = """
    endpoints/other-namespace (warning): Addresses written by hand lie in another namespace than their Service
    Checks: Endpoints and EndpointSlices for which the run has no Service in their namespace, but one of the same \
    folder in another: without a selector, and without any addresses of its own. A manifest without a namespace lies \
    in kubectl's, which is `default` mostly.
    Why: A Service takes the addresses of its own namespace only. It has none then, and APISIX knows them under the \
    name of the other namespace.
    Example:
    kind: Service
    metadata: {name: queue, namespace: mq}
    spec: {clusterIP: None, ports: [{name: http, port: 8080}]}
    ---
    kind: EndpointSlice
    metadata:
      name: queue
      labels: {kubernetes.io/service-name: queue}
    Fix: kind: EndpointSlice
    metadata:
      name: queue
      namespace: mq
      labels: {kubernetes.io/service-name: queue}
    """

  static let notRead: Rule = """
    endpoints/slices-not-read (warning): An EndpointSlice written by hand, and APISIX reads Endpoints
    Checks: EndpointSlices that no controller made, of a Service without a selector, when the run has no Endpoints of \
    that name and the nearest configuration does not set watch_endpoint_slices.
    Why: Kubernetes makes slices of Endpoints, and no Endpoints of slices. APISIX finds no such service: 503 `no valid \
    upstream node`.
    Example:
    # config.yaml has discovery.kubernetes without watch_endpoint_slices
    kind: EndpointSlice
    metadata:
      name: queue-1
      labels: {kubernetes.io/service-name: queue}
    Fix: discovery:
      kubernetes:
        watch_endpoint_slices: true
    """

  static let rules = [otherNamespace, notRead]

  static func check(_ object: Manifest, in project: Project) -> [Finding] {
    guard let owner = object.addressed, isOfNobody(object), !owner.isTemplated,
      object.namespace?.isTemplated != true, object.metadata?["namespace"]?.isMapping != true
    else { return [] }
    return [stray(object, owner, project.cluster), unread(object, owner, project)].compactMap { $0 }
  }

  /// Neither is it what a controller made, as in the output of kubectl.
  private static func isOfNobody(_ object: Manifest) -> Bool {
    object.metadata?["ownerReferences"] == nil && object.metadata?["uid"] == nil
      && object.label("endpointslice.kubernetes.io/managed-by")?.string?.hasSuffix("-controller.k8s.io") != true
  }

  private static func stray(_ object: Manifest, _ owner: String, _ cluster: Cluster) -> Finding? {
    guard cluster.services["\(object.namespace ?? "")/\(owner)"] == nil else { return nil }
    let folder = LocalPath.directory(of: object.object.file.path)
    let empty = (cluster.servicesByName[owner] ?? []).filter {
      $0.isWithoutSelector && !cluster.addressed.contains($0.key) && $0.namespace?.isTemplated == false
        && LocalPath.directory(of: $0.object.file.path) == folder
    }
    guard let service = empty.first, let home = service.namespace, empty.allSatisfy({ $0.namespace == home }),
      cluster.kustomizations.keepsNamespaces([object.object.file, service.object.file]) == true
    else { return nil }
    let field = object.metadata?["namespace"]
    let own = field?.string.map { "is in namespace \($0)" } ?? "has no namespace"
    return (field ?? object.metadata?["name"] ?? object.object).finding(
      otherNamespace, "\(object.title) \(own); its Service \(owner) is in \(home) and has no other addresses",
      help: "write namespace: \(home)", fix: field?.replacing(withName: home))
  }

  private static func unread(_ object: Manifest, _ owner: String, _ project: Project) -> Finding? {
    let cluster = project.cluster
    let configs = project.configs(for: object.object.file).configs.filter { $0.kubernetes != nil }
    let services = cluster.servicesByName[owner] ?? []
    guard object.kind == "EndpointSlice", let config = configs.first,
      !configs.contains(where: \.watchesEndpointSlices), services.contains(where: \.isWithoutSelector),
      services.allSatisfy({ $0.isWithoutSelector && cluster.endpoints[$0.key] == nil }),
      cluster.endpoints[object.namespace.map { "\($0)/\(owner)" } ?? "/\(owner)"] == nil
    else { return nil }
    return (object.object["kind"] ?? object.object).finding(
      notRead,
      "APISIX does not read \(object.title): \(config.path) has it read Endpoints, and nothing makes those here",
      help:
        "set watch_endpoint_slices: true, with APISIX \(Feature.readsSlices.since.line) or newer, or write Endpoints")
  }
}

extension Manifest {
  /// The name of the Service whose addresses these are; nil for other objects.
  var addressed: String? {
    switch kind {
    case "Endpoints": name
    case "EndpointSlice": label("kubernetes.io/service-name")?.string
    default: nil
    }
  }

  /// Whether a Service leaves its addresses to others.
  fileprivate var isWithoutSelector: Bool {
    guard let spec = object["spec"], spec["type"]?.string != "ExternalName" else { return false }
    return spec["selector"].map { $0.isNull || $0.isMapping && $0.members.isEmpty } ?? true
  }
}
