import APISIX
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

  static func check(_ use: ServiceNameUse) -> Finding? {
    let configs = use.project.configs(for: use.name.file)
    let mode = configs.serviceNames
    let name = try? ServiceName(written: use.text)
    return MalformedKubernetesName.check(use.name, use.text, name, mode)
      ?? name.flatMap {
        ClusterID.check(use.name, $0, mode)
          ?? KubernetesPort.check(use.name, $0, slices: configs.watchesEndpointSlices, use.project.cluster)
      }
  }
}
