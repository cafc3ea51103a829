import APISIX
import Common
import Findings
import Inputs
import Kubernetes
import SourceText
import YAML

enum TokenSetting {
  static let notString: Rule = """
    token/not-a-string (error, since 2.13.0): The token is not a string
    Checks: That `client.token` is a YAML string.
    Why: Unquoted digits are a number, and a number fails the schema: `object matches none of the required`. A \
    `${{NAME}}` whose value looks like a number becomes one, quotes or not.
    Example: token: 123456
    Fix: token: "123456"
    """

  static let inline: Rule = """
    token/inline (note, since 2.13.0): A token is written in the file itself
    Checks: That `client.token` is a variable, or `token_file` is used.
    Why: Whoever can read the file, or the repository it lies in, can use the token.
    Example:
    client:
      token: eyJhbGciOi…
    Fix: client:
      token: ${KUBERNETES_CLIENT_TOKEN}
    """

  static let rules = [notString, inline]

  static let longest = 4096

  static func check(_ cluster: KubernetesCluster) -> [Finding] {
    guard let token = cluster["client", "token"], !token.isOpen else { return TokenOnHost.file(of: cluster) }
    guard let text = token.string else {
      return [
        token.finding(
          notString, "token is \(token.isTable ? token.described : "not a string"); APISIX accepts only a string",
          help: "quote it", fix: token.inQuotes)
      ]
    }
    if Placeholder.accepted(text) != nil { return TokenOnHost.variable(text, at: token, of: cluster) }
    if Placeholder.isWhole(text) { return [] }
    if text.has("${") || text.hasPrefix("$ENV://") || text.hasPrefix("$secret://") {
      // The schema lets text before `${NAME}` pass, and APISIX then sends all of it.
      let name = text.firstBytes(of: "${").flatMap { Placeholder.accepted(String(text[$0.lowerBound...])) }
      let passes = name != nil
      return [
        token.finding(
          TokenRules.placeholder,
          "nobody fills in a variable inside a longer token; "
            + (passes ? "APISIX sends it as it stands" : "APISIX does not accept it"),
          help: "write ${NAME} as the whole value")
      ]
    }
    // An empty token is the worker's matter: with plain http it does no harm.
    if text.isEmpty, cluster["service", "schema"]?.string == "http" { return [] }
    let parsed = TokenText(text)
    let flaws = TokenFlaw.all(of: parsed, source: .inline, release: cluster.release, now: cluster.context.now)
    var findings = flaws.map { flaw in
      token.finding(
        flaw.rule, severity: flaw.severityInFile, flaw.message,
        help: flaw.help,
        fix: flaw.mends ? mend(token, with: parsed.mended) : nil)
    }
    let body = text.hasSuffix("\n") ? text.dropLast() : text[...]
    if body.utf8.count > longest, !findings.contains(where: { $0.severity == .error }) {
      findings += token.finding(
        TokenRules.character, "the token has \(body.utf8.count) characters; APISIX accepts \(longest)",
        help: "put it in a file and use token_file")
    } else if !findings.contains(where: { $0.severity == .error }), !body.utf8.allSatisfy(isAccepted) {
      findings += token.finding(
        TokenRules.character, "the token holds a character that APISIX does not accept",
        help: body.utf8.allSatisfy { (0x21...0x7E).contains($0) }
          ? "put it in a file and use token_file, which is not checked so; or use a ServiceAccount's token"
          : "use letters, digits and + / . _ = - only")
    }
    if parsed.jwt != nil, findings.isEmpty {
      findings += token.finding(
        inline, "the token is written in the file itself",
        help: "use a variable, token: ${KUBERNETES_CLIENT_TOKEN}, or token_file")
    }
    return findings
  }

  private static func mend(_ token: Setting, with mended: Secret?) -> Fix? {
    guard let value = mended?.value, value.utf8.allSatisfy(isAccepted) else { return nil }
    // A block scalar becomes one line; a token needs no quotes unless it looks like a number.
    return token.replacing(withYAML: value.has(".") ? value : "\"\(value)\"", secret: true)
  }

  /// `[A-Za-z0-9+/._=-]`
  private static func isAccepted(_ byte: UInt8) -> Bool { byte.isAlphanumeric || "+/._=-".utf8.contains(byte) }
}
