/// What people write where APISIX does not read it, and what they mean.
enum Misplaced {
  /// The path, from the registry's (or cluster's) map on, that a key was meant to be.
  static func meant(registry: String, prefix: [String], key: String) -> [String]? {
    let folded = key.lowercased().filter { $0 != "_" && $0 != "-" }
    return table[registry]?[prefix.joined(separator: ".")]?[folded]?.split(separator: ".").map(String.init)
  }

  /// What to do with a key for which there is no place in config.yaml.
  static func advice(registry: String, prefix: [String], key: String) -> String? {
    let folded = key.lowercased().filter { $0 != "_" && $0 != "-" }
    return advices[registry]?[prefix.joined(separator: ".")]?[folded]
  }

  static let intoAddress = "write it into each address: http://USER:PASSWORD@host:8848"

  /// Registry, path of the map, key in lower case without `_` and `-`.
  private static let table: [String: [String: [String: String]]] = [
    "kubernetes": [
      "": [
        "match": "namespace_selector.match", "notmatch": "namespace_selector.not_match",
        "equal": "namespace_selector.equal", "notequal": "namespace_selector.not_equal",
        "namespaceselector": "namespace_selector", "namespaceselectors": "namespace_selector",
        "namespace": "namespace_selector.equal", "namespaces": "namespace_selector.match",
        "labelselector": "label_selector", "labelselectors": "label_selector", "labels": "label_selector",
        "token": "client.token", "tokenfile": "client.token_file", "host": "service.host", "port": "service.port",
        "schema": "service.schema", "scheme": "service.schema", "sslverify": "service.ssl_verify",
        "watchendpointslice": "watch_endpoint_slices", "watchendpointslices": "watch_endpoint_slices",
        "watchendpoints": "watch_endpoint_slices", "endpointslices": "watch_endpoint_slices",
        "weight": "default_weight", "defaultweight": "default_weight", "sharedsize": "shared_size",
        "services": "service", "clients": "client", "apiserver": "service", "name": "id",
      ],
      "service": [
        "scheme": "service.schema", "protocol": "service.schema", "schemas": "service.schema",
        "address": "service.host", "addr": "service.host", "hostname": "service.host", "ip": "service.host",
        "sslverify": "service.ssl_verify", "tlsverify": "service.ssl_verify", "verify": "service.ssl_verify",
        "token": "client.token", "tokenfile": "client.token_file", "match": "namespace_selector.match",
      ],
      "client": [
        "tokenfile": "client.token_file", "tokenpath": "client.token_file", "file": "client.token_file",
        "bearertoken": "client.token", "accesstoken": "client.token",
        "match": "namespace_selector.match", "equal": "namespace_selector.equal",
        "namespaceselector": "namespace_selector", "labelselector": "label_selector",
      ],
      "namespace_selector": [
        "matches": "namespace_selector.match", "matchs": "namespace_selector.match",
        "equals": "namespace_selector.equal", "notequals": "namespace_selector.not_equal",
        "matchnames": "namespace_selector.match", "include": "namespace_selector.match",
        "exclude": "namespace_selector.not_match", "namespace": "namespace_selector.equal",
        "labelselector": "label_selector",
      ],
    ],
    "nacos": [
      "": [
        "hosts": "host", "server": "host", "servers": "host", "address": "host", "serveraddr": "host",
        "interval": "fetch_interval", "accesskey": "access_key", "secretkey": "secret_key", "ak": "access_key",
        "sk": "secret_key", "timeouts": "timeout", "defaultweight": "weight",
      ]
    ],
    "consul": [
      "": [
        "defaultserver": "default_service", "skipkeys": "skip_services", "host": "servers", "hosts": "servers",
        "server": "servers", "interval": "fetch_interval", "acltoken": "token", "alctoken": "token",
        "defaultweight": "weight", "sort": "sort_type", "skipservice": "skip_services",
      ]
    ],
    "consul_kv": [
      "": [
        "defaultserver": "default_service", "skipservices": "skip_keys", "host": "servers", "hosts": "servers",
        "server": "servers", "interval": "fetch_interval", "acltoken": "token", "defaultweight": "weight",
      ]
    ],
    "eureka": [
      "": [
        "hosts": "host", "servers": "host", "server": "host", "url": "host", "serviceurl": "host",
        "defaultzone": "host", "interval": "fetch_interval", "path": "prefix", "defaultweight": "weight",
      ]
    ],
    "dns": [
      "": [
        "server": "servers", "host": "servers", "hosts": "servers", "nameserver": "servers",
        "nameservers": "servers", "resolver": "servers", "resolvers": "servers", "resolvconf": "resolv_conf",
        "orders": "order",
      ]
    ],
    "tars": ["": ["db": "db_conf", "database": "db_conf", "weight": "default_weight"]],
  ]

  private static let advices: [String: [String: [String: String]]] = [
    "nacos": [
      "": [
        "username": intoAddress,
        "user": intoAddress,
        "password": intoAddress,
        "namespace": "give it with each upstream: discovery_args: {namespace_id: ID}",
        "namespaceid": "give it with each upstream: discovery_args: {namespace_id: ID}",
        "group": "give it with each upstream: discovery_args: {group_name: NAME}",
        "groupname": "give it with each upstream: discovery_args: {group_name: NAME}",
        "servicename": "it belongs into the upstream, as service_name",
      ]
    ],
    "consul": [
      "timeout": ["send": "take it out; the consul registry has connect, read and wait"],
      "": [
        "prefix": "take it out; only consul_kv has a prefix",
        "dc": "take it out; APISIX asks the agent's own datacenter",
        "datacenter": "take it out; APISIX asks the agent's own datacenter",
      ],
    ],
    "consul_kv": [
      "timeout": ["send": "take it out; the consul_kv registry has connect, read and wait"],
      "": [
        "sorttype": "take it out; only the consul registry sorts",
        "sharedsize": "take it out; the consul_kv registry has no shared memory",
      ],
    ],
    "kubernetes": [
      "": [
        "kubeconfig": "APISIX reads no kubeconfig; write its server and a token under service and client",
        "cacert": "APISIX takes CAs from apisix.ssl.ssl_trusted_certificate",
        "ca": "APISIX takes CAs from apisix.ssl.ssl_trusted_certificate",
      ],
      "client": [
        "username": "APISIX logs in with a token only", "password": "APISIX logs in with a token only",
        "cert": "APISIX logs in with a token only", "certfile": "APISIX logs in with a token only",
        "key": "APISIX logs in with a token only", "cafile": "APISIX takes CAs from apisix.ssl.ssl_trusted_certificate",
        "cacert": "APISIX takes CAs from apisix.ssl.ssl_trusted_certificate",
      ],
      "service": [
        "path": "there is none; APISIX asks for /api/v1/endpoints at the server's root",
        "name": "take it out; service is the API server, not the upstream",
        "namespace": "take it out; choose namespaces with namespace_selector",
      ],
    ],
  ]
}
