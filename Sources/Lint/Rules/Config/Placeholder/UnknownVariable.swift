import APISIX
import Findings
import SourceText
import YAML

enum UnknownVariable {
  static let rule: Rule = """
    placeholder/unknown (note, since 2.13.0): The answer depends on a variable that gatecheck does not know
    Checks: Whether the verdict depends on a `${{NAME}}` without a default, whether one has the shell's `:-`, and \
    whether a value of `discovery` is yet to be filled in by another program, as `${NAME:-default}` or `$NAME`.
    Why: APISIX fills in `${{NAME}}` when it starts, and a value that looks like a number becomes one. Without its \
    value nobody can tell whether the schema accepts the result. `${NAME:-default}` it does not know: no other program \
    has filled it in yet, and if none does, APISIX takes it as it stands.
    Example: default_weight: "${{WEIGHT}}"
    Fix: Give the environment in which APISIX will start: gatecheck lint --env WEIGHT=50, or --env-file .env
    """

  static func check(_ context: ConfigContext) -> [Finding] {
    guard context.verdict.yamlError == nil else { return [] }
    let isOpen = context.verdict.accepts == nil
    let own = context.verdict.open.filter { $0.syntax == .loader }.compactMap { variable -> Finding? in
      if let shell = ShellDefault(variable.name) {
        // The default may be a credential, where it is no setting of a registry for all that is known.
        let setting = context.leaves.first { $0.node == variable.node }
        let isShown = setting.map { !$0.isCredential } ?? false && !shell.value.has("@")
        return context.file.finding(
          rule, "APISIX takes all between the braces for the variable's name; :- gives no default",
          at: variable.node ?? context.file.root, help: shell.help(value: isShown ? nil : "…"))
      }
      return !isOpen
        ? nil
        : context.file.finding(
          rule, "whether APISIX accepts this depends on the variable \(variable.name)",
          at: variable.node ?? context.file.root, help: "tell its value: --env \(variable.name)=VALUE")
    }
    return own + [foreign(context)].compactMap { $0 }
  }

  /// The first value that another program has yet to fill in, told for all.
  private static func foreign(_ context: ConfigContext) -> Finding? {
    let file = context.file
    let all = context.leaves.filter { $0.isString && file.foreignVariable($0.node) != nil }
    guard let first = all.first, let variable = file.foreignVariable(first.node) else { return nil }
    let shown = first.isCredential ? "this value" : variable.shown
    let message =
      all.count > 1
      ? "\(shown) and \(counted(all.count - 1, "other value")) here are not judged: APISIX does not fill them in"
      : "\(shown) is not judged: APISIX does not fill it in"
    return file.finding(
      rule, "\(message), another program must",
      range: file.tree[first.node].range, path: first.path,
      help: "lint the file that it makes of this one, or with --env to see what APISIX itself reads; if there is none, "
        + MissingVariable.instead(of: variable.name, at: first.node, in: context))
  }
}
