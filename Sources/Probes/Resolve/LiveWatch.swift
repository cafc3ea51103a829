public import APISIX
public import Findings
import Glibc
import HTTP
import JSON
import Registries

/// What happens while a service is watched.
public enum WatchNews: Sendable {
  /// The nodes are these now; nil where APISIX would find nothing. The first one tells what there is.
  case nodes([UpstreamNode]?)
  /// The server is gone, or refuses; it is asked again until it answers.
  case lost([Finding])
  /// It answers again.
  case back
  /// The server has forgotten the version: everything is listed anew.
  case expired
  /// An object stops APISIX, which keeps what it has and lists anew until it can read all of it.
  case stopped(Finding)
  /// The object is mended or gone.
  case resumed
}

extension LiveResolver {
  /// Follows one service as APISIX does: a list, then watches from its version on, a list again after 410 and when an object
  /// stopped it. It asks for that one service only; with slices for those of its namespace, since one of another service may
  /// stop APISIX. Returns when the user ends it, or when the first list cannot be had.
  public func watch(_ name: String, _ tell: (WatchNews) -> Void) -> Answer {
    let blank = KubernetesDiscovery(clusters, serviceName: name, appliesServerSelectors: false)
    var answer = Answer()
    guard let parsed = try? ServiceName(name, mode: blank.mode), parsed.parts != nil,
      let index = blank.mode == .single ? 0 : parsed.cluster.flatMap(blank.index(of:))
    else { return resolve(name) }
    guard let target = plan(only: blank.clusters[index].store.settings.id, &answer).first else { return answer }
    let query = ClusterQuery(target, http: HTTPClient(isCancelled: isCancelled), trace: trace)

    var told: [UpstreamNode]??
    var (isLost, isStopped) = (false, false)
    var pause = 1
    // APISIX waits 40 seconds each time.
    func wait() {
      for _ in 0..<pause * 10 where !isCancelled() { usleep(100_000) }
      pause = min(2 * pause, 10)
    }
    func tellNodes(_ view: ClusterView) {
      // What a list does not come to stays as it was.
      if told != nil, view.store.hasFailed, view.store.services[parsed.key] == nil { return }
      var discovery = blank
      discovery.clusters[index] = view
      let nodes = discovery.resolve(name).nodes
      guard told == nil || told != .some(nodes) else { return }
      told = .some(nodes)
      tell(.nodes(nodes))
    }
    func tellWhetherItReads(_ view: ClusterView) {
      if view.store.hasFailed, !isStopped { tell(.stopped(Diagnosis.brokenList(view, target.prefix, ""))) }
      if !view.store.hasFailed, isStopped { tell(.resumed) }
      isStopped = view.store.hasFailed
    }
    while !isCancelled() {
      var view = blank.clusters[index]
      do throws(ListFailure) {
        try query.look(for: parsed, in: &view)
        view.forgetOtherServices()
        if isLost { tell(.back) }
        isLost = false
        if isStopped { tellWhetherItReads(view) }
        tellNodes(view)
        tellWhetherItReads(view)
        if !isStopped { pause = 1 }
        var hasExpired = false
        while !isCancelled(), !isStopped, !hasExpired {
          hasExpired = try query.watch(for: parsed, in: &view, tellNodes)
          if hasExpired { tell(.expired) } else { tellWhetherItReads(view) }
        }
        if isStopped { wait() }
      } catch {
        if isCancelled() { break }
        let findings = query.findings(for: error)
        guard told != nil else {
          answer.findings += findings
          answer.isUnfinished = true
          return answer
        }
        if !isLost { tell(.lost(findings)) }
        isLost = true
        wait()
      }
    }
    answer.nodes = told ?? nil
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
    var stream = JSONStream(skipping: ClusterView.uselessKeys)
    var current = view
    var head: ResponseHead?
    var refusal: [UInt8] = []
    var problem: String?
    var hasExpired = false
    let target = current.store.settings.watchTarget(
      of: namespace, service, from: current.resourceVersion, timeoutSeconds: 1800)
    let response: Response
    do throws(HTTPError) {
      response = try client.stream(target, timeout: .some(nil)) { event in
        switch event {
        case .head(let answer): head = answer
        case .bytes(let bytes):
          guard head?.status == 200 else {
            refusal += bytes.prefix(65536 - refusal.count)
            return refusal.count < 65536 ? .proceed : .stop
          }
          do {
            try stream.feed(bytes) { piece in
              guard case .document(let event, _) = piece else { return }
              if event["type"] == "ERROR" { hasExpired = true }
              guard !hasExpired, !current.store.hasFailed else { return }
              current.take(document: event)
              changed(current)
            }
          } catch { problem = "no watch events: \(error)" }
        }
        return problem == nil && !hasExpired && !current.store.hasFailed ? .proceed : .stop
      }
    } catch {
      throw .connection(error)
    }
    view = current
    guard response.status == 200 || response.status == 410 else { throw .refused(response.head, refusal) }
    if let problem { throw .notTheList(problem) }
    // A server that ends every watch at once must not be asked without a pause.
    if ContinuousClock.now - started < .seconds(1) { usleep(500_000) }
    if response.status == 410 { return true }
    return hasExpired
  }
}
