import SourceText
import YAML

extension LintFile {
  /// The file as the release's own reader takes it, where it is one that APISIX reads: for some that is not libyaml.
  /// - Returns: nil where it does not take it, and a template has yet to make it what it will read.
  func asRead(by reader: YAMLReader) -> LintFile? {
    guard kind == .apisixConfig || kind == .apisixStandalone && !path.hasSuffix(".json"), tree.reader != reader else {
      return self
    }
    let (tree, error) = tree.read(by: reader)
    if error != nil, tree.templates != nil { return kind == .apisixConfig ? nil : self }
    return read(tree, error)
  }
}
