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
}

extension LiveResolver {
  /// Follows one service as APISIX does: a list, then watches from its version on, a list again after 410. It asks for
  /// that one service only. Returns when the user ends it, or when the first list cannot be had.
  public func watch(_ name: String, _ tell: (WatchNews) -> Void) -> Answer {
    let blank = KubernetesDiscovery(config, release: options.release, serviceName: name, appliesServerSelectors: false)
    var answer = Answer()
    guard let parsed = try? ServiceName(name, mode: blank.mode),
      let index = blank.mode == .single ? 0 : parsed.cluster.flatMap(blank.index(of:))
    else { return resolve(name) }
    guard let target = plan(only: blank.clusters[index].store.settings.id, &answer).first else { return answer }
    let query = ClusterQuery(target, http: HTTPClient(isCancelled: isCancelled), trace: trace)

    var told: [UpstreamNode]??
    var isLost = false
    var pause = 1
    func tellNodes(_ discovery: KubernetesDiscovery) {
      let nodes = discovery.resolve(name).nodes
      guard told == nil || told != .some(nodes) else { return }
      told = .some(nodes)
      tell(.nodes(nodes))
    }
    while !isCancelled() {
      var discovery = blank
      do throws(ListFailure) {
        try query.look(for: parsed, in: &discovery.clusters[index])
        if isLost { tell(.back) }
        (isLost, pause) = (false, 1)
        tellNodes(discovery)
        while !isCancelled() {
          var view = discovery.clusters[index]
          let hasExpired = try query.watch(for: parsed, in: &view) { current in
            var now = blank
            now.clusters[index] = current
            tellNodes(now)
          }
          discovery.clusters[index] = view
          guard hasExpired else { continue }
          tell(.expired)
          break
        }
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
        // APISIX waits 40 seconds each time.
        for _ in 0..<pause * 10 where !isCancelled() { usleep(100_000) }
        pause = min(2 * pause, 10)
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
              current.take(document: event)
              changed(current)
            }
          } catch { problem = "no watch events: \(error)" }
        }
        return problem == nil && !hasExpired ? .proceed : .stop
      }
    } catch {
      throw .connection(error)
    }
    view = current
    if response.status == 410 { return true }
    guard response.status == 200 else { throw .refused(response.head, refusal) }
    if let problem { throw .notTheList(problem) }
    // A server that ends every watch at once must not be asked without a pause.
    if ContinuousClock.now - started < .seconds(1) { usleep(500_000) }
    return hasExpired
  }
}
