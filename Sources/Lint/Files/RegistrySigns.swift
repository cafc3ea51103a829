import APISIX
import Findings
import SourceText
import YAML

/// How much a section looks like the settings of one of APISIX's registries. Other programs ask the same registries and
/// call their sections so, and most keys below them as well.
enum RegistrySigns {
  /// Whether a section `discovery` has what no other program has there.
  static func areCertain(below discovery: Tree.ID, in tree: Tree) -> Bool {
    (tree.pairs(discovery) ?? []).prefix(50).contains { pair in
      tree.scalar(pair.key).map { areCertain($0, pair.value, tree) } ?? false
    }
  }

  /// - Parameter name: the registry's; another may be a slip, and then of the one whose settings stand below it.
  static func areCertain(_ name: String, _ value: Tree.ID, _ tree: Tree) -> Bool {
    if let clusters = tree.items(value) {
      return clusters.prefix(16).contains { tree.pairs($0) != nil && areCertain(name, $0, tree) }
    }
    guard let pairs = tree.pairs(value) else { return false }
    let name = FileKind.registryNames.contains(name) ? name : nearest(name, among: FileKind.registryNames) ?? ""
    switch name {
    case "nacos", "eureka", "consul", "consul_kv":
      return reads(name).contains { hasURL($0, value, tree) }
    case "dns":
      return pairs.allSatisfy { tree.scalar($0.key).map(["servers", "resolv_conf", "order"].contains) ?? false }
        && tree.has(["servers", "resolv_conf"], in: value)
    case "tars": return tree.has(["db_conf"], in: value)
    default:
      return isCluster(value, tree) || pairs.prefix(16).contains { isCluster($0.value, tree) }
    }
  }

  /// Whether it is a cluster's settings; several in a map, which is a mistake, are such all the same.
  private static func isCluster(_ value: Tree.ID, _ tree: Tree) -> Bool {
    tree.has(["namespace_selector", "watch_endpoint_slices", "default_weight", "shared_size"], in: value)
      || tree.value("service", in: value).map { tree.has(["host", "schema"], in: $0) } ?? false
      || tree.value("client", in: value).map { tree.has(["token", "token_file"], in: $0) } ?? false
  }

  /// Whether a key holds URLs, as APISIX wants them; others mostly have hosts with ports there.
  private static func hasURL(_ key: String, _ value: Tree.ID, _ tree: Tree) -> Bool {
    guard let servers = tree.value(key, in: value) else { return false }
    return (tree.items(servers)?.prefix(16) ?? [servers]).contains { item in
      tree.scalar(item).map { $0.has("://") || $0.has("\u{FF1A}//") || $0.has("${") } ?? false
    }
  }

  /// Whether a section of a registry's name has hardly a key that this registry does not read; so where it has none.
  static func areLikely(_ name: String, _ value: Tree.ID, _ tree: Tree) -> Bool {
    strangeness(value, tree, reads(name)) < 2
  }

  /// How many keys there are in any depth that are not read. What many programs call so is no slip, and counts more.
  private static func strangeness(_ value: Tree.ID, _ tree: Tree, _ own: [String], depth: Int = 0) -> Int {
    guard depth < 5 else { return 2 }
    if let items = tree.items(value) {
      return items.prefix(16).reduce(0) { $0 + strangeness($1, tree, own, depth: depth + 1) }
    }
    guard let pairs = tree.pairs(value) else { return 0 }
    return pairs.prefix(50).reduce(0) { sum, pair in
      guard sum < 2, let key = tree.scalar(pair.key) else { return 2 }
      let weight = own.contains(key) || known.contains(key) ? 0 : common.contains(key) ? 2 : 1
      return sum + weight + strangeness(pair.value, tree, ["host", "port"], depth: depth + 1)
    }
  }

  /// What a registry reads and others do not.
  private static func reads(_ name: String) -> [String] {
    guard let kind = RegistryKind(rawValue: name) else { return ["servers"] }
    switch kind {
    case .kubernetes: return ["service", "client"]
    case .tars: return []
    default: return [kind.servers ?? "servers"]
    }
  }

  private static let known: Set = [
    "access_key", "connect", "db_conf", "default_service", "default_weight", "dump", "equal", "expire", "fail_timeout",
    "fetch_interval", "full_fetch_interval", "id", "keepalive", "label_selector", "load_on_init", "match", "max_fails",
    "metadata", "namespace_selector", "not_equal", "not_match", "order", "path", "prefix", "read", "resolv_conf",
    "schema", "secret_key", "send", "shared_size", "skip_services", "sort_type", "timeout", "token", "token_file",
    "wait", "watch_endpoint_slices", "weight",
  ]
  private static let common: Set = [
    "addr", "address", "addresses", "client", "cluster", "domain", "enable", "enabled", "endpoint", "endpoints",
    "group",
    "host", "hostname", "hosts", "instance", "interval", "labels", "mode", "name", "namespace", "namespaces",
    "password",
    "port", "provider", "query", "server", "servers", "service", "services", "tags", "type", "url", "username",
  ]
}
