import APISIX
import Findings

enum StartLog {
  static let rule: Rule = """
    discovery/start-log (error, since 2.13.0): APISIX starts, and logs an error while it does
    Checks: What the registries log at level error when nginx starts its processes, as far as variables and files are \
    known.
    Why: The gateway runs, and something in the registry does not work. With a `token_file` whose variable is not set \
    every fetch of the kubernetes registry fails later: `attempt to concatenate field 'token' (a nil value)`.
    Example: token_file: ${KUBERNETES_CLIENT_TOKEN_FILE}
    Fix: token_file: /var/run/secrets/kubernetes.io/serviceaccount/token
    """

  static func check(_ context: ConfigContext) -> [Finding] {
    guard context.verdict.accepts == true else { return [] }
    return context.verdict.log.compactMap { remark in
      guard !remark.words.sentence.isWarning else { return nil }
      return context.file.finding(
        rule, "APISIX starts, and logs: \(remark.words.text(in: context.release))",
        at: remark.node ?? context.registries.first?.keyNode,
        help: remark.words.variable.map { "set \($0) where APISIX starts, or write the path itself" })
    }
  }
}
