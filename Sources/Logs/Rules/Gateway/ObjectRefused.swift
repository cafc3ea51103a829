import APISIX
import Findings
import SourceText

enum ObjectRefused {
  static let rule: Rule = """
    log/object-refused (error, since 2.13.0): APISIX drops an object of its own configuration
    Checks: `failed to check item data of [KIND] err:…`, of apisix.yaml and of etcd.
    Why: The schema refuses a route, service or upstream, and APISIX goes on without it: requests are answered with \
    404, or with 503 where it was the upstream of a route.
    Example: failed to check item data of [upstreams] err:value should match only one schema, but matches none
    Fix: Mend the object as the line says; `gatecheck lint apisix.yaml` names the line. An upstream needs one of \
    `nodes`, and `service_name` with `discovery_type`.
    """

  /// What names no upstream.
  private static let plain = ["ssls", "consumers", "consumer_groups", "protos", "secrets", "plugin_metadata"]

  static let check = LogCheck(rule, .objectRefused, .objectInvalid) {
    guard let words = $0.said(anyOf: [.objectRefused, .objectInvalid]) else { return nil }
    let kind = shown(words[.kind] ?? "")
    guard !plain.contains(where: kind.hasSuffix) else { return nil }
    let reason = words.reason
    let isUpstream = words.root.sentence == .noneOfOne || words.root.sentence == .twoOfOne
    return Explanation(
      rule, "APISIX drops an object of \(kind): \(reason)",
      help: isUpstream
        ? "an upstream needs nodes, or service_name with discovery_type, and not both"
        : "mend the object; in standalone mode gatecheck lint apisix.yaml names the line", .request(nil),
      values: [(.object, kind), (.reason, reason)])
  }
}
