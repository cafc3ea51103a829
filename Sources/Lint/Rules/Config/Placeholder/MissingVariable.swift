import APISIX
import Findings

enum MissingVariable {
  static let rule = Rule(
    id: "placeholder/missing", severity: .error, summary: "A variable is not set",
    checks: "That every `${{NAME}}` without a default, and every `${NAME}` that the registry reads, is set.",
    why: """
      APISIX does not start: `can't find environment variable NAME`. For `${NAME}` the registry fails alone: \
      `not found environment variable NAME`.
      """,
    example: "host: \"${{KUBE_HOST}}\"",
    fix: """
      Set the variable where APISIX starts, or give a default:
        host: "${{KUBE_HOST:=kubernetes.default.svc}}"
      """, since: "2.13.0")

  static func check(_ context: ConfigContext) -> Finding? {
    guard let refusal = context.verdict.refusal, let name = refusal.words.variable,
      let message = context.verdict.message
    else { return nil }
    return context.file.finding(
      rule, "the variable \(name) is not set; APISIX says: \(message)", at: refusal.node ?? context.file.root,
      help: "set \(name) where APISIX starts, or give a default: ${{\(name):=VALUE}}")
  }
}
