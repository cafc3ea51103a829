import SourceText
import YAML

extension LintFile {
  /// The file as the release's own reader takes it, where it is one that APISIX reads: for some that is not libyaml.
  /// What becomes of a template is not known.
  func asRead(by reader: YAMLReader) -> LintFile {
    guard kind == .apisixConfig || kind == .apisixStandalone && !path.hasSuffix(".json"), tree.reader != reader,
      tree.templates == nil
    else {
      return self
    }
    let (tree, error) = Tree.partial(tree.text.bytes, as: reader)
    return read(tree, error)
  }
}
