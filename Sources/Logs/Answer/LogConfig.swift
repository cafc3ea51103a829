public import APISIX
import Findings
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
  func place(of explanation: Explanation) -> DiscoveryConfig.Place? {
    guard case .cause(let kind) = explanation.part else { return nil }
    guard let kind else {
      if let place = root.flatMap({ first(of: explanation.settings, in: $0, below: "") }) { return place }
      return config.verdict.refusal == nil ? nil : config.refusalPlace
    }
    if kind == .kubernetes {
      guard let clusters = try? config.clusters(cluster) else { return nil }
      let meant = clusters.first { $0.isAt(explanation.address) } ?? clusters.first
      return meant.flatMap { first(of: explanation.settings, in: $0.value, below: $0.path) ?? section(kind) }
    }
    guard let registry = config.registries.first(where: { $0.name == kind.key }) else { return nil }
    return first(of: explanation.settings, in: registry.value, below: registry.path) ?? section(kind)
  }

  private var root: LuaValue? { config.verdict.root }

  private func section(_ kind: RegistryKind) -> DiscoveryConfig.Place? {
    config.registries.first { $0.name == kind.key }.map { config.place($0.keyNode, $0.path) }
  }

  /// The first setting that is there.
  private func first(of settings: [String], in value: LuaValue, below path: String) -> DiscoveryConfig.Place? {
    for setting in settings {
      let keys = setting.split(separator: ".").map(String.init)
      guard let found = keys.reduce(Optional(value), { $0?[$1] }), let node = found.node else { continue }
      return config.place(node, path.isEmpty ? setting : "\(path).\(setting)")
    }
    return nil
  }

  /// What to type, with this file in the place of the usual one.
  func help(_ text: String) -> String {
    let more = cluster.map { " --cluster \($0)" } ?? ""
    return text.replacing("--config config.yaml", with: "--config \(config.path)\(more)")
      .replacing("lint config.yaml", with: "lint \(config.path)")
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
}
