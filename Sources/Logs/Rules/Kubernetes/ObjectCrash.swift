import APISIX
import Findings
import SourceText

enum ObjectCrash {
  static let rule: Rule = """
    log/object-crash (error, since 2.13.0): An object of the cluster breaks APISIX's list
    Checks: `list_watch failed` with a Lua error.
    Why: Lua code of APISIX meets a value that it does not expect, mostly JSON null where a list should be; it gives \
    up the whole list, and every service behind it has no nodes.
    Example: list_watch failed, kind: EndpointSlice, reason: RuntimeException, message : core.lua:362: bad argument #1 \
    to 'ipairs' (table expected, got userdata)
    Fix: `gatecheck resolve --all --config config.yaml` names the object; remove or mend it.
    """

  static let check = LogCheck(rule, .listWatchFailed) {
    guard let words = $0.said(.listWatchFailed) else { return nil }
    let kind = shown(words[.kind] ?? "")
    return Explanation(
      rule, "an object breaks APISIX's list of \(kind): \(words.reason)",
      help: "gatecheck resolve --all --config config.yaml names the object", .cause(.kubernetes),
      values: [(.kind, kind), (.reason, words.reason)])
  }
}
