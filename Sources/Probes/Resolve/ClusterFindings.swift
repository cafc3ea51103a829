import APISIX
import Findings
import SourceText

extension Diagnosis {
  /// What is wrong with a cluster's objects as a whole, whichever service is asked for.
  static func findings(onAll cluster: ClusterView) -> [Finding] {
    let prefix = cluster.store.settings.id.map { "cluster \($0): " } ?? ""
    if let fault = cluster.store.labelSelectorFault { return [labelSelector(fault, cluster.store.settings, prefix)] }
    guard cluster.store.hasFailed else { return unlisted(cluster.store, prefix) + sharedSize(cluster.store, prefix) }
    return [brokenList(cluster, prefix, "")]
  }

  private static func unlisted(_ store: ClusterStore, _ prefix: String) -> [Finding] {
    let keys = store.unlisted.sorted()
    guard let first = keys.first, let stays = stays(in: store.settings.release) else { return [] }
    let more = keys.count > 1 ? " and \(keys.count - 1) more are" : " is"
    return [
      Finding(ResolveRules.unlisted, "\(prefix)\(first)\(more) not in the last list, and served on", help: stays)
    ]
  }

  /// The services of a list whose nodes APISIX refuses. Whether a route has one of them the list does not tell.
  static func refused(_ services: [ResolveAnswer.Service]) -> [Finding] {
    let refused = services.filter(\.isRefused).map(\.service)
    let names = refused.map(\.text)
    guard let first = refused.first else { return [] }
    let shown = names.prefix(3).joined(separator: ", ") + (names.count > 3 ? " and \(names.count - 3) more" : "")
    return [
      Finding(
        ResolveRules.refusedNodes, severity: .warning, "APISIX refuses all nodes of \(shown)",
        help: "gatecheck resolve \(Shell.quoted(first.name))\(first.flags) says why")
    ]
  }

  /// - Parameter loss: what is said to be lost by it.
  static func brokenList(_ cluster: ClusterView, _ prefix: String, _ loss: String) -> Finding {
    let place = cluster.brokenObject.map { " at \($0)" } ?? ""
    let words = cluster.store.log.last?.logged(in: cluster.store.settings.release)
    return Finding(
      ResolveRules.brokenList, "\(prefix)APISIX stops reading\(place)\(loss): \(words ?? "a Lua error")",
      help: "\(cluster.brokenObject.map { "correct or delete \($0)" } ?? "correct what it stops at"); "
        + "nothing behind it is known to APISIX")
  }

  /// Whether all of it fits into APISIX's memory.
  private static func sharedSize(_ store: ClusterStore, _ prefix: String) -> [Finding] {
    guard let size = store.settings.sharedSize else { return [] }
    let needed = store.sharedDict.bytes
    guard needed > size / 5 * 4 else { return [] }
    let fits = needed <= size
    // Twice what there is now, so that it lasts: the next power of two.
    var megabytes = 1
    while megabytes << 20 < 2 * needed { megabytes *= 2 }
    return [
      Finding(
        ResolveRules.sharedSize, severity: fits ? .warning : .error,
        "\(prefix)\(store.services.count) services need \(shown(needed)) of shared memory; "
          + "shared_size is \(size >> 20)m", at: store.settings.cluster?.place("shared_size"),
        help: "write shared_size: \"\(written(megabytes, store.settings.release))\" and restart APISIX; "
          + "or narrow the selectors")
    ]
  }

  private static func shown(_ bytes: Int) -> String {
    let tenths = (bytes * 10 + (1 << 20) - 1) >> 20
    return "\(tenths / 10).\(tenths % 10)m"
  }

  /// Up to 3.12 two digits are all that it may have.
  private static func written(_ megabytes: Int, _ release: Release) -> String {
    !release.has(.longSharedSize) && megabytes > 99 ? "99m" : "\(megabytes)m"
  }
}
