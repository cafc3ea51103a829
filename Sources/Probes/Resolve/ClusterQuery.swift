import APISIX
import Findings
import HTTP
import JSON
import Kubernetes
import Registries

/// What `resolve` asks one API server.
struct ClusterQuery {
  let context: Context
  private let server: Conversation

  init(_ target: Target, in context: Context) {
    self.context = context
    server = Conversation(target, in: context)
  }

  /// As APISIX asks.
  var client: KubernetesClient { server.client }
  /// Whether what APISIX itself does not see is asked for with an administrator's kubeconfig.
  var hasAdministrator: Bool { server.administrator != nil }

  /// The objects of one service, with APISIX's selectors and under APISIX's permission.
  func look(for name: ServiceName, in view: inout ClusterView) throws(ListFailure) {
    // What is no name in Kubernetes has no objects; the server might refuse the question.
    guard let (namespace, service) = name.parts, LabelSyntax.objection(toLabelValue: service) == nil else { return }
    let settings = view.store.settings
    let blank = view
    try client.list(
      settings.listKind, skipping: ClusterView.uselessKeys,
      target: { _ in settings.listTarget(of: namespace, service) }, startOver: { view = blank }, take: { view.take($0) }
    )
  }

  /// Asks whether the list of all is allowed, which APISIX reads: who may read only some names (`resourceNames`) may
  /// ask for one of them by its name.
  func lookAtList(in view: ClusterView) throws(ListFailure) {
    guard view.store.settings.source != .slices else { return }
    try client.pieces(of: view.store.settings.permissionTarget, skipping: ClusterView.uselessKeys) { _ in false }
  }

  /// Why nothing was found: all names, also hidden ones, the Service, and the kind that APISIX does not read.
  /// - Returns: what could not be looked at for want of the right.
  func lookAround(
    _ parts: (namespace: String, name: String), in view: inout ClusterView
  ) throws(ListFailure) -> [String] {
    let settings = view.store.settings
    view.noteAllPorts()
    try readWidely(&view, settings.everythingTarget)
    guard LabelSyntax.objection(toLabelValue: parts.name) == nil else { return [] }
    // These need rights that APISIX itself does not need; without them there is less to say.
    let (service, status) = object(ClusterSettings.serviceTarget(of: parts.namespace, parts.name))
    if let service { view.take(document: service) }
    let (others, _) = object(settings.otherKindTarget(of: parts.namespace, parts.name))
    let kind = settings.kind == "Endpoints" ? "EndpointSlice" : "Endpoints"
    for item in others?["items"]?.array ?? [] {
      if case .object(let object) = item { view.take(document: .object(object + ["kind": .string(kind)])) }
    }
    guard status != 403 else { return ["Services", "Pods"] }
    guard let selector = view.observation.service?.selector, !selector.isEmpty else { return [] }
    var pods = Observation.Pods()
    do throws(ListFailure) {
      try (server.administrator?.client ?? client).list(
        "PodList", skipping: ClusterView.uselessKeys + ["spec", "containerStatuses"],
        target: { ClusterSettings.podsTarget(of: parts.namespace, selector, continuing: $0) },
        startOver: { pods = .init() }, take: { piece in if case .item(let pod, _) = piece { pods.take(pod) } })
      view.note(pods)
    } catch {
      if case .refused(let head, _) = error, head.status == 403 { return ["Pods"] }
    }
    return []
  }

  /// The list that APISIX reads, in larger pages.
  /// - Parameters:
  ///   - asAdministrator: with the administrator's kubeconfig, where there is one.
  ///   - progress: is told how many objects have come, a thousand at a time.
  func everything(
    in view: inout ClusterView, asAdministrator: Bool = false, _ progress: (Int) -> Void = { _ in }
  ) throws(ListFailure) {
    let target = view.store.settings.listTarget(continuing:limit:)
    try asAdministrator ? readWidely(&view, target) : read(&view, by: client, target, progress)
  }

  private func readWidely(_ view: inout ClusterView, _ target: (String?, Int) -> String) throws(ListFailure) {
    let blank = view
    try widely { client throws(ListFailure) in
      view = blank
      try read(&view, by: client, target)
    }
  }

  private func read(
    _ view: inout ClusterView, by client: KubernetesClient, _ target: (String?, Int) -> String,
    _ progress: (Int) -> Void = { _ in }
  ) throws(ListFailure) {
    let blank = view
    var count = 0
    try client.list(
      view.store.settings.listKind, skipping: ClusterView.uselessKeys, target: { target($0, 500) },
      startOver: { view = blank },
      take: { piece in
        view.take(piece)
        count += 1
        if count % 1000 == 0 { progress(1000) }
      })
  }

  /// Adds the Service of an object, for its ports; without the right to it there is less to say.
  func lookAtService(_ parts: (namespace: String, name: String), in view: inout ClusterView) {
    guard LabelSyntax.objection(toLabelValue: parts.name) == nil else { return }
    let (service, _) = object(ClusterSettings.serviceTarget(of: parts.namespace, parts.name))
    if let service, service["kind"] == "Service" { view.take(document: service) }
  }

  /// Asks with the administrator's kubeconfig where there is one, and as APISIX where that may not.
  func widely(_ ask: (KubernetesClient) throws(ListFailure) -> Void) throws(ListFailure) {
    if let administrator = server.administrator {
      do throws(ListFailure) { return try ask(administrator.client) } catch {
        guard case .refused(let head, _) = error, head.status == 401 || head.status == 403 else { throw error }
      }
    }
    try ask(client)
  }

  private func object(_ path: String) -> (JSONValue?, status: Int?) {
    guard let response = try? (server.administrator?.client ?? client).get(path) else { return (nil, nil) }
    guard response.status == 200 else { return (nil, response.status) }
    return (try? JSONValue.parse(response.body, skipping: JSONSkipList(ClusterView.uselessKeys)), 200)
  }

  /// What only APISIX trips over in the answers.
  var oddities: [Finding] { server.oddities }

  /// None when the user ended it.
  func findings(for failure: ListFailure) -> [Finding] {
    switch failure {
    case .connection(let error): return server.finding(error).map { [$0] } ?? []
    case .refused(let head, _):
      return asTokenVerify(
        or: server.finding(
          ServerRules.error, "\(address) answers \(head.status) to this list", at: server.target.place,
          help: "try again with -v"))
    case .notTheList(let what):
      return asTokenVerify(
        or: server.finding(
          ServerRules.notKubernetes, "\(address) answers with \(what), not with an \(server.target.settings.listKind)",
          at: server.target.place, help: "kubectl cluster-info names the API server's address"))
    case .keepsExpiring:
      return [
        server.finding(
          ServerRules.error, "the list expired four times while it was being read (410 Gone)", at: server.target.place,
          help: "the server compacts too fast or is too slow; try again")
      ]
    case .endless(let pages):
      return [
        server.finding(
          ServerRules.error, "\(address) sends the list without end: after \(pages) pages nothing new comes",
          at: server.target.place,
          help: "look at what stands before the API server; kubectl get --raw shows its answers"
        )
      ]
    }
  }

  /// Who asks as APISIX does learns the exact cause, in the words of `token verify`.
  private func asTokenVerify(or unknown: Finding) -> [Finding] {
    var probe = TokenProbe(server.target, in: context)
    let findings = probe.run().findings.filter { $0.severity == .error }
    return findings.isEmpty ? [unknown] : findings
  }

  private var address: String { server.target.endpoint.server }
}
