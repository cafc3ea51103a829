import APISIX
import Findings
import SourceText
import YAML

enum StandaloneEnvironment {
  static let rule: Rule = """
    standalone/variable-missing (error): A variable in apisix.yaml is not set
    Checks: With --env, --env-file or --env-from-process: that every `${{NAME}}` without a default in apisix.yaml is \
    set; from 3.17 on in comments as well.
    Why: APISIX does not start: `failed to handle configuration: can't find environment variable NAME`. From 3.17 on \
    it fills in the text before it reads it as YAML, whatever stands there.
    Example:
    # upstream of ${{REGION}}
    routes:
      - uri: /hello
    Fix: Set the variable where APISIX starts, give a default, ${{REGION:=eu}}, or remove the braces from the comment.
    """

  static func check(_ file: LintFile, in project: Project) -> [Finding] {
    guard case .known(let variables) = project.environment(file.path), EndMarker.isRead(file, in: project) else {
      return []
    }
    let comments = file.tree.comments().map(\.range)
    let readsComments = project.release(file.path).has(.fillsInStandaloneText)
    return Placeholder.needed(in: file.tree.text.bytes).compactMap { name, range in
      guard variables[name] == nil else { return nil }
      let comment = comments.firstIndex(sorted: { $0.upperBound > range.lowerBound })
      let isComment = comment < comments.count && comments[comment].overlaps(range)
      if isComment, !readsComments { return nil }
      return file.finding(
        rule,
        "the variable \(name) is not set; APISIX does not start"
          + (isComment ? ": it fills in comments, too" : ""), range: range,
        help: isComment
          ? "remove the braces from the comment, or set \(name) where APISIX starts"
          : "set \(name) where APISIX starts, or give a default: ${{\(name):=VALUE}}")
    }
  }
}
