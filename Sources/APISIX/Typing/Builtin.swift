/// The types in APISIX's built-in configuration (3.18), which a file's sections are merged into: a scalar of another
/// type is refused.
enum Builtin: Sendable {
  case string, number, bool
  /// A list or a map whose keys do not matter here.
  case table
  /// What stands under its keys; APISIX has nothing of its own under others.
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

  subscript(key: String) -> Builtin? { if case .map(let map) = self { map[key] } else { nil } }

  /// A section at the top.
  static func section(_ name: String) -> Builtin? {
    switch name {
    case "apisix": apisix
    case "nginx_config": nginx
    case "graphql": .map(["max_size": .number])
    case "plugins", "stream_plugins", "plugin_attr": .table
    case "deployment": deployment
    default: nil
    }
  }

  private static let apisix = Builtin.map([
    "enable_admin": .bool, "enable_dev_mode": .bool, "enable_reuseport": .bool, "enable_ipv6": .bool,
    "enable_http2": .bool, "enable_server_tokens": .bool, "enable_resolv_search_opt": .bool, "enable_control": .bool,
    "show_upstream_status_in_response_header": .bool, "delete_uri_tail_slash": .bool,
    "normalize_uri_like_servlet": .bool, "disable_sync_configuration_during_start": .bool, "extra_lua_path": .string,
    "extra_lua_cpath": .string, "proxy_mode": .string, "resolver_timeout": .number,
    "worker_startup_time_threshold": .number, "node_listen": .table,
    "proxy_cache": .map(["cache_ttl": .string, "zones": .table]), "router": .map(["http": .string, "ssl": .string]),
    "ssl": .map([
      "enable": .bool, "ssl_session_tickets": .bool, "ssl_protocols": .string, "ssl_ciphers": .string,
      "ssl_trusted_certificate": .string, "listen": .table,
    ]), "data_encryption": .map(["enable_encrypt_fields": .bool, "keyring": .table]),
    "events": .map(["module": .string]), "lru": .map(["secret": .map(["ttl": .number, "count": .number])]),
  ])

  /// A number or a string may stand for any scalar here.
  private static let nginx = Builtin.map([
    "enable_cpu_affinity": .bool, "error_log": .string, "error_log_level": .string, "worker_processes": .string,
    "worker_shutdown_timeout": .string, "main_configuration_snippet": .string, "http_configuration_snippet": .string,
    "http_server_configuration_snippet": .string, "http_server_location_configuration_snippet": .string,
    "http_admin_configuration_snippet": .string, "http_end_configuration_snippet": .string,
    "stream_configuration_snippet": .string, "worker_rlimit_nofile": .number, "max_pending_timers": .number,
    "max_running_timers": .number, "event": .map(["worker_connections": .number]),
    "meta": .map(["lua_shared_dict": .table]),
    "stream": .map([
      "enable_access_log": .bool, "access_log": .string, "access_log_format": .string,
      "access_log_format_escape": .string, "lua_shared_dict": .table,
    ]),
    "http": .map([
      "enable_access_log": .bool, "proxy_ssl_server_name": .bool, "access_log": .string, "access_log_format": .string,
      "access_log_format_escape": .string, "keepalive_timeout": .string, "client_header_timeout": .string,
      "client_body_timeout": .string, "send_timeout": .string, "underscores_in_headers": .string,
      "real_ip_header": .string, "real_ip_recursive": .string, "charset": .string, "access_log_buffer": .number,
      "client_max_body_size": .number, "variables_hash_max_size": .number, "real_ip_from": .table,
      "lua_shared_dict": .table,
      "upstream": .map(["keepalive_timeout": .string, "keepalive": .number, "keepalive_requests": .number]),
    ]),
  ])

  private static let deployment = Builtin.map([
    "role": .string, "role_traditional": .map(["config_provider": .string]),
    "admin": .map([
      "admin_key_required": .bool, "enable_admin_cors": .bool, "enable_admin_ui": .bool, "admin_api_version": .string,
      "admin_key": .table, "allow_admin": .table, "admin_listen": .map(["ip": .string, "port": .number]),
    ]),
    "etcd": .map([
      "prefix": .string, "timeout": .number, "watch_timeout": .number, "startup_retry": .number, "host": .table,
      "tls": .map(["verify": .bool]),
    ]),
  ])
}
