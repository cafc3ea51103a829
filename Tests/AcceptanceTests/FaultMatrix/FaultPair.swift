import Testing

/// Two mistakes in one installation, both of which doctor names.
struct FaultPair: Sendable, CustomTestStringConvertible {
  let name: String
  let first, second: String
  /// Bash, with the words of `FaultRow`.
  let setup: String
  let command: FaultRow.Command

  /// - Parameter flags: of doctor, beside config.yaml, apisix.yaml and its administrator's view.
  init(_ name: String, _ first: String, _ second: String, flags: String = "", _ setup: String) {
    (self.name, self.first, self.second) = (name, first, second)
    self.setup = Self.words + "\n" + setup
    let given = setup.contains("etcd;") ? "" : " --apisix-file apisix.yaml"
    command = FaultRow.Command(stringLiteral: "doctor $C $A --request-timeout 3\(given) \(flags)")
  }

  var testDescription: String { name }

  private static let words = #"""
    routes() { # SERVICE_NAME [REGISTRY]...: apisix.yaml with a route for each
      echo routes: >apisix.yaml
      while [ $# -gt 0 ]; do
        echo "  - {uri: /$#, upstream: {type: roundrobin, discovery_type: ${2-kubernetes}, service_name: \"$1\"}}"
        shift; shift || true
      done >>apisix.yaml
      echo '#END' >>apisix.yaml
    }
    registry() { # YAML: one more registry
      sed -i "s~^discovery:~&\n  $1~" config.yaml
    }
    """#

  static let all = tokens + rights + connections + configs + registries + services

  private static let tokens = [
    FaultPair(
      "wrapped-noport", "token/base64-wrapped", "service-name/port-missing",
      "changed 'base64 -w0'; routes $NS/web"),
    FaultPair(
      "expired-dns", "token/expired", "service-name/dns-name",
      #"signed $CLUSTER/sa.key '' "{\"exp\": $(($(date +%s) - 120))}"; routes web.$NS.svc.cluster.local"#),
    FaultPair(
      "cut-name", "token/truncated", "resolve/unknown-service", "changed 'head -c 800'; routes $NS/wob:http"),
    FaultPair(
      "bearer-number", "token/prefixed", "kubernetes/port-not-string",
      #"changed "sed 's/^/Bearer /'"; swap '"'$PORT'"' $PORT; routes $NS/web:http"#),
  ]

  private static let rights = [
    FaultPair(
      "nobind-portname", "rbac/not-bound", "resolve/unknown-port-name",
      "SUBJECT='kind: ServiceAccount, name: someone, namespace: default' account; routes $NS/web:htpt"),
    FaultPair(
      "get-unready", "rbac/missing-verb", "resolve/no-ready-address",
      "VERBS=get STATE=notReadyAddresses account; routes $NS/web:http"),
    FaultPair(
      "group-noport", "rbac/wrong-api-group", "service-name/port-missing", "GROUP=v1 account; routes $NS/web"),
    FaultPair(
      "wide-name", "rbac/too-much", "resolve/unknown-service",
      "RESOURCES='endpoints, secrets' account; routes $NS/wob:http"),
  ]

  private static let connections = [
    FaultPair("port-noport", "connect/refused", "service-name/port-missing", "swap $PORT 1; routes $NS/web"),
    FaultPair(
      "name-wrapped", "connect/name-not-resolved", "token/base64-wrapped",
      "changed 'base64 -w0'; swap 127.0.0.1 api.invalid; routes $NS/web:http"),
    FaultPair(
      "http-dns", "tls/plain-http-to-tls-port", "service-name/dns-name",
      "swap https, http,; routes web.$NS.svc.cluster.local"),
    FaultPair("mute-noport", "connect/timeout", "service-name/port-missing", "front mute; routes $NS/web"),
  ]

  private static let configs = [
    FaultPair(
      "url-noport", "kubernetes/host-is-url", "service-name/port-missing",
      "swap 127.0.0.1 https://127.0.0.1; routes $NS/web"),
    FaultPair(
      "size-switch", "kubernetes/shared-size-invalid", "kubernetes/weight-invalid",
      "MORE=$'shared_size: 1\\n    default_weight: -1' given; routes $NS/web:http"),
    FaultPair(
      "scheme-name", "kubernetes/schema-unknown", "resolve/unknown-service",
      "swap https HTTPS; routes $NS/wob:http"),
    FaultPair(
      "hidden-noport", "resolve/hidden-service", "service-name/port-missing",
      "MORE='namespace_selector: {equal: default}' given; routes $NS/web:http kubernetes $NS/web"),
  ]

  private static let registries = [
    FaultPair(
      "two-refused", "connect/refused", "connect/name-not-resolved",
      "registry 'consul: {servers: [\"http://127.0.0.1:1\"]}'; swap 127.0.0.1, api.invalid,; routes $NS/web:http"),
    FaultPair(
      "expired-consul", "token/expired", "connect/refused",
      #"signed $CLUSTER/sa.key '' "{\"exp\": $(($(date +%s) - 120))}"; "#
        + "registry 'consul: {servers: [\"http://127.0.0.1:1\"]}'; routes web consul"),
    FaultPair(
      "eureka-portname", "connect/refused", "resolve/unknown-port-name",
      "registry 'eureka: {host: [\"http://127.0.0.1:1\"]}'; routes $NS/web:htpt kubernetes WEB eureka"),
  ]

  private static let services = [
    FaultPair(
      "portname-name", "resolve/unknown-port-name", "resolve/unknown-service",
      "routes $NS/web:htpt kubernetes $NS/wob:http"),
    FaultPair(
      "type-noport", "discovery-type/not-enabled", "service-name/port-missing",
      "routes $NS/web:http dns $NS/web"),
    FaultPair(
      "stored-type-name", "discovery-type/not-enabled", "resolve/unknown-service",
      #"etcd; put routes/1 "{\"uri\": \"/\", \"upstream\": $(upstream web:http dns)}"; "#
        + #"put routes/2 "{\"uri\": \"/2\", \"upstream\": $(upstream wob:http)}""#),
    FaultPair(
      "stored-nobind-portname", "rbac/not-bound", "resolve/unknown-port-name",
      "SUBJECT='kind: ServiceAccount, name: someone, namespace: default' account; "
        + #"etcd; put routes/1 "{\"uri\": \"/\", \"upstream\": $(upstream web:htpt)}""#),
  ]
}
