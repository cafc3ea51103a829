import Findings
import YAML

/// The types of what an upstream tells a registry.
enum UpstreamTypes {
  static func check(_ upstream: Upstream) -> [Finding] {
    ["service_name", "discovery_type"].compactMap { key in upstream.given(key).flatMap { text(key, $0) } }
      + [upstream.given("discovery_args").flatMap(map)].compactMap { $0 }
  }

  private static func text(_ key: String, _ field: Field) -> Finding? {
    if field.isText { return nil }
    let isList = field.isSequence
    let items = field.items.compactMap(\.string)
    guard isList || field.isMapping else {
      return field.finding(
        UpstreamBalancing.refusedValue, "\(key) is not a string; the upstream is refused", help: "quote it",
        fix: field.inQuotes)
    }
    return field.finding(
      UpstreamBalancing.refusedValue, "\(key) is a \(isList ? "list" : "map"); the upstream is refused",
      help: items.count == 1 && items[0].count <= 60
        ? "write \(key): \(items[0])" : "write one text; each service has an upstream of its own")
  }

  private static func map(_ args: Field) -> Finding? {
    // An empty list is an empty map to Lua.
    if args.isMapping || args.isSequence && args.items.isEmpty || args.string?.isTemplated == true { return nil }
    return args.finding(
      UpstreamBalancing.refusedValue,
      "discovery_args is \(args.isSequence ? "a list" : "not a map"); the upstream is refused",
      help: "write a map: discovery_args: {namespace_id: ID, group_name: NAME}")
  }
}
