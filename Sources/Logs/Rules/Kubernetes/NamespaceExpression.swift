import APISIX
import Findings
import SourceText

enum NamespaceExpression {
  static let rule: Rule = """
    log/namespace-expression-broken (error, since 2.13.0): An expression of namespace_selector is broken
    Checks: `ngx.re.match failed` of kubernetes' discovery.
    Why: APISIX matches with PCRE. A broken expression under match selects nothing; under not_match it hides every \
    namespace.
    Example: namespace_selector(): ngx.re.match failed: pcre2_compile() failed: quantifier does not follow a \
    repeatable \
    item in "*" at "*"
    Fix: Write an expression, `.*` in place of `*`. `gatecheck lint config.yaml` shows the place.
    """

  static let check = LogCheck(rule, .matchFailed) {
    guard $0.text.has("namespace_selector"), let words = $0.said(.matchFailed) else { return nil }
    let problem = shown(words[.problem] ?? "")
    return Explanation(
      rule, "an expression of namespace_selector is broken: \(problem)",
      help: "gatecheck lint config.yaml shows the place; write .* where * stands alone", .cause(.kubernetes),
      values: [(.reason, problem)], settings: ["namespace_selector.match", "namespace_selector.not_match"])
  }
}
