public import APISIX
public import Findings
import HTTP
import JSON
import Registries

/// What happens while a service is watched.
public enum WatchNews: Sendable {
  /// The nodes are these now. The first one tells what there is.
  case nodes(Change)
  /// What is wrong with them, or why there are none; nothing where it no longer is.
  case found([Finding])
  /// What APISIX's etcd has of them: what is wrong there, and what people must know.
  case compared([Finding], notices: [String])
  /// The server is gone, or refuses; it is asked again until it answers.
  case lost([Finding], Server = .registry)
  /// It answers again.
  case back(Server = .registry)
  /// The server has forgotten the version: everything is listed anew.
  case expired
  /// An object stops APISIX, which keeps what it has and lists anew until it can read all of it.
  case stopped(Finding)
  /// The object is mended or gone. Says who can read it.
  case resumed(String = "APISIX")
  /// The list no longer holds the service, and APISIX serves it on.
  case kept(Finding)

  /// Who is asked, where that is more than one.
  public enum Server: Sendable { case registry, etcd }

  public struct Change: Sendable {
    /// nil where APISIX would find nothing.
    public let nodes: [UpstreamNode]?
    public let added: [UpstreamNode]
    public let removed: [UpstreamNode]
    public let isFirst: Bool

    init(from old: [UpstreamNode]?, to new: [UpstreamNode]?, isFirst: Bool) {
      nodes = new
      added = (new ?? []).filter { !(old ?? []).contains($0) }
      removed = (old ?? []).filter { !(new ?? []).contains($0) }
      self.isFirst = isFirst
    }
  }
}

extension LiveResolver {
  /// Follows one service as APISIX does: a list, then watches from its version on, a list again after 410 and when an
  /// object stopped it. It asks for that one service only; with slices for those of its namespace, since one of another
  /// service may stop APISIX. Returns when the user ends it, at the context's deadline, or when the first list cannot
  /// be had.
  func watch(_ name: String, _ tell: (WatchNews) -> Void) -> ResolveAnswer {
    let blank = KubernetesDiscovery(clusters, serviceName: name, appliesServerSelectors: false)
    var answer = ResolveAnswer()
    guard let (parsed, index) = blank.place(of: name), parsed.parts != nil else { return resolve(name) }
    guard let target = plan(only: blank.clusters[index].store.settings.id, &answer).first else { return answer }
    let query = ClusterQuery(target, in: context)

    let release = blank.release
    let isCancelled = context.isCancelled
    var told: [UpstreamNode]??
    var (isLost, isStopped) = (false, false)
    var pause = 1
    func isOver() -> Bool { isCancelled() || told != nil && context.isAlmostOver }
    // APISIX waits 40 seconds each time.
    func wait() {
      for _ in 0..<pause * 10 where !isOver() { context.pause(.milliseconds(100)) }
      pause = min(2 * pause, 10)
    }
    func tellNodes(_ view: ClusterView) {
      var discovery = blank
      discovery.clusters[index] = view
      let nodes = discovery.resolve(name).nodes
      guard told == nil || told != .some(nodes) else { return }
      tell(.nodes(WatchNews.Change(from: told ?? nil, to: nodes, isFirst: told == nil)))
      told = .some(nodes)
    }
    func tellWhetherItReads(_ view: ClusterView) {
      if view.store.hasFailed, !isStopped { tell(.stopped(Diagnosis.brokenList(view, target.prefix, ""))) }
      if !view.store.hasFailed, isStopped { tell(.resumed()) }
      isStopped = view.store.hasFailed
    }
    // What a list does not come to, or no longer holds, stays as APISIX's release has it.
    var view = blank.clusters[index]
    while !isOver() {
      do throws(ListFailure) {
        try query.look(for: parsed, in: &view)
        view.forgetOtherServices()
        if isLost { tell(.back()) }
        isLost = false
        if isStopped { tellWhetherItReads(view) }
        tellNodes(view)
        if view.store.unlisted.contains(parsed.key), let finding = Diagnosis.unlisted(parsed, release) {
          tell(.kept(finding))
        }
        tellWhetherItReads(view)
        if !isStopped { pause = 1 }
        var hasExpired = false
        while !isOver(), !isStopped, !hasExpired {
          hasExpired = try query.watch(for: parsed, in: &view, tellNodes)
          if hasExpired { tell(.expired) } else { tellWhetherItReads(view) }
        }
        if isStopped { wait() }
      } catch {
        if isCancelled() { break }
        let findings = query.findings(for: error)
        guard told != nil else {
          answer.findings += findings
          answer.status = .unfinished
          return answer
        }
        if isOver() { break }
        if !isLost { tell(.lost(findings)) }
        isLost = true
        wait()
      }
    }
    return answer
  }
}

extension ClusterQuery {
  /// One watch from the view's version on, to its end.
  /// - Parameter changed: is given the view after each event.
  /// - Returns: true when the server has forgotten the version.
  func watch(
    for name: ServiceName, in view: inout ClusterView, _ changed: (ClusterView) -> Void
  ) throws(ListFailure) -> Bool {
    guard let (namespace, service) = name.parts else { return true }
    let started = ContinuousClock.now
    var current = view
    var hasExpired = false
    let target = current.store.settings.watchTarget(
      of: namespace, service, from: current.resourceVersion, timeoutSeconds: 1800)
    do throws(ListFailure) {
      try client.pieces(of: target, skipping: ClusterView.uselessKeys, isWatch: true) { piece in
        guard case .document(let event, _) = piece else { return true }
        if event["type"] == "ERROR" { hasExpired = true }
        guard !hasExpired, !current.store.hasFailed else { return false }
        current.take(document: event)
        changed(current)
        return !current.store.hasFailed
      }
    } catch {
      guard case .refused(let head, _) = error, head.status == 410 else { throw error }
      hasExpired = true
    }
    view = current
    // A server that ends every watch at once must not be asked without a pause.
    if ContinuousClock.now - started < .seconds(1) { context.pause(.milliseconds(500)) }
    return hasExpired
  }
}
