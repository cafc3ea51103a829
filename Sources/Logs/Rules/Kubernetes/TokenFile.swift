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
    zh: APISIX 读不到它的 token
    Checks: `failed to read token from file`、kubernetes 的 `failed to open file`、token 为空，以及由此引起的 Lua 错\
    误。
    Why: token_file 不存在、没有读取权限或者为空。在 Pod 里最常见的原因是 automountServiceAccountToken 为 \
    false。3.13 以前会启动失败；之后改为每 40 秒重试一次，从 3.17 起会带着空 token 去重试。
    Fix: 挂载 token，或者把路径写对。
    """

  static let check = LogCheck(rule, .tokenUnread, .fileUnread, .tokenEmpty, .credentialMissing, .badConcatenation) {
    let values = { (path: String?) -> [(name: Explanation.Value, text: String)] in path.map { [(.path, $0)] } ?? [] }
    if let words = $0.said(.fileUnread) {
      // config.yaml, a dump of Consul and the files of plugins are opened in these words, too.
      guard $0.said(anyOf: [.configUnread, .dumpUnread]) == nil,
        $0.said(.tokenUnread) != nil || $0.file.has(RegistryKind.kubernetes.key)
          || $0.file.isEmpty && !(words[.path] ?? "").hasSuffix(".yaml")
      else { return nil }
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
