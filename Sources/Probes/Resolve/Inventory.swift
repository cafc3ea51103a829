import APISIX
import Findings
import Inputs
import SourceText

/// The upstreams with discovery that an installation has, and what becomes of them.
struct Inventory {
  /// What config.yaml enables; nil without one.
  let enabled: Set<String>?
  var secrets: [String] = []
  private var upstreams = UpstreamInventory()
  private var findings: [Finding] = []
  /// Whether a source gave only a part of what it has: then nobody can say what is not used.
  private var isPartial = false
  /// Whether a source was a control API, which shows no stream routes, or was not asked for them.
  var lacksStreamRoutes = false
  var notices: [String] = []
  private var files: [String: [UInt8]] = [:]

  init(enabled: Set<String>?) { self.enabled = enabled }

  mutating func take(_ resources: APISIXEndpoint.Resources, of kind: APISIXEndpoint.Kind? = nil) {
    if kind == .control { lacksStreamRoutes = true }
    for (source, document) in resources.documents { upstreams.take(document, from: source) }
    findings += resources.findings
    if !resources.findings.isEmpty { isPartial = true }
  }

  mutating func take(file path: String, _ context: Context) throws(FileError) {
    let bytes = try context.read(path)
    do throws(ObjectInput.Problem) {
      for (number, document) in try Documents.read(bytes).enumerated() {
        upstreams.take(document, from: path, number: number)
      }
      files[path] = bytes
    } catch { throw FileError(.unreadable, path: path, reason: error.message) }
  }

  private static let mostExplained = 20

  /// Puts the services that upstreams name in place of all that there are.
  /// - Parameter why: what there is to say of a name without nodes.
  func resolve(
    _ answer: inout ResolveAnswer, why: (String) throws(ResolveQuestion.Stop) -> [Finding]
  ) throws(ResolveQuestion.Stop) {
    var inventory = upstreams
    if !isPartial { inventory.finish(seesAll: !lacksStreamRoutes) }
    let found = Dictionary((answer.services ?? []).map { ($0.serviceName, $0) }, uniquingKeysWith: { $1 })
    // Of a cluster that gave no list nothing is known.
    let unknown = answer.missing.compactMap { $0 }
    // What config.yaml does not enable is told as that.
    let known = inventory.upstreams.filter {
      RegistryKind(rawValue: $0.discoveryType)?.isResolved == true && enabled?.contains($0.discoveryType) != false
    }
    // As it is looked up: one final line feed is not seen.
    let users = Dictionary(grouping: known) { (try? ServiceName(written: $0.serviceName))?.text ?? $0.serviceName }
    var services: [ResolveAnswer.Service] = []
    var places = UpstreamPlaces(files)
    answer.findings += findings
    var explained = 0
    for name in users.keys.sorted() {
      let users = users[name] ?? []
      let count = found[name]?.nodes ?? 0
      services.append(
        .init(
          serviceName: name, nodes: count > 0 ? count : nil, notReady: found[name]?.notReady ?? 0,
          usedBy: users.map(\.owner)))
      var reasons: [Finding] = []
      if found[name]?.isRefused == true {
        reasons = [
          Finding(
            ResolveRules.refusedNodes, "APISIX refuses all nodes of \(name)",
            help: "gatecheck resolve \(Shell.quoted(name)) says why")
        ]
      } else if count == 0, !unknown.contains(where: { name.hasPrefix($0 + "/") }) {
        // Each reason costs a look at everything; who has many of them mends the first ones first.
        explained += 1
        reasons = explained > Self.mostExplained ? [] : try why(name).filter { $0.severity != .note }
        if reasons.isEmpty {
          reasons = [
            Finding(
              ResolveRules.unknownService, "\(name) has no nodes",
              help: "gatecheck resolve \(Shell.quoted(name)) says more")
          ]
        }
      }
      let isUsed = users.contains(where: \.isUsed)
      answer.findings += reasons.map { reason in
        // What nothing leads to does no harm yet.
        let told = reason.told(of: users, severity: isUsed ? reason.severity : .note)
        return users.first.map { places.place(told, at: DiscoveryUpstream.nameKeys, of: $0.origin) } ?? told
      }
    }
    answer.findings += inventory.findings(enabled: enabled, &places)
    if inventory.upstreams.isEmpty, inventory.typeless.isEmpty, findings.isEmpty {
      answer.notices.append("no upstream there uses discovery")
    }
    answer.notices += notices
    answer.services = services
    answer.sources.merge(places.sources) { file, _ in file }
    answer.secrets += secrets
  }
}

extension Finding {
  /// With the objects that have the name.
  fileprivate func told(of users: [DiscoveryUpstream], severity: Severity) -> Finding {
    let owners = users.prefix(3).map(\.owner).joined(separator: ", ") + (users.count > 3 ? " and others" : "")
    return Finding(rule, severity: severity, "\(owners): \(message)", help: help)
  }
}
