import APISIX
import Findings
import SourceText

enum ConsulEventTooLarge {
  static let rule: Rule = """
    log/consul-event-too-large (error, since 3.2.0): APISIX's workers do not get the nodes of Consul
    Checks: `post_event failure with …, update all services error: payload exceeds the limitation`.
    Why: Before 3.16 one process asks Consul and sends all nodes to the others in one event of at most 65,536 bytes. \
    What is larger is not sent: the others keep what they had, or have nothing.
    Example: post_event failure with consul_update_all_services, update all services error: payload exceeds the \
    limitation (65536)
    Fix: Upgrade to 3.16 or newer, or leave services out by skip_services.
    """

  static let check = LogCheck(rule, .eventUnsent) {
    guard let words = $0.said(.eventUnsent), $0.words?.text(in: .newest).has("consul") ?? false else { return nil }
    return Explanation(
      rule, "APISIX's workers do not get the nodes of Consul: \(words.reason)",
      help: "use APISIX 3.16 or newer, or leave services out: discovery.consul.skip_services", .cause(.consul),
      values: [(.registry, RegistryKind.consul.key), (.reason, words.reason)], settings: ["skip_services"])
  }
}
