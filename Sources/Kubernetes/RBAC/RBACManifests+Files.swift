import Inputs
import YAML

extension RBACManifests {
  /// Whether a file may be written over: it is not there, is empty, or holds objects of these kinds only.
  public static func mayReplace(_ path: String) -> Bool {
    guard let bytes = InputFile(path: path, origin: .named).head(1 << 20), !bytes.isEmpty else { return true }
    let kinds = ["ServiceAccount", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding", "Secret", "List"]
    let tree = Tree.partial(bytes).0
    return !tree.documents.isEmpty
      && tree.documents.allSatisfy { document in
        tree.isNull(document)
          || tree.value("kind", in: document).flatMap(tree.scalar).map(kinds.contains) == true
            && tree.value("apiVersion", in: document) != nil
      }
  }
}
