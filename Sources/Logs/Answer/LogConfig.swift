public import APISIX
import Findings
import Inputs
import SourceText

/// The config.yaml of the APISIX that wrote a log: where in it a cause stands.
public struct LogConfig: Sendable {
  public let config: DiscoveryConfig
  private let cluster: String?

  /// - Parameter cluster: the id of the one that is meant; nil for the one that an entry names.
  public init(_ config: DiscoveryConfig, cluster: String?) {
    self.config = config
    self.cluster = cluster
  }

  /// Where the cause stands; nil where the file has nothing of it.
  /// - Parameter server: the one that what follows from it names.
  func place(of explanation: Explanation, server: String? = nil) -> DiscoveryConfig.Place? {
    if let place = explanation[.variable].flatMap(config.place) { return place }
    switch explanation.part {
    case .cause(nil):
      if let place = root.flatMap({ first(of: explanation.settings, in: $0, below: "") }) { return place }
      return config.verdict.refusal == nil ? nil : config.refusalPlace
    case .cause(let kind?): return setting(of: explanation, kind, server) ?? section(kind)
    // What a request was told is a matter of its own, unless it names a setting.
    case .request(let kind?): return setting(of: explanation, kind)
    default: return nil
    }
  }

  /// Of several clusters the one that is meant, or that alone has the setting.
  private func setting(
    of explanation: Explanation, _ kind: RegistryKind, _ server: String? = nil
  ) -> DiscoveryConfig.Place? {
    guard kind == .kubernetes else {
      let registry = config.registries.first { $0.name == kind.key }
      return registry.flatMap {
        first(of: explanation.settings, in: $0.value, below: $0.path) { explanation.index(in: $0, server) }
      }
    }
    let places = meant(by: explanation).compactMap { first(of: explanation.settings, in: $0.value, below: $0.path) }
    return places.count == 1 ? places[0] : nil
  }

  private func meant(by explanation: Explanation) -> [DiscoveryConfig.Cluster] {
    let clusters = (try? config.clusters(cluster)) ?? []
    return clusters.first { $0.isAt(explanation.address) }.map { [$0] } ?? clusters
  }

  private var root: LuaValue? { config.verdict.root }

  private func section(_ kind: RegistryKind) -> DiscoveryConfig.Place? {
    config.registries.first { $0.name == kind.key }.map { config.place($0.keyNode, $0.path) }
  }

  /// The first setting that is there.
  /// - Parameter index: of a list of several the item that is meant.
  private func first(
    of settings: [String], in value: LuaValue, below path: String, index: ([LuaValue]) -> Int? = { _ in nil }
  ) -> DiscoveryConfig.Place? {
    for setting in settings {
      let keys = setting.split(separator: ".").map(String.init)
      guard let found = keys.reduce(Optional(value), { $0?[$1] }), let node = found.node else { continue }
      let whole = path.isEmpty ? setting : "\(path).\(setting)"
      if let items = found.items, items.count > 1, let index = index(items), let item = items[index].node {
        return config.place(item, "\(whole)[\(index)]")
      }
      return config.place(node, whole)
    }
    return nil
  }

  /// The registries that it has.
  var kinds: [RegistryKind] { config.registries.compactMap { RegistryKind(rawValue: $0.name) } }

  /// What an entry means where this file says more than the entry.
  func judged(_ explanation: Explanation) -> Explanation {
    let isUnexpected = explanation.rule == UnexpectedServiceName.rule
    guard isUnexpected || explanation.rule == UnknownCluster.rule, config.mode == .multi else { return explanation }
    let ids = ((try? config.clusters()) ?? []).compactMap(\.id).filter { !$0.isEmpty }
    if isUnexpected, let name = explanation[.service] {
      return UnexpectedServiceName.explanation(name, .multi, ids: ids)
    }
    var judged = explanation
    if !isUnexpected, !ids.isEmpty { judged.help = UnknownCluster.help(ids) }
    return judged
  }

  /// What to do, with this file and its servers in the place of the usual ones, and a command where there is none.
  func help(of explanation: Explanation) -> String? {
    guard var help = explanation.help else { return nil }
    help = help.replacing("lint config.yaml", with: "lint \(file)")
    if let access = access(for: explanation) { help = help.replacing("--config config.yaml", with: access) }
    guard case .cause(let kind?) = explanation.part, explanation.severity == .error else {
      return server(explanation).map { help.naming($0) } ?? help
    }
    if let server = server(explanation) { help = help.naming(server) }
    let hasCommand = ["gatecheck ", "curl ", "dig "].contains { help.has($0) }
    // No server tells how much room APISIX has.
    guard !hasCommand, explanation.rule != DictFull.rule, let command = verify(explanation, kind) else { return help }
    return "\(help); to try it: \(command)"
  }

  private var file: String { Shell.quoted(config.path) }

  /// nil where the file has no cluster to ask.
  private func access(for explanation: Explanation) -> String? {
    let clusters = meant(by: explanation)
    guard !clusters.isEmpty else { return nil }
    let id = cluster ?? (clusters.count == 1 ? clusters[0].id : nil)
    return "--config \(file)" + (id.map { $0.isEmpty ? "" : " --cluster \(Shell.quoted($0))" } ?? "")
  }

  /// The command that asks as APISIX does; nil where that cannot be asked.
  private func verify(_ explanation: Explanation, _ kind: RegistryKind) -> String? {
    switch kind {
    case .kubernetes: access(for: explanation).map { "gatecheck token verify \($0)" }
    case .tars: nil
    default: "gatecheck registry verify --registry \(kind.key) --config \(file)"
    }
  }
}

extension DiscoveryConfig.Cluster {
  /// Whether its API server is this one, `host:port`.
  fileprivate func isAt(_ address: String?) -> Bool {
    guard case .text(let host)? = read("service", "host"), case .text(let port)? = read("service", "port") else {
      return false
    }
    return address == "\(host):\(port)"
  }
}

extension Explanation {
  subscript(_ name: Value) -> String? { values.first { $0.name == name }?.text }

  /// Of the server that it speaks of.
  fileprivate var address: String? { self[.cluster] ?? self[.address] }

  /// Which of several servers it speaks of; nil where that is not known.
  fileprivate func index(in servers: [LuaValue], _ server: String?) -> Int? {
    if rule == ConsulAddressInvalid.rule {
      return servers.firstIndex { $0.string.flatMap(ConsulStart.problem) != nil }
    }
    if let object = self[.object], object.hasPrefix("host "), let number = Int(object.dropFirst("host ".count)) {
      return servers.indices.contains(number - 1) ? number - 1 : nil
    }
    guard let authority = (self[.server] ?? server).map({ URLText($0).authority }) else { return nil }
    let found = servers.indices.filter { servers[$0].text.map { URLText($0).authority == authority } ?? false }
    return found.count == 1 ? found[0] : nil
  }
}
