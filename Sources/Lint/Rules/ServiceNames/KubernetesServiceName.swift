import Findings

/// Service names of the kubernetes registry: `namespace/name:port` with one cluster, `id/namespace/name:port` with
/// several. Which of the two counts is told by the config; without one in the run both are fine.
enum KubernetesServiceName {
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
      let colon = text.lastIndex(of: ":")
      port = colon.map { String(text[text.index(after: $0)...]) }
      let parts = text[..<(colon ?? text.endIndex)].split(separator: "/", omittingEmptySubsequences: false).map(
        String.init)
      count = parts.count
      name = parts.last ?? ""
      namespace = parts.count > 1 ? parts[parts.count - 2] : nil
      id = parts.count > 2 ? parts.dropLast(2).joined(separator: "/") : nil
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
    let mode = mode(configs)
    let parts = Parts(text)
    if let finding = MalformedKubernetesName.check(field, text, parts, mode)
      ?? ClusterID.check(field, parts, mode)
    {
      return [finding]
    }
    return KubernetesPort.check(field, parts, slices: configs.contains(where: \.watchesEndpointSlices), project.cluster)
  }
}
