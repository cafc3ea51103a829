package import APISIX
package import Findings
import Inputs
import SourceText

/// The upstreams with discovery that an installation has, and what becomes of them.
package struct Inventory: Sendable {
  /// What config.yaml enables; nil without one.
  let enabled: Set<String>?
  private var secrets: [String] = []
  private var upstreams = UpstreamInventory()
  private var findings: [Finding] = []
  /// Whether a source gave only a part of what it has: then nobody can say what is not used.
  private var isPartial = false
  /// Whether a source was a control API, which shows no stream routes, or was not asked for them.
  var lacksStreamRoutes = false
  var notices: [String] = []
  private var files: [String: [UInt8]] = [:]

  init(enabled: Set<String>?) { self.enabled = enabled }

  mutating func take(_ resources: UpstreamDocuments, of kind: APISIXEndpoint.Kind? = nil) {
    if kind == .control { lacksStreamRoutes = true }
    for (source, document) in resources.documents { upstreams.take(document, from: source) }
    findings += resources.findings
    secrets += resources.secrets
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

  /// What kept a source from giving what it has.
  package var problems: [Finding] { findings }
  /// Credentials that must show nowhere.
  package var known: [String] { secrets }
  /// Which of them a request leads to.
  package var table: RouteTable { upstreams.table }
  /// How many upstreams use discovery.
  package var count: Int { upstreams.upstreams.count + upstreams.typeless.count }

  /// The services that upstreams want of a registry; none where config.yaml does not enable it.
  package func services(of registry: RegistryKind) -> [(RegistryService, scheme: String?)] {
    guard enabled?.contains(registry.key) != false else { return [] }
    var seen: Set<RegistryService> = []
    return upstreams.upstreams.compactMap { upstream in
      guard let service = upstream.service, service.registry == registry, seen.insert(service).inserted else {
        return nil
      }
      return (service, upstream.scheme)
    }
  }

  /// Puts the services that upstreams name in place of all that there are.
  /// - Parameters:
  ///   - asked: the registries that were asked.
  ///   - why: what there is to say of a service without nodes.
  func resolve(
    _ answer: inout ResolveAnswer, asked: [RegistryKind],
    why: (DiscoveryUpstream) throws(ResolveQuestion.Stop) -> [Finding]
  ) throws(ResolveQuestion.Stop) {
    let inventory = finished
    let found = Dictionary((answer.services ?? []).map { ($0.service, $0) }, uniquingKeysWith: { $1 })
    // Of a cluster that gave no list nothing is known.
    let unknown = answer.missing.compactMap { $0 }
    let unreached = answer.unreached
    // What config.yaml does not enable is told as that.
    let known = inventory.upstreams.filter {
      $0.registry.map(asked.contains) ?? false && enabled?.contains($0.discoveryType) != false
    }
    var users: [RegistryService: [DiscoveryUpstream]] = [:]
    for upstream in known { if let service = upstream.service { users[service, default: []].append(upstream) } }
    var services: [ResolveAnswer.Service] = []
    var places = UpstreamPlaces(files)
    var explained = 0
    for service in users.keys.sorted() {
      guard let users = users[service], let first = users.first else { continue }
      let (name, help) = (service.text, "gatecheck resolve \(Shell.quoted(service.name))\(service.flags) says")
      let count = found[service]?.nodes ?? 0
      services.append(
        .init(
          service: service, nodes: count > 0 ? count : nil, notReady: found[service]?.notReady ?? 0,
          usedBy: users.map(\.owner)))
      var reasons: [Finding] = []
      if found[service]?.isRefused == true {
        reasons = [Finding(ResolveRules.refusedNodes, "APISIX refuses all nodes of \(name)", help: "\(help) why")]
      } else if count == 0, !unknown.contains(where: { name.hasPrefix($0 + "/") }),
        !unreached.contains(service.registry)
      {
        // Each reason costs a look at everything; who has many of them mends the first ones first.
        explained += 1
        reasons = explained > Self.mostExplained ? [] : try why(first).filter { $0.severity != .note }
        if reasons.isEmpty {
          reasons = [
            Finding(
              service.registry == .kubernetes ? ResolveRules.unknownService : RegistryRules.unknownService,
              "\(name) has no nodes", help: "\(help) more")
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
    answer.services = services
    answer.sources.merge(places.sources) { file, _ in file }
  }

  /// What there is to say of the upstreams themselves, whatever nodes they have.
  /// - Parameter asked: the registries that were asked; nil: those that are not are no news.
  package func judge(_ answer: inout ResolveAnswer, asked: [RegistryKind]?) {
    var places = UpstreamPlaces(files)
    let inventory = finished
    answer.findings += inventory.findings(enabled: enabled, asked ?? RegistryKind.allCases, &places)
    if inventory.upstreams.isEmpty, inventory.typeless.isEmpty, findings.isEmpty {
      answer.notices.append("no upstream there uses discovery")
    }
    answer.notices += notices
    answer.sources.merge(places.sources) { file, _ in file }
    answer.secrets += secrets
  }

  /// With the word for each whether traffic comes to it.
  private var finished: UpstreamInventory {
    var inventory = upstreams
    if !isPartial { inventory.finish(seesAll: !lacksStreamRoutes) }
    return inventory
  }
}

extension Finding {
  /// With the objects that have the name.
  fileprivate func told(of users: [DiscoveryUpstream], severity: Severity) -> Finding {
    let owners = users.prefix(3).map(\.owner).joined(separator: ", ") + (users.count > 3 ? " and others" : "")
    return Finding(rule, severity: severity, "\(owners): \(message)", help: help)
  }
}
