import APISIX
import Findings
import SourceText

enum ConsulKVEntryInvalid {
  static let rule: Rule = """
    log/consul-kv-entry-invalid (warning, since 2.13.0): APISIX leaves out an entry of Consul
    Checks: `server name parse error`, `consul_key_empty`, `consul_value_empty`, `invalid upstream value` and \
    `server node unhealthy` of consul_kv, and `invalid consul service entry without Service field`.
    Why: A key must be PREFIX/NAME/HOST:PORT, without `-` and `_` in the host, and its value a JSON object. Others are \
    no nodes. `"check_status": false` in the value takes a node out on purpose.
    Example: server name parse error, server_name_prefix: http://127.0.0.1:8500/v1/kv/, node: \
    {"Key":"upstreams/web/my-host:8080"}
    Fix: Write the key with an IP address: `upstreams/web/10.0.0.7:8080`, with the value `{"weight": 1}`.
    """

  static let check = LogCheck(
    rule, .consulKeyUnread, .consulKeyEmpty, .consulValueEmpty, .consulValueInvalid, .consulNodeUnhealthy,
    .consulNameless
  ) {
    guard let words = $0.words?.root, words.sentence != .consulNameless else {
      return Explanation(
        rule, "an entry of Consul has no Service, and is left out", help: "register it again, as a service",
        .harmless, values: [(.registry, RegistryKind.consul.key), (.reason, "no Service")])
    }
    let object = words[.object] ?? ""
    let key = object.firstBytes(of: "\"Key\":\"").map { shown(object[$0.upperBound...].prefix { $0 != "\"" }) } ?? ""
    let plain = key.replacing("\\/", with: "/")
    let (why, help): (String, String) =
      switch words.sentence {
      case .consulKeyUnread:
        (
          "is not PREFIX/NAME/HOST:PORT",
          "write it so, the host of letters, digits and dots: upstreams/web/10.0.0.7:8080"
        )
      case .consulValueEmpty: ("has no value", "give it a JSON object for a value, such as {\"weight\": 1}")
      case .consulValueInvalid: ("has a value that is no JSON", "give it a JSON object, such as {\"weight\": 1}")
      case .consulNodeUnhealthy:
        ("has \"check_status\": false", "set it to true when the node is to get traffic; nothing is wrong else")
      default: ("is empty", "take it away")
      }
    return Explanation(
      rule, "the key \(plain.isEmpty ? "of an entry" : plain) in Consul \(why), and is no node", help: help,
      .cause(.consulKV), values: [(.registry, RegistryKind.consulKV.key), (.object, plain), (.reason, why)],
      settings: ["prefix"])
  }
}
