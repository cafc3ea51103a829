import APISIX
import Findings
import YAML

enum MissingVariable {
  static let rule: Rule = """
    placeholder/missing (error, since 2.13.0): A variable is not set
    Checks: That every `${{NAME}}` without a default, and every `${NAME}` that the registry reads, is set.
    Why: APISIX does not start: `can't find environment variable NAME`. For `${NAME}` the registry fails alone: `not \
    found environment variable NAME`.
    Example: host: "${{KUBE_HOST}}"
    Fix: Set the variable where APISIX starts, or give a default:
      host: "${{KUBE_HOST:=kubernetes.default.svc}}"
    """

  static func check(_ context: ConfigContext) -> Finding? {
    guard let refusal = context.verdict.refusal, let name = refusal.words.variable,
      let message = context.verdict.message
    else { return nil }
    return context.file.finding(
      rule, "the variable \(name) is not set; APISIX says: \(message)", at: refusal.node ?? context.file.root,
      help: "set \(name) where APISIX starts, or \(instead(of: name, at: refusal.node, in: context))")
  }

  /// What to write where the variable stands. A default that looks like a number becomes one, as `port` may not be.
  static func instead(of name: String, at node: Tree.ID?, in context: ConfigContext) -> String {
    for cluster in context.clusters {
      let keys = KubernetesCluster.variables.first { cluster[$0]?.node == node }
      switch keys?[1] {
      case "port": return "write the port itself: port: \"6443\""
      case "host": return "write the API server's address itself"
      case "token": return "use token_file"
      case "token_file": return "write the path itself"
      default: continue
      }
    }
    if let shell = ShellDefault(name) { return "give a default as APISIX does: ${{\(shell.name):=VALUE}}" }
    return "give a default: ${{\(name):=VALUE}}"
  }
}
