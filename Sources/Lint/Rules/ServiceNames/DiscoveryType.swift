import APISIX
import Common
import Findings

enum DiscoveryType {
  static let unknown: Rule = """
    discovery-type/unknown (warning): discovery_type names no registry of APISIX
    Checks: discovery_type against the registries that APISIX has (\(RegistryKind.list())), and those that a \
    config.yaml in the run enables.
    Why: APISIX takes any text here and looks for the registry at each request: 503, and `discovery NAME is \
    uninitialized` in the log. Where a config.yaml in the run does not enable the name, that is an error. A registry \
    module of one's own is enabled in config.yaml under its name. ZooKeeper needs apisix-seed, which no longer works \
    since 3.6.
    Example: discovery_type: k8s
    Fix: discovery_type: kubernetes
    """

  static let rules = [unknown, DiscoveryTypeNotEnabled.rule]

  static func check(_ type: Field, _ kind: String, in project: Project) -> Finding? {
    let known = project.configs(for: type.file)
    let enabled = known.enabled
    if enabled.contains(kind) { return nil }
    if FileKind.registryNames.contains(kind) {
      guard let config = known.configs.first else { return nil }
      return type.finding(
        DiscoveryTypeNotEnabled.rule, "discovery \(kind) is not enabled: \(others(known))",
        help: "add \(kind) under discovery in \(config.path)")
    }
    let alias = RegistryKind(alias: kind.lowercased())?.key
    let near =
      alias ?? nearest(kind, among: enabled.sorted())
      ?? nearest(kind, among: FileKind.registryNames.sorted())
    let toEnable = near.flatMap { near in enabled.contains(near) ? nil : known.configs.first?.path }
    // Up to 3.5 apisix-seed may take its place.
    let isSeeds = kind == "zookeeper" && !project.release(type.file.path).has(.refusesUnknownUpstreamKeys)
    let isRefused = alias != nil || !known.configs.isEmpty && !isSeeds
    return type.finding(
      unknown, severity: isRefused ? .error : near == nil ? .note : .warning, "APISIX has no registry '\(kind)'",
      help: near.map { "did you mean \($0)?" + (toEnable.map { " It is yet to be enabled in \($0)" } ?? "") }
        ?? (known.configs.isEmpty ? "a module of one's own is" : "\(others(known)); a module of one's own is")
          + " enabled under its name in config.yaml",
      fix: near.flatMap { type.replacing(with: $0, safe: false) })
  }

  /// What the configs enable: `config.yaml has only nacos`.
  private static func others(_ known: Project.Neighbours) -> String {
    let told = known.configs.prefix(3).map { config in
      config.registries.isEmpty
        ? "\(config.path) has no registry"
        : "\(config.path) has only \(config.registries.sorted().joined(separator: ", "))"
    }
    return told.joined(separator: "; ") + (known.configs.count > 3 ? "; …" : "")
  }
}
