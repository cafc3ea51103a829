import APISIX
import Findings
import SourceText

enum PluginWithoutDiscovery {
  static let rule: Rule = """
    log/plugin-without-discovery (error, since 2.13.0): A plugin's own upstream names a service, and the plugin does \
    not look it up
    Checks: A Lua error of plugins/traffic-split.lua about a table that is nil.
    Why: traffic-split reads the nodes of an upstream written in its own configuration, and asks no registry: with \
    `service_name` in place of `nodes` it fails, and the request is answered with 500.
    Example: lua entry thread aborted: runtime error: apisix/plugins/traffic-split.lua:149: bad argument #1 to \
    'isarray' (table expected, got nil)
    Fix: Make the upstream an object of its own, with `service_name` and `discovery_type`, and give its id as \
    `upstream_id` in `weighted_upstreams`.
    """

  static let check = LogCheck(rule, .badArgument, .badIndex, .badLength) {
    guard $0.file.hasSuffix("traffic-split.lua") else { return nil }
    return Explanation(
      rule, "traffic-split has an upstream of its own with service_name, and asks no registry: 500",
      help:
        "make it an upstream object with service_name and discovery_type, and write upstream_id into "
        + "weighted_upstreams",
      .request(nil), values: [(.object, "traffic-split"), (.property, "service_name")])
  }
}
