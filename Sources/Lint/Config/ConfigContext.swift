import APISIX
import Findings
import YAML

/// What the rules of config.yaml look at.
struct ConfigContext: Sendable {
  let file: LintFile
  let schemas: Schemas
  let verdict: Verdict
  /// Registry modules of the user's own, declared or found.
  let declaredRegistries: Set<String>
  /// Seconds since 1970.
  let now: Int
  /// The registries as APISIX reads them: typed, variables filled in, null values gone.
  let registries: [Setting]
  /// The scalars in all of them.
  let leaves: [Setting]

  /// The release to judge as.
  var release: Release { schemas.release }

  subscript(registry: String) -> Setting? { registries.first { $0.key == registry } }
}
