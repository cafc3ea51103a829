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
    if let error, tree.mayHeal(error, in: path) { return kind == .apisixConfig ? nil : self }
    return read(tree, error)
  }
}

extension Tree {
  /// Whether what breaks a file may be gone once it is filled in; so always where its name says that it is a template.
  func mayHeal(_ error: YAMLError, in path: String) -> Bool {
    templates != nil && (mayHeal(error) || FileName(path).isTemplate)
  }
}
