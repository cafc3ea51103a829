import APISIX
import Findings
import YAML

/// The memory zones that `nginx_config` asks for, beside those that APISIX declares itself.
enum SharedDicts {
  static let unread: Rule = """
    nginx/dict-unread (warning, since 3.0.0): The size of a registry's memory is set where nobody reads it
    Checks: `nginx_config.http.lua_shared_dict` for kubernetes (from 3.0 on), nacos and consul, when the registry is \
    enabled.
    Why: APISIX reads from there only the sizes of its own zones. That of kubernetes is `shared_size` of the registry \
    from 3.0 on, that of consul from 3.16 on; that of nacos is fixed. The zone stays as it was: `no memory`.
    Example:
    nginx_config:
      http:
        lua_shared_dict:
          kubernetes: 50m
    Fix: discovery:
      kubernetes:
        shared_size: 50m
    """

  static let twice: Rule = """
    nginx/dict-twice (error): A zone of one's own has the name of one of APISIX's
    Checks: The names under `nginx_config.http.custom_lua_shared_dict` against the zones that APISIX declares in the \
    release that is judged, for its registries and plugins as well.
    Why: nginx does not start with a zone that is declared twice: `the size 134217728 of shared memory zone "nacos" \
    conflicts with already declared size 67108864`, or `is already defined`.
    Example:
    nginx_config:
      http:
        custom_lua_shared_dict:
          nacos: 128m
    Fix: Take it out, or give the zone another name.
    """

  static let rules = [unread, twice]

  static func check(_ context: ConfigContext) -> [Finding] {
    guard let http = context.verdict.root?["nginx_config"]?["http"] else { return [] }
    return entries(http["lua_shared_dict"]).compactMap { unread($0.name, $0.entry, context) }
      + entries(http["custom_lua_shared_dict"]).compactMap { twice($0.name, $0.entry, context) }
  }

  private static func entries(_ value: LuaValue?) -> [(name: String, entry: LuaTable.Entry)] {
    (value?.table?.entries ?? []).compactMap { entry in entry.key.string.map { ($0, entry) } }
  }

  private static func unread(_ name: String, _ entry: LuaTable.Entry, _ context: ConfigContext) -> Finding? {
    guard let kind = RegistryKind(rawValue: name), context[kind] != nil, let help = help(kind, context) else {
      return nil
    }
    return context.file.finding(
      unread, "APISIX \(context.release.line) reads no lua_shared_dict.\(name): the size has no effect",
      at: entry.keyNode, path: "nginx_config.http.lua_shared_dict.\(name)", help: help)
  }

  /// Where the size is read; nil for what has no zone, or has its size from here.
  private static func help(_ kind: RegistryKind, _ context: ConfigContext) -> String? {
    switch kind {
    case .kubernetes where context.release.has(.sharedSize):
      let isList = context[.kubernetes]?.items != nil
      return
        "write \(isList ? "shared_size in each cluster of discovery.kubernetes" : "discovery.kubernetes.shared_size")"
    case .consul where context.release.has(.consulSharedSize): return "write discovery.consul.shared_size"
    case .nacos where context.release.has(.nacosZone): return "remove it; the zone's size is fixed"
    default: return nil
    }
  }

  private static func twice(_ name: String, _ entry: LuaTable.Entry, _ context: ConfigContext) -> Finding? {
    guard let help = own(name, context) else { return nil }
    return context.file.finding(
      twice, "nginx does not start: APISIX declares the zone \(name) itself", at: entry.keyNode,
      path: "nginx_config.http.custom_lua_shared_dict.\(name)", help: help)
  }

  /// Source: cli/ngx_tpl.lua, 2.13 to 3.18.
  private static let always: Set = [
    "internal-status", "upstream-healthcheck", "worker-events", "lrucache-lock", "balancer-ewma",
    "balancer-ewma-locks", "balancer-ewma-last-touched-at", "etcd-cluster-health-check",
  ]
  /// Zones of plugins that are on where the file does not say which are.
  private static let plugins = [
    "plugin-limit-conn": "limit-conn", "plugin-limit-req": "limit-req", "plugin-limit-count": "limit-count",
    "plugin-api-breaker": "api-breaker", "discovery": "openid-connect", "jwks": "openid-connect",
    "introspection": "openid-connect", "access-tokens": "authz-keycloak", "ext-plugin": "ext-plugin-pre-req",
  ]

  /// What to do about a name that APISIX has itself; nil for others.
  private static func own(_ name: String, _ context: ConfigContext) -> String? {
    let size = "remove it; its size is nginx_config.http.lua_shared_dict.\(name)"
    if always.contains(name) { return size }
    if let plugin = plugins[name] { return isOn(plugin, context) ? size : nil }
    // That of nacos is there whether the registry is on or not.
    if name == RegistryKind.nacos.key {
      return context.release.has(.nacosZone) ? "remove it; the zone of nacos has a fixed size" : nil
    }
    let release = context.release
    if let kind = RegistryKind(rawValue: name), let registry = context[kind] {
      switch kind {
      case .tars: return size
      case .consul: return release.has(.consulSharedSize) ? "remove it; write discovery.consul.shared_size" : nil
      case .kubernetes where registry.items == nil:
        return release.has(.sharedSize) ? "remove it; write discovery.kubernetes.shared_size" : size
      default: return nil
      }
    }
    let ids = context.clusters.compactMap { $0.isItem ? $0["id"]?.string : nil }
    return ids.contains { name == "kubernetes-\($0)" } ? "remove it; write shared_size in that cluster" : nil
  }

  private static func isOn(_ plugin: String, _ context: ConfigContext) -> Bool {
    guard let list = context.verdict.root?["plugins"]?.table else { return true }
    return list.entries.contains { $0.value.string == plugin }
  }
}
