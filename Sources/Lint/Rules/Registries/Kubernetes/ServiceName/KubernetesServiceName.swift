import APISIX
import Findings

/// Service names of the kubernetes registry: `namespace/name:port` with one cluster, `id/namespace/name:port` with
/// several. Which of the two counts is told by the config; without one in the run both are fine.
enum KubernetesServiceName {
  static let rules = MalformedKubernetesName.rules + ClusterID.rules + KubernetesPort.rules

  struct Mode: Sendable {
    let single: Bool
    let multiple: Bool
    let ids: Set<String>
    /// Whether any config of the run tells.
    var known: Bool { single || multiple }

    init(_ configs: [ConfigFacts]) {
      let forms = configs.compactMap(\.kubernetes)
      single = forms.contains(.single)
      multiple = forms.contains { $0 != .single }
      ids = Set(forms.flatMap { form -> [String] in if case .multiple(let ids) = form { ids } else { [] } })
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
