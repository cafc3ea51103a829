import APISIX
import Findings
import SourceText

enum TokenFile {
  static let rule: Rule = """
    log/token-file-unreadable (error, since 2.13.0): APISIX cannot read its token
    Checks: `failed to read token from file`, `failed to open file` of kubernetes, a token that is empty, and the Lua \
    error that follows.
    Why: token_file is not there, may not be read, or is empty: in a pod, most often because \
    automountServiceAccountToken is false. Before 3.13 the start fails; then there is a retry every 40 seconds, since \
    3.17 with an empty token.
    Example: failed to read token from file: failed to open file: /var/run/secrets/kubernetes.io/serviceaccount/token
    Fix: Mount the token, or write the path at which it lies.
    """

  static let check = LogCheck(rule, .tokenUnread, .fileUnread, .tokenEmpty, .credentialMissing, .badConcatenation) {
    let values = { (path: String?) -> [(name: Explanation.Value, text: String)] in path.map { [(.path, $0)] } ?? [] }
    if let words = $0.said(.fileUnread) {
      let path = shown(words[.path] ?? "")
      return Explanation(
        rule, "APISIX cannot read its token from \(path)",
        help: "write the path at which the token lies into token_file; in a pod see that automountServiceAccountToken "
          + "is not false",
        .cause(.kubernetes), values: values(path), settings: ["client.token_file"])
    }
    if let words = $0.said(.tokenUnread) {
      return Explanation(
        rule, "APISIX cannot read its token from its file: \(words.reason)",
        help: "write the path at which the token lies into token_file", .cause(.kubernetes),
        settings: ["client.token_file"])
    }
    if $0.said(anyOf: [.tokenEmpty, .credentialMissing]) != nil {
      return Explanation(
        rule, "APISIX's token is empty, or there is none", help: "write client.token_file or client.token",
        .cause(.kubernetes), settings: tokenSettings + ["client"])
    }
    guard let words = $0.said(.badConcatenation), words[.what]?.has("'token'") == true else { return nil }
    return Explanation(
      rule, "APISIX has no token to send", help: "see the line about the token before it", .effect(.kubernetes),
      settings: tokenSettings)
  }
}
