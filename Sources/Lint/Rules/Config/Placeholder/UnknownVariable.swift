import APISIX
import Findings
import SourceText

enum UnknownVariable {
  static let rule: Rule = """
    placeholder/unknown (note, since 2.13.0): The answer depends on a variable that gatecheck does not know
    Checks: Whether the verdict depends on a `${{NAME}}` without a default.
    Why: APISIX fills it in when it starts, and a value that looks like a number becomes one. Without its value nobody \
    can tell whether the schema accepts the result.
    Example: default_weight: "${{WEIGHT}}"
    Fix: Give the environment in which APISIX will start: gatecheck lint --env WEIGHT=50, or --env-file .env
    """

  static func check(_ context: ConfigContext) -> [Finding] {
    guard context.verdict.accepts == nil, context.verdict.yamlError == nil else { return [] }
    return context.verdict.open.filter { $0.syntax == .loader }.map { variable in
      if let shell = ShellDefault(variable.name) {
        // The default may be a credential, where it is no setting of a registry for all that is known.
        let setting = context.leaves.first { $0.node == variable.node }
        let isShown = setting.map { !$0.isCredential } ?? false && !shell.value.has("@")
        return context.file.finding(
          rule, "APISIX takes all between the braces for the variable's name; :- gives no default",
          at: variable.node ?? context.file.root, help: shell.help(value: isShown ? nil : "…"))
      }
      return context.file.finding(
        rule, "whether APISIX accepts this depends on the variable \(variable.name)",
        at: variable.node ?? context.file.root, help: "tell its value: --env \(variable.name)=VALUE")
    }
  }
}
