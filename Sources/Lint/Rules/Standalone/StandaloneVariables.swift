import APISIX
import Findings
import Inputs
import SourceText

enum StandaloneVariables {
  static let rule: Rule = """
    standalone/variable (warning): A variable that APISIX does not fill in
    Checks: service_name and discovery_type of upstreams for `${NAME}`.
    Why: In a standalone file APISIX fills in `${{NAME}}` from its environment, and nothing else. Any other form stays \
    as it is, and no service has that name.
    Example: service_name: ${NAMESPACE}/plat-dev:http
    Fix: service_name: ${{NAMESPACE}}/plat-dev:http
    """

  static func check(_ upstream: Upstream) -> [Finding] {
    if upstream.field.file.kind != .apisixStandalone { return [] }
    return [upstream.name, upstream.type].compactMap { field in
      // Other forms may be another program's.
      guard let field, let text = field.string, !text.has("${{"),
        let name = Placeholder.literals(in: text).first?.name, Placeholder.isName(name)
      else { return nil }
      return field.finding(
        rule, "'\(SecretPatterns.quotable(text))' stays as it is: APISIX fills in ${{\(name)}} only",
        help: "write ${{\(name)}}",
        fix: field.replacing(with: Placeholder.doubled(text), safe: false))
    }
  }
}
