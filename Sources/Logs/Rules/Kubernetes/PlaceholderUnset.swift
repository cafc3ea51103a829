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
    """

  static let check = LogCheck(rule, .variableUnset, .variableMissing, .portInvalid, .hostEmpty) {
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
