/// Tokens that were issued well, and are of no use here; and what else is mended.
extension HelpLineFault {
  private static let whole = ["ClusterRole", "ClusterRoleBinding", "ServiceAccount", "Secret", "Secret"]

  static let signed = [
    HelpLineFault(
      "expired", "token/expired", on: [.token, .tokenadmin, .rbacadmin, .resolve],
      #"healthy; signed "{\"exp\": $(($(date +%s) - 60))}""#, makes: []),
    HelpLineFault(
      "audience", "token/wrong-audience", on: [.token, .tokenadmin],
      #"healthy; config "$(request '"audiences": ["vault"]')""#, makes: []),
    HelpLineFault(
      "cluster", "token/other-cluster", on: [.tokenadmin, .rbacadmin],
      "healthy; openssl genrsa -out other.key 2048 2>/dev/null; signed {} other.key another", makes: []),
    HelpLineFault(
      "issuer", "token/other-issuer", on: [.tokenadmin], #"healthy; signed '{"iss": "https://old.example"}'"#, makes: []
    ),
    HelpLineFault(
      "pod", "token/pod-deleted", on: [.tokenadmin],
      #"""
      healthy; pod
      config "$(request '"boundObjectRef": {"kind": "Pod", "apiVersion": "v1", "name": "gateway"}')"
      kubectl -n $NS delete pod gateway --grace-period=0 --force
      """#, makes: []),
    HelpLineFault(
      "login", "token/not-a-service-account", on: [.token, .tokenadmin],
      #"""
      healthy
      signed '{"iss": "https://login.example", "sub": "jane", "exp": 4000000000, "aud": null, "kubernetes.io": null,
        "iat": null, "nbf": null, "jti": null}'
      """#, makes: whole),
    HelpLineFault(
      "person", "token/not-a-service-account", on: [.token, .tokenadmin], "config $(cat $HOME/person.token)",
      makes: whole),
    HelpLineFault(
      "node", "token/node-identity", on: [.token, .tokenadmin], "config $(cat $HOME/node.token)", makes: whole),
    HelpLineFault(
      "number", "token/not-a-jwt", on: [.token], "healthy; sed -i 's/token: .*/token: 123456/' config.yaml",
      makes: whole),
  ]

  static let inspected = [
    HelpLineFault(
      "endssoon", "token/expires-within", "healthy; signed {}",
      verify: "token verify --config config.yaml --certificate-authority $CA --expires-within 14d", makes: []),
    HelpLineFault(
      "endssoonconfig", "token/expires-within", "healthy; signed {}",
      verify: "token inspect --config config.yaml --expires-within 14d", makes: []),
    HelpLineFault(
      "endssoonfile", "token/expires-within", "healthy; signed {}", verify: "token inspect token --expires-within 14d",
      makes: []),
    HelpLineFault(
      "endedfile", "token/expired", #"healthy; signed "{\"exp\": $(($(date +%s) - 60))}""#,
      verify: "token inspect token", makes: []),
    HelpLineFault(
      "vaultfile", "token/wrong-audience", #"healthy; signed '{"aud": ["vault"]}'"#, verify: "token inspect token",
      makes: []),
    HelpLineFault(
      "wrappedtoken", "token/base64-wrapped", "healthy; base64 -w0 token >t; mv t token", verify: "token inspect token",
      makes: []),
  ]

  static let others = [
    HelpLineFault(
      "listonly", "rbac/missing-verb", blind: "rbac/watch-missing", on: [.token, .rbac],
      "account $NS; role $NS \"$(rule 'get, list')\"; bind $NS $NS $me"),
    // The kubeconfig's own context is another one.
    HelpLineFault(
      "context", "rbac/not-bound", "account $NS; sed 's/^current-context:.*/current-context: none/' $ADMIN >two.yaml",
      verify: "rbac verify --config config.yaml --certificate-authority $CA --kubeconfig two.yaml "
        + "--context gatecheck-test"),
    HelpLineFault(
      "unfilled", "rbac/secret-empty", "healthy; controllers STOP; secret late $NS",
      verify: "rbac verify --name $NS -n $NS --kubeconfig $ADMIN", own: ["Secret $NS/late"], makes: [],
      before: "controllers CONT"),
    HelpLineFault(
      "othersecret", "token/secret-missing", "healthy",
      verify: "token create --name $NS -n $NS --secret-name $NS-2 --output-file out --kubeconfig $ADMIN",
      makes: ["Secret"]),
    HelpLineFault(
      "nobodysslice", "resolve/slice-without-service",
      """
      account $NS; config "$(cat token)" 'watch_endpoint_slices: true'
      gatecheck rbac generate --name $NS -n $NS --no-token-secret --watch-endpoint-slices | kubectl apply -f -
      kubectl apply -f - <<END
      ---
      {apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: web-1, namespace: $NS},
       addressType: IPv4, endpoints: [{addresses: [10.1.0.1], conditions: {ready: true}}],
       ports: [{name: http, port: 80, protocol: TCP}]}
      END
      """, verify: "resolve $NS/web:http --config config.yaml --certificate-authority $CA", makes: []),
  ]

  /// Their commands show what there is.
  static let looking = [
    HelpLineFault(
      "changed", "token/unauthorized", on: [.token], "healthy; config \"$(head -c -9 token)AAAAAAAAA\"", looks: true),
    HelpLineFault(
      "noservice", "resolve/unknown-service", "true", verify: "resolve $NS/another:http --kubeconfig $ADMIN",
      looks: true),
    HelpLineFault(
      "nopods", "resolve/no-ready-address", "kubectl -n $NS create service clusterip web --tcp=80:80",
      verify: "resolve $NS/web:80 --kubeconfig $ADMIN", looks: true),
    HelpLineFault(
      "nopodsseen", "resolve/no-ready-address", "kubectl -n $NS create service clusterip web --tcp=80:80; healthy",
      verify: "resolve $NS/web:80 --config config.yaml --certificate-authority $CA", looks: true),
    HelpLineFault(
      "refusednodes", "resolve/refused-nodes", "\(endpoints) 70000", verify: "resolve --all --from endpoints.json",
      looks: true),
    HelpLineFault(
      "unreachable", "resolve/unreachable-nodes", "\(endpoints) 1",
      verify: "resolve default/web:http --from endpoints.json --probe --kubeconfig $ADMIN", looks: true),
    HelpLineFault(
      "pods", "resolve/bad-document", "account $NS; pod; kubectl -n $NS get pod gateway -o json >pods.json",
      verify: "resolve default/web:http --from pods.json", looks: true),
    HelpLineFault(
      "refusedconfig", "config/refused", on: [.token], "healthy; config \"$(cat token)\" 'default_weight: heavy'",
      looks: true),
    HelpLineFault(
      "otherregistry", "config/no-kubernetes", "echo 'discovery: {dns: {servers: [\"10.0.0.1:53\"]}}' >config.yaml",
      verify: "token verify --config config.yaml", looks: true),
    HelpLineFault(
      "wrongport", "connect/refused", "healthy; sed -i \"s/$PORT/1/\" config.yaml",
      verify: "token verify --config config.yaml --kubeconfig $ADMIN", looks: true),
  ]

  /// A file with one service; behind it the port.
  private static let endpoints = #"""
    endpoints() { cat >endpoints.json <<END
    {"kind": "Endpoints", "apiVersion": "v1", "metadata": {"name": "web", "namespace": "default"},
     "subsets": [{"addresses": [{"ip": "127.0.0.1"}], "ports": [{"name": "http", "port": $1}]}]}
    END
    }
    endpoints
    """#
}
