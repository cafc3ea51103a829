import Findings

/// Service names of the kubernetes registry: `namespace/name:port` with one cluster, `id/namespace/name:port` with
/// several. Which of the two counts is told by the config; without one in the run both are fine.
enum KubernetesServiceName {
  static let rules = MalformedKubernetesName.rules + ClusterID.rules + KubernetesPort.rules

  struct Mode: Sendable {
    var single = false
    var multiple = false
    var ids: Set<String> = []
    /// Whether any config of the run tells.
    var known: Bool { single || multiple }
  }

  /// A name split as APISIX splits it: at the last colon, then at the last two slashes.
  struct Parts: Sendable {
    let id: String?
    let namespace: String?
    let name: String
    let port: String?
    /// Parts in front of the port, divided by slashes.
    let count: Int

    init(_ text: String) {
      let colon = text.utf8.lastIndex(of: UInt8(ascii: ":"))
      port = colon.map { String(text[text.utf8.index(after: $0)...]) }
      let parts = text.utf8[..<(colon ?? text.endIndex)].split(
        separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
      count = parts.count
      name = parts.last.map { String(Substring($0)) } ?? ""
      namespace = parts.count > 1 ? String(Substring(parts[parts.count - 2])) : nil
      id = parts.count > 2 ? String(text[..<parts[parts.count - 3].endIndex]) : nil
    }
  }

  static func mode(_ configs: [ConfigFacts]) -> Mode {
    configs.reduce(into: Mode()) { mode, config in
      switch config.kubernetes {
      case .single: mode.single = true
      case .multiple(let ids):
        mode.multiple = true
        mode.ids.formUnion(ids)
      case nil: break
      }
    }
  }

  static func check(_ field: Field, _ text: String, in project: Project) -> [Finding] {
    let configs = project.configs(for: field.file)
    let mode = configs.serviceNames
    let parts = Parts(text)
    if let finding = MalformedKubernetesName.check(field, text, parts, mode)
      ?? ClusterID.check(field, parts, mode)
    {
      return [finding]
    }
    return KubernetesPort.check(field, parts, slices: configs.watchesEndpointSlices, project.cluster)
  }
}
