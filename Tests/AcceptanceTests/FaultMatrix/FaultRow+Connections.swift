extension FaultRow {
  private static let all3: [Command] = [.token, .rbac, .resolve]

  /// The way to the server.
  static let connections = [
    FaultRow("port", "connect/refused", on: all3, bad: "1", good: "$PORT", "swap \"$PORT\" \"$IT\""),
    FaultRow(
      "name", "connect/name-not-resolved", on: all3, bad: "api.invalid", good: "localhost",
      "swap 127.0.0.1 $IT"),
    FaultRow(
      "http", "tls/plain-http-to-tls-port", on: all3, bad: "http,", good: "https,", "swap https, $IT"),
    FaultRow(
      "plain", "connect/reset", on: all3, bad: "$ETCD_PORT", good: "$PORT",
      "swap $PORT $IT"),
    FaultRow("plainpage", "tls/not-a-tls-port", on: all3, bad: "plain", good: "through", "front $IT"),
    FaultRow(
      "etcd", "server/not-kubernetes", on: all3, bad: "http $ETCD_PORT", good: "https $PORT",
      "set -- $IT; swap https, $1,; swap $PORT $2"),
    FaultRow(
      "path", "server/behind-path",
      on: ["token verify --server $URL$IT --token-file token --certificate-authority $CA"],
      bad: "/api", good: ""),
    FaultRow(
      "authority", "tls/untrusted-certificate", on: all3, bad: "other.crt", good: "$CLUSTER/ca.crt",
      "openssl req -x509 -newkey rsa:2048 -nodes -keyout k -out other.crt -subj /CN=other 2>/dev/null; "
        + "C=\"--config config.yaml --certificate-authority $IT\""),
    FaultRow(
      "noauthority", "tls/untrusted-certificate", on: all3, bad: "", good: "--certificate-authority $CA",
      "C=\"--config config.yaml $IT\""),
    FaultRow(
      "kubeconfig", "kubeconfig/invalid", on: ["token verify --kubeconfig kube --context $IT"], bad: "nowhere",
      good: "gatecheck-test", "cp $KUBECONFIG kube"),
  ]

  /// What stands before a server.
  static let fronts = [
    FaultRow("sni", "server/name-wanted", on: all3, bad: "sni", good: "through", "front $IT"),
    FaultRow("hang", "server/watch-broken", on: [.token], bad: "hang", good: "through", "front $IT"),
    FaultRow("breaks", "server/watch-broken", on: [.token], bad: "cut", good: "through", "front $IT"),
    FaultRow("foreign", "tls/wrong-host", on: all3, bad: "other", good: "through", "front $IT"),
    FaultRow("stale", "tls/expired-certificate", on: all3, bad: "stale", good: "through", "front $IT"),
    FaultRow("mutual", "tls/client-certificate-wanted", on: all3, bad: "mutual", good: "through", "front $IT"),
    FaultRow("stripped", "token/anonymous", on: all3, bad: "stripped", good: "through", "front $IT"),
    FaultRow("page", "server/login-page", on: all3, bad: "page", good: "through", "front $IT"),
    FaultRow("moved", "server/redirect", on: all3, bad: "moved", good: "through", "front $IT"),
    FaultRow("forbidden", "server/proxy-refused", on: all3, bad: "forbidden", good: "through", "front $IT"),
    FaultRow("down", "server/error", on: all3, bad: "down", good: "through", "front $IT"),
    FaultRow("mute", "connect/timeout", on: all3, bad: "mute", good: "through", "front $IT"),
    FaultRow("drops", "connect/reset", on: all3, bad: "drops", good: "through", "front $IT"),
  ]
}
