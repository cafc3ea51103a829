import APISIX
import Findings
import SourceText

enum PlaceholderUnset {
  static let rule: Rule = """
    log/placeholder-unset (error, since 2.13.0): A variable that config.yaml names has no value, or no usable one
    Checks: `not found environment variable NAME`, `can't find environment variable NAME`, an empty host, a port that \
    is no number.
    Why: APISIX fills in `${NAME}` and `${{NAME}}` from its environment. nginx passes on no variable by itself: 2.13 \
    needs them in nginx_config.envs. KUBERNETES_PORT is a URL; the number stands in KUBERNETES_SERVICE_PORT.
    Example: failed to handle configuration: can't find environment variable KUBE_HOST
    Fix: Set the variable for the process that starts APISIX, or write the value itself.
    zh: config.yaml 引用的变量没有值，或者值不可用
    Checks: `not found environment variable NAME`、`can't find environment variable NAME`、host 为空、port 不是数字。
    Why: APISIX 用自己的环境变量填充 `${NAME}` 和 `${{NAME}}`。nginx 默认不传递任何环境变量：2.13 要把它们写进 \
    nginx_config.envs。KUBERNETES_PORT 是一个 URL，端口号在 KUBERNETES_SERVICE_PORT 里。
    Fix: 给启动 APISIX 的进程设置该变量，或者直接写值。
    """

  static let check = LogCheck(rule, .variableUnset, .variableMissing, .portInvalid, .hostEmpty) {
    // Whatever APISIX says of a variable in a request is a plugin's.
    guard $0.tail.client == nil else { return nil }
    if let name = $0.said(anyOf: [.variableUnset, .variableMissing])?[.name].map({ shown($0) }) {
      let isFile = $0.said(.tokenPathUnread) != nil
      return Explanation(
        rule, "the environment variable \(name), which config.yaml names, is not set",
        help: "set \(name) for the process that starts APISIX, or write the value itself",
        .cause($0.said(.variableUnset) == nil ? nil : .kubernetes), values: [(.variable, name)],
        settings: isFile ? ["client.token_file"] : addressSettings + tokenSettings)
    }
    if $0.said(.hostEmpty) != nil {
      return Explanation(
        rule, "the host of the API server is empty: its variable has no value",
        help: "set KUBERNETES_SERVICE_HOST, or write the host into discovery.kubernetes.service.host",
        .cause(.kubernetes), settings: ["service.host", "service"])
    }
    guard let words = $0.said(.portInvalid) else { return nil }
    return Explanation(
      rule, "the port of the API server is no number: \(shown(words[.value] ?? ""))",
      help: "write port: \"${KUBERNETES_SERVICE_PORT}\"; KUBERNETES_PORT is a URL", .cause(.kubernetes),
      settings: ["service.port", "service"])
  }
}
