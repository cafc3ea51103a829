/// What people write where the kubernetes registry does not read it.
extension KubernetesRules {
  static let meant = [
    "": [
      "namespace_selector": "namespaceselector namespaceselectors", "namespace_selector.equal": "namespace",
      "namespace_selector.match": "namespaces", "label_selector": "labelselector labelselectors labels",
      "service.schema": "scheme", "default_weight": "weight defaultweight", "shared_size": "sharedsize",
      "watch_endpoint_slices": "watchendpointslice watchendpointslices watchendpoints endpointslices",
      "service": "services apiserver", "client": "clients", "id": "name",
    ],
    "service": [
      "service.schema": "scheme protocol schemas", "service.host": "address addr hostname ip",
      "service.ssl_verify": "sslverify tlsverify verify",
    ],
    "client": ["client.token_file": "tokenfile tokenpath file", "client.token": "bearertoken accesstoken"],
    "namespace_selector": [
      "namespace_selector.match": "matches matchs matchnames include", "namespace_selector.not_match": "exclude",
      "namespace_selector.equal": "equals namespace", "namespace_selector.not_equal": "notequals",
    ],
  ]

  private static let certificates = "APISIX takes CAs from apisix.ssl.ssl_trusted_certificate"

  static let advice = [
    "": [
      "APISIX reads no kubeconfig; write its server and a token under service and client": "kubeconfig",
      certificates: "cacert ca",
      "remove it, also from service names; only the clusters of a list have one": "id",
    ],
    "client": [
      "APISIX logs in with a token only": "username password cert certfile key", certificates: "cafile cacert",
    ],
    "service": [
      "there is none; APISIX asks for /api/v1/endpoints at the server's root": "path",
      "remove it; service is the API server, not the upstream": "name",
      "remove it; choose namespaces with namespace_selector": "namespace",
    ],
  ]
}
