import APISIX
import YAML

/// One cluster of `discovery.kubernetes`: the map itself, or one item of the list.
struct KubernetesCluster: Sendable {
  let file: LintFile
  let release: Release
  let setting: Setting
  /// Whether it stands in a list, even one with a single item: service names then begin with its id.
  let isItem: Bool
  /// The list or the map.
  let listNode: Tree.ID

  var path: String { setting.path }

  subscript(_ name: String) -> Setting? { setting[name] }
  subscript(_ outer: String, _ inner: String) -> Setting? { setting[outer, inner] }
  subscript(_ names: [String]) -> Setting? { setting[names] }

  /// The clusters of a `discovery.kubernetes` that is a map or a list of maps; none for anything else.
  static func all(of kubernetes: Setting, in file: LintFile, release: Release) -> [KubernetesCluster] {
    guard kubernetes.isTable else { return [] }
    guard let items = kubernetes.items else {
      return [
        KubernetesCluster(file: file, release: release, setting: kubernetes, isItem: false, listNode: kubernetes.node)
      ]
    }
    return items.map {
      KubernetesCluster(file: file, release: release, setting: $0, isItem: true, listNode: kubernetes.node)
    }
  }
}
