import APISIX

/// One cluster of `discovery.kubernetes`: the map itself, or one item of the list.
struct KubernetesCluster: Sendable {
  let context: ConfigContext
  let setting: Setting
  /// Whether it stands in a list, even one with a single item: service names then begin with its id.
  let isItem: Bool

  /// Where the registry reads `${NAME}`.
  static let variables = [["service", "host"], ["service", "port"], ["client", "token"], ["client", "token_file"]]

  var file: LintFile { context.file }
  var release: Release { context.release }

  subscript(_ name: String) -> Setting? { setting[name] }
  subscript(_ outer: String, _ inner: String) -> Setting? { setting[outer, inner] }
  subscript(_ names: [String]) -> Setting? { setting[names] }
}
