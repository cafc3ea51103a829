import APISIX
import Findings
import YAML

/// What the rules of config.yaml look at.
final class ConfigContext: Sendable {
  let file: LintFile
  let conditions: Conditions
  let verdict: Verdict
  /// Registry modules of the user's own, declared or found.
  let declaredRegistries: Set<String>
  /// Seconds since 1970.
  let now: Int
  /// The registries as APISIX reads them: typed, variables filled in, null values gone.
  let registries: [Setting]
  /// The scalars in all of them.
  let leaves: [Setting]

  init(_ file: LintFile, _ conditions: Conditions, now: Int) {
    self.file = file
    self.now = now
    self.conditions = conditions
    let config = DiscoveryConfig(file.tree, error: file.error, path: file.path, conditions)
    verdict = config.verdict
    registries = config.registries.compactMap {
      Setting(key: $0.name, path: $0.path, value: $0.value, keyNode: $0.keyNode, file: file)
    }
    leaves = registries.flatMap(\.leaves)
    declaredRegistries = conditions.declared.union(verdict.ownModules.map(\.name))
  }

  var schemas: Schemas { conditions.schemas }
  /// The release to judge as.
  var release: Release { conditions.release }

  subscript(registry: String) -> Setting? { registries.first { $0.key == registry } }
  subscript(registry: RegistryKind) -> Setting? { self[registry.key] }

  /// The items of a registry's list of addresses.
  func servers(of kind: RegistryKind) -> [Setting] {
    guard let registry = self[kind], let servers = kind.servers else { return [] }
    return registry[servers]?.items ?? []
  }

  /// The clusters of a `discovery.kubernetes` that is a map or a list of maps; none for anything else.
  var clusters: [KubernetesCluster] {
    guard let kubernetes = self[.kubernetes], kubernetes.isTable else { return [] }
    return kubernetes.each.map {
      KubernetesCluster(context: self, setting: $0, isItem: kubernetes.items != nil)
    }
  }

  /// Whether what APISIX refuses is yet to be filled in by another program: at that place, or as far as nothing else is
  /// wrong.
  /// - Parameter findings: all that is found in the file.
  func isOpen(_ findings: [Finding]) -> Bool {
    guard let refusal = verdict.refusal else { return false }
    return refusal.node.map(file.isOpen) ?? false || !findings.contains { $0.isCertain && $0.severity == .error }
  }

  func isOpen(_ violation: Violation) -> Bool { if case .open = violation.value.kind { true } else { false } }
}
