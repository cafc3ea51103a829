/// The types in APISIX's built-in configuration (3.18), which a file's sections are merged into: a scalar of another
/// type is refused.
enum Builtin: Sendable {
  case string, number, bool
  /// A list or a map whose keys do not matter here.
  case table
  case map(Map)

  enum Map: Sendable {
    case apisix, proxyCache, router, ssl, dataEncryption, events, lru, lruSecret
    case nginx, event, meta, stream, http, upstream
    case graphql
    case deployment, roleTraditional, admin, adminListen, etcd, etcdTLS
  }

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
    if case .map(let map) = self { map[key] } else { nil }
  }

  /// A section at the top.
  static func section(_ name: String) -> Builtin? {
    switch name {
    case "apisix": .map(.apisix)
    case "nginx_config": .map(.nginx)
    case "graphql": .map(.graphql)
    case "plugins", "stream_plugins", "plugin_attr": .table
    case "deployment": .map(.deployment)
    default: nil
    }
  }
}

extension Builtin.Map {
  /// What stands under a key; nil where APISIX has nothing of its own.
  subscript(key: String) -> Builtin? {
    switch self {
    case .apisix: Self.apisix(key)
    case .proxyCache: key == "cache_ttl" ? .string : key == "zones" ? .table : nil
    case .router: ["http", "ssl"].contains(key) ? .string : nil
    case .ssl:
      switch key {
      case "enable", "ssl_session_tickets": .bool
      case "ssl_protocols", "ssl_ciphers", "ssl_trusted_certificate": .string
      case "listen": .table
      default: nil
      }
    case .dataEncryption: key == "enable_encrypt_fields" ? .bool : key == "keyring" ? .table : nil
    case .events: key == "module" ? .string : nil
    case .lru: key == "secret" ? .map(.lruSecret) : nil
    case .lruSecret: ["ttl", "count"].contains(key) ? .number : nil
    case .nginx: Self.nginx(key)
    case .event: key == "worker_connections" ? .number : nil
    case .meta: key == "lua_shared_dict" ? .table : nil
    case .stream:
      switch key {
      case "enable_access_log": .bool
      case "access_log", "access_log_format", "access_log_format_escape": .string
      case "lua_shared_dict": .table
      default: nil
      }
    case .http: Self.http(key)
    case .upstream:
      switch key {
      case "keepalive_timeout": .string
      case "keepalive", "keepalive_requests": .number
      default: nil
      }
    case .graphql: key == "max_size" ? .number : nil
    case .deployment:
      switch key {
      case "role": .string
      case "role_traditional": .map(.roleTraditional)
      case "admin": .map(.admin)
      case "etcd": .map(.etcd)
      default: nil
      }
    case .roleTraditional: key == "config_provider" ? .string : nil
    case .admin:
      switch key {
      case "admin_key_required", "enable_admin_cors", "enable_admin_ui": .bool
      case "admin_api_version": .string
      case "admin_key", "allow_admin": .table
      case "admin_listen": .map(.adminListen)
      default: nil
      }
    case .adminListen: key == "ip" ? .string : key == "port" ? .number : nil
    case .etcd:
      switch key {
      case "prefix": .string
      case "timeout", "watch_timeout", "startup_retry": .number
      case "host": .table
      case "tls": .map(.etcdTLS)
      default: nil
      }
    case .etcdTLS: key == "verify" ? .bool : nil
    }
  }

  private static func apisix(_ key: String) -> Builtin? {
    switch key {
    case "enable_admin", "enable_dev_mode", "enable_reuseport", "show_upstream_status_in_response_header",
      "enable_ipv6", "enable_http2", "enable_server_tokens", "delete_uri_tail_slash", "normalize_uri_like_servlet",
      "enable_resolv_search_opt", "enable_control", "disable_sync_configuration_during_start":
      .bool
    case "extra_lua_path", "extra_lua_cpath", "proxy_mode": .string
    case "resolver_timeout", "worker_startup_time_threshold": .number
    case "node_listen": .table
    case "proxy_cache": .map(.proxyCache)
    case "router": .map(.router)
    case "ssl": .map(.ssl)
    case "data_encryption": .map(.dataEncryption)
    case "events": .map(.events)
    case "lru": .map(.lru)
    default: nil
    }
  }

  /// A number or a string may stand for any scalar here.
  private static func nginx(_ key: String) -> Builtin? {
    switch key {
    case "enable_cpu_affinity": .bool
    case "error_log", "error_log_level", "worker_processes", "worker_shutdown_timeout", "main_configuration_snippet",
      "http_configuration_snippet", "http_server_configuration_snippet", "http_server_location_configuration_snippet",
      "http_admin_configuration_snippet", "http_end_configuration_snippet", "stream_configuration_snippet":
      .string
    case "worker_rlimit_nofile", "max_pending_timers", "max_running_timers": .number
    case "event": .map(.event)
    case "meta": .map(.meta)
    case "stream": .map(.stream)
    case "http": .map(.http)
    default: nil
    }
  }

  private static func http(_ key: String) -> Builtin? {
    switch key {
    case "enable_access_log", "proxy_ssl_server_name": .bool
    case "access_log", "access_log_format", "access_log_format_escape", "keepalive_timeout", "client_header_timeout",
      "client_body_timeout", "send_timeout", "underscores_in_headers", "real_ip_header", "real_ip_recursive", "charset":
      .string
    case "access_log_buffer", "client_max_body_size", "variables_hash_max_size": .number
    case "real_ip_from", "lua_shared_dict": .table
    case "upstream": .map(.upstream)
    default: nil
    }
  }
}
