import Inputs
import YAML

extension RBACManifests {
  /// Whether a file may be written over: it is not there, is empty, or holds objects of these kinds only.
  public static func mayReplace(_ path: String) -> Bool {
    guard let bytes = InputFile(path: path, origin: .named).head(most), !bytes.isEmpty else { return true }
    let tree = Tree.partial(bytes).0
    // What stands behind the beginning is not known.
    return bytes.count < most && !tree.documents.isEmpty
      && tree.documents.allSatisfy { tree.isNull($0) || isOurs($0, in: tree) }
  }

  private static let most = 1 << 20
  private static let kinds = ["ServiceAccount", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding", "Secret"]

  private static func isOurs(_ object: Tree.ID, in tree: Tree) -> Bool {
    let kind = tree.value("kind", in: object).flatMap(tree.scalar) ?? ""
    if kind == "List" {
      return (tree.value("items", in: object).flatMap { tree.items($0) } ?? []).allSatisfy { isOurs($0, in: tree) }
    }
    return kinds.contains(kind) && tree.value("apiVersion", in: object) != nil
  }
}
