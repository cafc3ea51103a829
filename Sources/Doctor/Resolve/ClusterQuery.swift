import APISIX
import Findings
import HTTP
import JSON
import Kubernetes
import Registries

/// What `resolve` asks one API server.
struct ClusterQuery {
  private let target: Target
  private let client: KubernetesClient

  init(_ target: Target, http: HTTPClient, trace: @escaping @Sendable (String) -> Void) {
    self.target = target
    client = KubernetesClient(target.connection, http: http) { trace(target.prefix + $0) }
  }

  /// One request for the objects of one service, with APISIX's selectors and under APISIX's permission.
  func look(for name: ServiceName, in view: inout ClusterView) throws(ListFailure) {
    // What is no name in Kubernetes has no objects; the server might refuse the question.
    guard let (namespace, service) = name.parts, LabelSyntax.objection(toLabelValue: service) == nil else { return }
    let settings = view.store.settings
    let blank = view
    try client.list(
      settings.listKind, skipping: ClusterView.uselessKeys,
      target: { _ in settings.listTarget(of: namespace, service) }, startOver: { view = blank }, take: { view.take($0) })
  }

  /// Why nothing was found: all names, also hidden ones, the Service, and the kind that APISIX does not read.
  func lookAround(_ parts: (namespace: String, name: String), in view: inout ClusterView) throws(ListFailure) {
    let settings = view.store.settings
    let blank = view
    try client.list(
      settings.listKind, skipping: ClusterView.uselessKeys,
      target: { settings.everythingTarget(continuing: $0, limit: Self.pageSize) }, startOver: { view = blank },
      take: { view.take($0) })
    guard LabelSyntax.objection(toLabelValue: parts.name) == nil else { return }
    // These need rights that APISIX itself does not need; without them there is less to say.
    if let service = object(ClusterSettings.serviceTarget(of: parts.namespace, parts.name)) {
      view.take(document: service)
    }
    guard let others = object(settings.otherKindTarget(of: parts.namespace, parts.name)) else { return }
    let kind = settings.kind == "Endpoints" ? "EndpointSlice" : "Endpoints"
    for item in others["items"]?.array ?? [] {
      guard case .object(var object) = item else { continue }
      object.members.append(.init(key: "kind", value: .string(kind)))
      view.take(document: .object(object))
    }
  }

  /// The list that APISIX reads, in larger pages.
  func everything(in view: inout ClusterView) throws(ListFailure) {
    let settings = view.store.settings
    let blank = view
    try client.list(
      settings.listKind, skipping: ClusterView.uselessKeys,
      target: { settings.listTarget(continuing: $0, limit: Self.pageSize) }, startOver: { view = blank },
      take: { view.take($0) })
  }

  private static let pageSize = 500

  private func object(_ path: String) -> JSONValue? {
    guard let response = try? client.get(path), response.status == 200 else { return nil }
    return try? JSONValue.parse(response.body, skipping: ClusterView.uselessKeys)
  }

  /// Nil when the user ended it.
  func finding(for failure: ListFailure) -> Finding? {
    switch failure {
    case .connection(let error):
      return error.finding(for: target) {
        try? HTTPClient().tlsEvidence(
          target.connection.server + "/", serverName: target.connection.tls.serverName, proxy: target.connection.proxy)
      }
    case .refused(let head, let body): return ListRefusal(head, body, target).finding
    case .notTheList(let what):
      return Finding(
        rule: ServerRules.notKubernetes,
        message: "\(target.prefix)\(target.connection.server) answers with \(what), not a \(target.settings.listKind)",
        file: target.place?.file, range: target.place?.range, path: target.place?.path,
        help: "kubectl cluster-info names the API server's address")
    case .keepsExpiring:
      return Finding(
        rule: ServerRules.error,
        message: "\(target.prefix)the list expired four times while it was being read (410 Gone)",
        help: "the server compacts too fast, or is too slow; try again")
    }
  }
}
