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

extension Tree {
  /// Whether tinyyaml takes all but quoted texts for a text here: between brackets.
  func isTextOnly(_ id: ID) -> Bool {
    guard reader != .libyaml else { return false }
    let place = self[id].range
    return ids.contains { other in
      let flow: Bool
      switch self[other].content {
      case .mapping(_, let isFlow): flow = isFlow
      case .sequence(_, let isFlow): flow = isFlow
      default: flow = false
      }
      return flow && other != id && self[other].range.lowerBound <= place.lowerBound
        && self[other].range.upperBound >= place.upperBound
    }
  }
}
