/// What people write where the kubernetes registry does not read it.
extension KubernetesRules {
  static let meant = [
    "": [
      "namespaceselector": "namespace_selector", "namespaceselectors": "namespace_selector",
      "namespace": "namespace_selector.equal", "namespaces": "namespace_selector.match",
      "labelselector": "label_selector", "labelselectors": "label_selector", "labels": "label_selector",
      "scheme": "service.schema", "watchendpointslice": "watch_endpoint_slices",
      "watchendpointslices": "watch_endpoint_slices",
      "watchendpoints": "watch_endpoint_slices", "endpointslices": "watch_endpoint_slices",
      "weight": "default_weight", "defaultweight": "default_weight", "sharedsize": "shared_size",
      "services": "service", "clients": "client", "apiserver": "service", "name": "id",
    ],
    "service": [
      "scheme": "service.schema", "protocol": "service.schema", "schemas": "service.schema",
      "address": "service.host", "addr": "service.host", "hostname": "service.host", "ip": "service.host",
      "sslverify": "service.ssl_verify", "tlsverify": "service.ssl_verify", "verify": "service.ssl_verify",
    ],
    "client": [
      "tokenfile": "client.token_file", "tokenpath": "client.token_file", "file": "client.token_file",
      "bearertoken": "client.token", "accesstoken": "client.token",
    ],
    "namespace_selector": [
      "matches": "namespace_selector.match", "matchs": "namespace_selector.match",
      "equals": "namespace_selector.equal", "notequals": "namespace_selector.not_equal",
      "matchnames": "namespace_selector.match", "include": "namespace_selector.match",
      "exclude": "namespace_selector.not_match", "namespace": "namespace_selector.equal",
    ],
  ]

  static let advice = [
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
  ]
}
