import APISIX
import Findings
import SourceText

enum ConsulLoopDead {
  static let rule: Rule = """
    log/consul-loop-dead (error, since 3.2.0): APISIX has stopped asking Consul, for good
    Checks: A Lua error in apisix/discovery/consul/ that runs in a timer, such as `attempt to compare number with \
    nil`.
    Why: One answer that the code cannot take ends its loop: one without the header X-Consul-Index, as the page of a \
    proxy, or an instance without port or address. No later change of Consul reaches APISIX, and nothing says so again.
    Example: lua entry thread aborted: runtime error: apisix/discovery/consul/client.lua:206: attempt to compare \
    number with nil
    Fix: `apisix reload`. Then see that `servers` lead to Consul itself and not to a page of a proxy; register each \
    instance with an address and a port.
    """

  static let check = LogCheck(rule, .badComparison, .badConcatenation, .badArgument, .badIndex, .badArithmetic) {
    // Of a request, it ends that request alone.
    guard $0.tail.client == nil, let words = $0.words?.root else { return nil }
    // An error of the HTTP client's is caught, and the question asked again.
    guard $0.file.has("discovery/consul/") else { return nil }
    let what = words[.what] ?? ""
    let (cause, help) =
      if words.sentence == .badComparison {
        (
          "an answer came without X-Consul-Index, as a proxy's page does",
          "apisix reload; then see that discovery.consul.servers lead to Consul itself: curl -si "
            + "http://SERVER/v1/catalog/services must show X-Consul-Index"
        )
      } else if what.has("svc_port") || what.has("svc_address") || what.has("Address") {
        (
          "an instance is registered without \(what.has("port") ? "a port" : "an address")",
          "register it with Address and Port, then apisix reload"
        )
      } else {
        ("its code failed at an answer of Consul's", "apisix reload; a newer release may take the answer")
      }
    return Explanation(
      rule, "APISIX has stopped asking Consul, for good: \(cause)", help: help, .cause(.consul),
      values: [(.registry, RegistryKind.consul.key), (.reason, shown(words.text(in: .newest)))], settings: ["servers"])
  }
}
