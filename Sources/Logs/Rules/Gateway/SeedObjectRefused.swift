import APISIX
import Findings
import SourceText

enum SeedObjectRefused {
  static let rule: Rule = """
    log/seed-object-refused (error, since 3.6.0): APISIX drops an object that apisix-seed rewrote
    Checks: `additional properties forbidden, found _discovery_type`, or `found _service_name`.
    Why: apisix-seed writes the nodes into the object and renames its fields so. APISIX 3.6 and newer know no such \
    fields and drop the object: its route is answered with 404, or a request with 503.
    Example: failed to check item data of [routes] err:property "upstream" validation failed: additional properties \
    forbidden, found _discovery_type
    Fix: Stop apisix-seed, and use a registry that APISIX has itself (nacos), or plain nodes; write the object anew \
    without `_discovery_type` and `_service_name`.
    """

  static let check = LogCheck(rule, .forbidden) {
    guard let name = $0.said(.forbidden)?[.name], name.hasPrefix("_discovery_type") || name.hasPrefix("_service_name")
    else { return nil }
    let kind = shown($0.said(anyOf: [.objectRefused, .objectInvalid])?[.kind] ?? "")
    let service = $0.text.firstBytes(of: "\"_service_name\":\"").map { [text = $0.text] in
      shown(text[$0.upperBound...].prefix { $0 != "\"" })
    }
    return Explanation(
      rule,
      "APISIX drops an object of \(kind.isEmpty ? "etcd" : kind)\(service.map { " (service \($0))" } ?? ""): "
        + "apisix-seed rewrote it, and 3.6 and newer refuse that",
      help:
        "stop apisix-seed and write the object anew without _discovery_type and _service_name; for Nacos use APISIX's "
        + "own discovery.nacos", .cause(nil),
      values: [(.object, kind)] + (service.map { [(.service, $0)] } ?? []) + [(.property, "_discovery_type")])
  }
}
