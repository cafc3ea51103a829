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

  /// The file with the token; nil where a token stands in the config or a variable decides.
  var tokenFile: String? {
    guard self["client", "token"] == nil else { return nil }
    guard let file = self["client", "token_file"] else { return isItem ? nil : RegistryKind.podTokenFile }
    return file.string
  }

  /// Whether the API server is that of the cluster in which APISIX runs.
  var isOwn: Bool {
    guard let host = self["service", "host"] else { return !isItem }
    guard let text = host.written else { return false }
    return text == "${KUBERNETES_SERVICE_HOST}" || text + "." == "kubernetes." || text.hasPrefix("kubernetes.default")
  }

  subscript(_ name: String) -> Setting? { setting[name] }
  subscript(_ outer: String, _ inner: String) -> Setting? { setting[outer, inner] }
  subscript(_ names: [String]) -> Setting? { setting[names] }
}
