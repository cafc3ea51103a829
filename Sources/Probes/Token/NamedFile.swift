import Inputs
import YAML

extension AccessOptions {
  /// With a file that is named without a flag: a config.yaml, a kubeconfig, else one that holds a token.
  public func naming(_ file: String?) -> AccessOptions {
    guard let file else { return self }
    var options = self
    let root = InputFile(path: file, origin: .named).head(1 << 20).flatMap { bytes -> (Tree, Tree.ID)? in
      let tree = Tree.partial(bytes).0
      return tree.documents.first.map { (tree, $0) }
    }
    if let (tree, root) = root, tree.value("discovery", in: root) != nil {
      options.config = file
    } else if let (tree, root) = root, tree.value("clusters", in: root) != nil {
      options.kubeconfig = file
    } else {
      options.tokenFile = file
    }
    return options
  }
}
