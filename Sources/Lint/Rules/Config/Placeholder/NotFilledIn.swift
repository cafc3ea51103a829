import APISIX
import Findings
import SourceText
import YAML

enum NotFilledIn {
  static let rule: Rule = """
    placeholder/not-filled-in (warning, since 2.13.0): Nobody fills in this variable
    Checks: That `${NAME}` stands only where the kubernetes registry reads it (`service.host`, `service.port`, \
    `client.token`, `client.token_file`), as the whole value, and that `$ENV://` and `$secret://` stand nowhere in \
    `discovery`.
    Why: APISIX fills in `${{NAME}}`, with two braces, in the whole file. Everything else it takes as it stands: the \
    text itself becomes the address, the token or the password.
    Example:
    discovery:
      eureka:
        host: ["http://${EUREKA_HOST}:8761"]
    Fix: discovery:
      eureka:
        host: ["http://${{EUREKA_HOST}}:8761"]
    """

  private static let read = ["service.host", "service.port", "client.token", "client.token_file"]

  /// What no error names already.
  static func check(_ context: ConfigContext, after findings: [Finding]) -> [Finding] {
    let named = Set(
      findings.lazy.filter { finding in
        finding.severity == .error || finding.rule == UnknownKey.rule || finding.rule.id.hasPrefix("token/")
          || finding.rule.id.hasPrefix("kubernetes/")
      }.compactMap(\.path))
    let tree = context.file.tree
    return context.leaves.compactMap { setting in
      guard setting.isString, tree.scalarBytes(setting.node)?.contains(UInt8(ascii: "$")) ?? false,
        let text = setting.written, text.utf8.count <= 4096,
        let dollar = text.utf8.firstIndex(of: UInt8(ascii: "$")), text.utf8.index(after: dollar) < text.endIndex,
        !setting.path.has("match["),
        let literals = literals(text, setting), let first = literals.first, !named.contains(setting.path)
      else { return nil }
      return setting.finding(
        rule, "nobody fills in \(literals.joined(separator: " and ")) here; APISIX takes it as it stands",
        help: first.hasPrefix("${")
          ? "use two braces, which APISIX fills in itself: "
            + literals.map(Placeholder.doubled).joined(separator: " and ")
          : "use ${{NAME}}, which APISIX fills in itself from its environment",
        fix: first.hasPrefix("${")
          ? setting.replacing(with: Placeholder.doubled(text), safe: false, secret: text.has("@")) : nil)
    }
  }

  /// The parts of a text that its author takes for variables; nil where they are none of ours to speak of.
  private static func literals(_ text: String, _ setting: Setting) -> [String]? {
    for scheme in ["$ENV://", "$env://", "$secret://"] where text.hasPrefix(scheme) { return [scheme + "…"] }
    if Placeholder.accepted(text) != nil, setting.path.hasPrefix(RegistryKind.kubernetes.path),
      read.contains(where: setting.path.hasSuffix)
    {
      return nil
    }
    let names = Placeholder.literals(in: text).lazy.map(\.name).prefix {
      !$0.isEmpty && $0.count <= 60 && !$0.contains(where: \.isWhitespace)
    }
    return names.reduce(into: []) { found, name in
      if !found.contains("${\(name)}"), found.count < 5 { found.append("${\(name)}") }
    }
  }
}
