/// The types in APISIX's built-in configuration (3.18), which a file's sections are merged into: a scalar of another
/// type is refused.
indirect enum Builtin: Sendable {
  case string, number, bool
  /// A list or a map whose keys do not matter here.
  case table
  case map([String: Builtin])

  var typeName: String {
    switch self {
    case .string: "string"
    case .number: "number"
    case .bool: "boolean"
    case .table, .map: "table"
    }
  }

  var isTable: Bool { typeName == "table" }

  subscript(key: String) -> Builtin? {
    if case .map(let members) = self { members[key] } else { nil }
  }

  /// One section, so that a file without it costs nothing.
  static func section(_ name: String) -> Builtin? {
    switch name {
    case "apisix": apisix
    case "nginx_config": nginx
    case "graphql": graphql
    case "plugins", "stream_plugins", "plugin_attr": .table
    case "deployment": deployment
    default: nil
    }
  }

  private static func map(
    bools: [String] = [], strings: [String] = [], numbers: [String] = [], tables: [String] = [],
    maps: [String: Builtin] = [:]
  ) -> Builtin {
    var members = maps
    for name in bools { members[name] = .bool }
    for name in strings { members[name] = .string }
    for name in numbers { members[name] = .number }
    for name in tables { members[name] = .table }
    return .map(members)
  }

  private static let graphql = map(numbers: ["max_size"])

  private static let apisix =
    map(
      bools: [
        "enable_admin", "enable_dev_mode", "enable_reuseport", "show_upstream_status_in_response_header",
        "enable_ipv6", "enable_http2", "enable_server_tokens", "delete_uri_tail_slash", "normalize_uri_like_servlet",
        "enable_resolv_search_opt", "enable_control", "disable_sync_configuration_during_start",
      ],
      strings: ["extra_lua_path", "extra_lua_cpath", "proxy_mode"],
      numbers: ["resolver_timeout", "worker_startup_time_threshold"], tables: ["node_listen"],
      maps: [
        "proxy_cache": map(strings: ["cache_ttl"], tables: ["zones"]),
        "router": map(strings: ["http", "ssl"]),
        "ssl": map(
          bools: ["enable", "ssl_session_tickets"],
          strings: ["ssl_protocols", "ssl_ciphers", "ssl_trusted_certificate"], tables: ["listen"]),
        "data_encryption": map(bools: ["enable_encrypt_fields"], tables: ["keyring"]),
        "events": map(strings: ["module"]),
        "lru": map(maps: ["secret": map(numbers: ["ttl", "count"])]),
      ])

  /// A number or a string may stand for any scalar here.
  private static let nginx =
    map(
      bools: ["enable_cpu_affinity"],
      strings: [
        "error_log", "error_log_level", "worker_processes", "worker_shutdown_timeout", "main_configuration_snippet",
        "http_configuration_snippet", "http_server_configuration_snippet",
        "http_server_location_configuration_snippet", "http_admin_configuration_snippet",
        "http_end_configuration_snippet", "stream_configuration_snippet",
      ],
      numbers: ["worker_rlimit_nofile", "max_pending_timers", "max_running_timers"],
      maps: [
        "event": map(numbers: ["worker_connections"]),
        "meta": map(tables: ["lua_shared_dict"]),
        "stream": map(
          bools: ["enable_access_log"], strings: ["access_log", "access_log_format", "access_log_format_escape"],
          tables: ["lua_shared_dict"]),
        "http": map(
          bools: ["enable_access_log", "proxy_ssl_server_name"],
          strings: [
            "access_log", "access_log_format", "access_log_format_escape", "keepalive_timeout",
            "client_header_timeout", "client_body_timeout", "send_timeout", "underscores_in_headers", "real_ip_header",
            "real_ip_recursive", "charset",
          ],
          numbers: ["access_log_buffer", "client_max_body_size", "variables_hash_max_size"],
          tables: ["real_ip_from", "lua_shared_dict"],
          maps: ["upstream": map(strings: ["keepalive_timeout"], numbers: ["keepalive", "keepalive_requests"])]),
      ])

  private static let deployment =
    map(
      strings: ["role"],
      maps: [
        "role_traditional": map(strings: ["config_provider"]),
        "admin": map(
          bools: ["admin_key_required", "enable_admin_cors", "enable_admin_ui"], strings: ["admin_api_version"],
          tables: ["admin_key", "allow_admin"], maps: ["admin_listen": map(strings: ["ip"], numbers: ["port"])]),
        "etcd": map(
          strings: ["prefix"], numbers: ["timeout", "watch_timeout", "startup_retry"], tables: ["host"],
          maps: ["tls": map(bools: ["verify"])]),
      ])
}
