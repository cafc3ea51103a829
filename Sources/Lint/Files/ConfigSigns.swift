import Findings
import SourceText
import YAML

/// How much the top level of a file looks like APISIX's config.yaml. A section counts by its name and by what stands
/// below it; a name that is nearly one counts by what stands below it alone.
struct ConfigSigns {
  /// Sections that only APISIX has so.
  private var sure = 0
  /// How much `discovery` looks like APISIX's. Others have that section as well, so what stands beside it counts
  /// too.
  private var registries = Weight.none
  /// Sections that it may have so.
  private var possible = 0
  /// Keys that APISIX has none of.
  private var others = 0

  enum Weight: Int, Comparable {
    case none, possible, likely, sure

    static func < (left: Weight, right: Weight) -> Bool { left.rawValue < right.rawValue }
  }

  /// - Parameter pairs: those of a document.
  init(_ pairs: ArraySlice<Node.Pair>, in tree: Tree) {
    // No configuration has as many sections; what is not looked at counts as another's.
    others = max(0, pairs.count - 200)
    for pair in pairs.prefix(200) {
      guard let key = tree.scalar(pair.key), !key.utf8.starts(with: "x-".utf8), key != "<<" else { continue }
      // No key, but one that is indented with blanks that YAML does not know.
      if key.utf8.first ?? 0 >= 0x80, key.hasPrefix("\u{A0}") || key.hasPrefix("\u{3000}") { continue }
      let section = Section(rawValue: key) ?? Section(meant: key)
      let weight = section?.weight(of: pair.value, in: tree) ?? Self.beside(key, pair.value, tree)
      if section == .discovery { registries = max(registries, weight) }
      switch weight {
      case .sure where section == .discovery: possible += 1
      case .sure: sure += 1
      case .likely: possible += 1
      case .possible where section?.rawValue == key || section == nil: possible += 1
      case .possible, .none: others += ResourceSigns.sections.contains(key) ? 0 : Self.ofPrograms.contains(key) ? 5 : 1
      }
    }
  }

  /// Whether it is a config.yaml, whatever the file is called.
  var areCertain: Bool { sure > 0 || (registries == .sure && others == 0) }

  /// Whether it may be one: as far as its name says so, too.
  func areLikely(_ name: FileName) -> Bool {
    if registries >= .likely { return others == 0 || name.isConfig && others < 5 }
    return others == 0 && (possible > 1 || possible > 0 && name.isConfig)
  }

  /// What most programs call the sections of their configuration.
  private static let ofPrograms: Set = [
    "app", "application", "cluster", "database", "db", "grpc", "http", "image", "log", "logger", "logging", "logs",
    "name", "network", "node", "server", "servers", "service", "services", "spring", "version",
  ]

  /// A registry beside `discovery` instead of below it.
  private static func beside(_ key: String, _ value: Tree.ID, _ tree: Tree) -> Weight {
    let name = key.hasPrefix("discovery.") ? String(key.dropFirst("discovery.".utf8.count)) : key
    return FileKind.registryNames.contains(name) && (name != key || RegistrySigns.areCertain(name, value, tree))
      ? .possible : .none
  }

  static let sections = Section.allCases.map(\.rawValue)

  /// Whether a text begins with a section's name and a wide colon.
  static func isWide(_ text: String) -> Bool { sections.contains { text.hasPrefix("\($0)\u{FF1A}") } }

  /// The section that a key at the top level was meant to be, told by what stands below it; nil for the name of one.
  static func meant(_ pair: Node.Pair, in tree: Tree) -> String? {
    guard let key = tree.scalar(pair.key), Section(rawValue: key) == nil, let section = Section(meant: key) else {
      return nil
    }
    // Registries alone tell it, whatever they hold.
    let keys = tree.pairs(pair.value)?.map { tree.scalar($0.key) } ?? []
    let areRegistries = !keys.isEmpty && keys.allSatisfy { $0.map(FileKind.registryNames.contains) ?? false }
    return section.weight(of: pair.value, in: tree) == .sure || section == .discovery && areRegistries
      ? section.rawValue : nil
  }

  /// The sections by which a config.yaml is told.
  private enum Section: String, CaseIterable {
    case apisix, deployment, discovery, etcd, plugins, graphql, wasm, xrpc
    case nginxConfig = "nginx_config"
    case pluginAttributes = "plugin_attr"
    case streamPlugins = "stream_plugins"
    case externalPlugin = "ext-plugin"
    case configServer = "conf_server"

    /// The section that was probably meant.
    init?(meant key: String) {
      // What cannot be seen in a key is no slip of spelling.
      guard (5...20).contains(key.utf8.count), key.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
      if key == "service_discovery" || key == "discoveries" {
        self = .discovery
      } else if let near = nearest(key, among: Self.allCases.lazy.map(\.rawValue).filter { $0.utf8.count > 5 }) {
        self.init(rawValue: near)
      } else {
        return nil
      }
    }

    func weight(of value: Tree.ID, in tree: Tree) -> Weight {
      let settings = tree.pairs(value)?.prefix(200).compactMap { tree.scalar($0.key) }
      func map(_ key: String) -> Tree.ID? { tree.value(key, in: value).flatMap { tree.pairs($0) != nil ? $0 : nil } }
      func isList(_ key: String) -> Bool { tree.value(key, in: value).map { tree.items($0) != nil } ?? false }
      let names = tree.items(value)?.compactMap { tree.scalar($0) } ?? []
      let isMap = settings != nil
      switch self {
      case .apisix:
        guard let settings else { return tree.isNull(value) ? .possible : .none }
        let isSure =
          settings.contains(where: ConfigKeys.apisix.contains)
          || ConfigKeys.listsOfAPISIX.contains { key in
            tree.value(key, in: value).map { tree.items($0) != nil || tree.isNull($0) } ?? false
          }
          || map("ssl").map { tree.has(ConfigKeys.ssl, in: $0) } ?? false
          || ["control", "router", "status", "proxy_cache"].contains { map($0) != nil }
          || tree.value("discovery", in: value).map { Section.discovery.weight(of: $0, in: tree) >= .likely } ?? false
        return isSure ? .sure : .possible
      case .deployment:
        guard let settings else { return tree.isNull(value) ? .possible : .none }
        let roles =
          settings.contains { $0.hasPrefix("role_") && map($0) != nil }
          || settings.contains { key in
            tree.value(key, in: value).flatMap { tree.scalar($0) }.map(ConfigKeys.roles.contains) ?? false
          }
        let admin =
          map("admin").map { tree.has(ConfigKeys.admin, in: $0) } ?? false
        let etcd = map("etcd").flatMap { tree.value("host", in: $0) }.map { tree.items($0) != nil } ?? false
        return roles || admin || etcd ? .sure : .none
      case .discovery:
        guard let pairs = tree.pairs(value) else {
          // etcd's is a URL.
          return tree.scalar(value).map { $0.has("/") } ?? false ? .none : .possible
        }
        let keys = settings ?? []
        if keys.isEmpty { return .possible }
        if RegistrySigns.areCertain(below: value, in: tree) { return .sure }
        let areKnown = keys.allSatisfy(FileKind.registryNames.contains)
        if areKnown, zip(keys, pairs).allSatisfy({ RegistrySigns.areLikely($0, $1.value, tree) }) { return .likely }
        let scalars = pairs.map { tree.scalar($0.value) }
        return keys.contains(where: FileKind.registryNames.contains) || scalars.contains(nil)
          || scalars.contains { $0.map(FileKind.registryNames.contains) ?? false } ? .possible : .none
      case .nginxConfig:
        guard let settings else { return tree.isNull(value) ? .possible : .none }
        let isSure =
          map("http") != nil || map("event") != nil
          || settings.contains { ConfigKeys.nginx.contains($0) || $0.hasSuffix("_configuration_snippet") }
        return isSure ? .sure : .possible
      case .pluginAttributes: return isMap ? .sure : .possible
      case .externalPlugin:
        return isList("cmd") || tree.value("path_for_test", in: value) != nil ? .sure : .possible
      case .plugins:
        let known = names.count { ConfigKeys.plugins.contains($0) }
        return known > 2 ? .sure : known > 0 ? .possible : .none
      case .streamPlugins: return isMap ? .none : .possible
      case .etcd: return map("tls") != nil || tree.value("host", in: value) != nil ? .possible : .none
      case .graphql: return tree.value("max_size", in: value) != nil ? .possible : .none
      case .wasm: return isList("plugins") ? .possible : .none
      case .xrpc: return isList("protocols") ? .sure : .none
      case .configServer: return isMap ? .possible : .none
      }
    }
  }
}

/// Names that stand below the sections of config.yaml, and in no other program's section of that name.
enum ConfigKeys {
  static let apisix: Set = [
    "node_listen", "enable_admin", "enable_admin_cors", "enable_debug", "enable_control", "stream_proxy",
    "config_center", "enable_dev_mode", "enable_ipv6", "enable_reuseport", "dns_resolver_valid", "resolver_timeout",
    "proxy_mode", "admin_listen", "port_admin", "https_admin", "admin_api_mtls", "data_encryption",
    "extra_lua_path", "extra_lua_cpath", "lua_module_hook", "show_upstream_status_in_response_header",
    "enable_server_tokens", "enable_resolv_search_opt", "disable_sync_configuration_during_start",
    "delete_uri_tail_slash", "normalize_uri_like_servlet", "proxy_protocol", "enable_http2",
  ]
  static let listsOfAPISIX = ["admin_key", "allow_admin", "dns_resolver", "trusted_addresses"]
  static let ssl = [
    "enable", "listen", "listen_port", "ssl_protocols", "ssl_ciphers", "ssl_trusted_certificate", "enable_http2",
    "key_encrypt_salt", "fallback_sni", "ssl_session_tickets",
  ]
  static let roles: Set = ["traditional", "control_plane", "data_plane"]
  static let admin = [
    "admin_key", "admin_key_required", "allow_admin", "enable_admin_cors", "enable_admin_ui", "admin_listen",
    "https_admin", "admin_api_mtls", "admin_api_version",
  ]
  static let nginx: Set = [
    "error_log_level", "enable_cpu_affinity", "max_pending_timers", "max_running_timers", "envs",
  ]
  /// Some that are nowhere else called so.
  static let plugins: Set = [
    "basic-auth", "client-control", "ext-plugin-pre-req", "fault-injection", "grpc-transcode", "ip-restriction",
    "jwt-auth", "key-auth", "limit-conn", "limit-count", "limit-req", "mqtt-proxy", "node-status", "openid-connect",
    "prometheus", "proxy-cache", "proxy-control", "proxy-mirror", "proxy-rewrite", "real-ip", "redirect",
    "request-id", "response-rewrite", "server-info", "serverless-pre-function", "traffic-split", "zipkin",
  ]
}
