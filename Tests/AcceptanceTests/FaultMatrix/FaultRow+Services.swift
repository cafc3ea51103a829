extension FaultRow {
  private static let asked: [Command] = ["resolve $IT $C", "resolve $IT $C $A", "resolve $IT $A"]
  private static let found: [Command] = [.resolve, .resolveAdmin]

  /// Which nodes a service name has.
  static let services = [
    FaultRow("service", "resolve/unknown-service", on: asked, bad: "$NS/wob:http", good: "$NS/web:http"),
    FaultRow("swapped", "resolve/unknown-service", on: asked, bad: "web/$NS:http", good: "$NS/web:http"),
    FaultRow("portname", "resolve/unknown-port-name", on: asked, bad: "$NS/web:htpt", good: "$NS/web:http"),
    FaultRow("portcase", "resolve/unknown-port-name", on: asked, bad: "$NS/web:HTTP", good: "$NS/web:http"),
    FaultRow("portnumber", "resolve/unknown-port-name", on: asked, bad: "$NS/web:8080", good: "$NS/web:http"),
    FaultRow(
      "unnamed", "resolve/unknown-port-name", on: asked, bad: "$NS/web:http", good: "$NS/web:8080", "NAMED= account"),
    FaultRow("noport", "service-name/port-missing", on: asked, bad: "$NS/web", good: "$NS/web:http"),
    FaultRow("slash", "service-name/port-missing", on: asked, bad: "$NS/web/http", good: "$NS/web:http"),
    FaultRow("dns", "service-name/dns-name", on: asked, bad: "web.$NS.svc.cluster.local", good: "$NS/web:http"),
    FaultRow("id", "service-name/cluster-id-extra", on: asked, bad: "first/$NS/web:http", good: "$NS/web:http"),
    FaultRow(
      "idless", "service-name/cluster-id-missing", on: ["resolve $IT $C"], bad: "$NS/web:http",
      good: "east/$NS/web:http", "clusters east west"),
    FaultRow(
      "otherid", "service-name/cluster-id-unknown", on: ["resolve $IT $C"], bad: "esat/$NS/web:http",
      good: "east/$NS/web:http", "clusters east west"),
    FaultRow(
      "unready", "resolve/no-ready-address", on: found, bad: "notReadyAddresses", good: "addresses",
      "STATE=$IT account"),
    FaultRow(
      "otherobject", "resolve/unknown-service", on: [.resolve], bad: "wob", good: "web", "ENDPOINTS=$IT account"),
    FaultRow(
      "external", "resolve/external-name", on: [.resolveAdmin], bad: "ExternalName", good: "ClusterIP",
      // No controller makes Endpoints for such a one.
      "TYPE=$IT EXTERNAL=', externalName: a.example.com' account; "
        + "case $IT in ExternalName) kubectl -n $NS delete endpoints web >&2; esac"),
    FaultRow(
      "nospace", "resolve/hidden-service", on: found, bad: "default", good: "$NS",
      "MORE=\"namespace_selector: {equal: $IT}\" given"),
    FaultRow(
      "notmatch", "resolve/hidden-service", on: found, bad: "$NS", good: "kube-.*",
      "MORE=\"namespace_selector: {not_match: ['$IT']}\" given"),
    FaultRow(
      "label", "resolve/hidden-service", on: found, bad: "app=web", good: "app!=web",
      "MORE=\"label_selector: $IT\" given"),
    FaultRow(
      "selector", "resolve/label-selector", on: found, bad: "app notin web", good: "app notin (web)",
      "MORE=\"label_selector: $IT\" given"),
    FaultRow(
      "kind", "resolve/other-kind", on: ["resolve $NS/sliced:http $C"], bad: "false", good: "true",
      "MORE=\"watch_endpoint_slices: $IT\" sliced_account kubernetes.io/service-name"),
    FaultRow(
      "unlabelled", "resolve/slice-without-service", on: ["resolve $NS/sliced:http $C"], bad: "service-name",
      good: "kubernetes.io/service-name",
      "MORE='watch_endpoint_slices: true' sliced_account $IT"),
  ]

  private static let etcd: [Command] = ["resolve --etcd $C", "resolve --etcd $C $A"]

  /// What APISIX has stored in etcd.
  static let stored = [
    FaultRow(
      "storedport", "resolve/unknown-port-name", on: etcd, bad: "htpt", good: "http",
      #"etcd; put routes/1 "{\"uri\": \"/\", \"upstream\": $(upstream web:$IT)}""#),
    FaultRow(
      "storedname", "resolve/unknown-service", on: etcd, bad: "wob", good: "web",
      #"etcd; put routes/1 "{\"uri\": \"/\", \"upstream\": $(upstream $IT:http)}""#),
    FaultRow(
      "storedtype", "discovery-type/not-enabled", on: etcd, bad: "dns", good: "kubernetes",
      #"etcd; put routes/1 "{\"uri\": \"/\", \"upstream\": $(upstream web:http $IT)}""#),
    FaultRow(
      "untyped", "upstream/discovery-type-missing", on: etcd, bad: "discovery", good: "discovery_type",
      #"etcd; put upstreams/1 "$(upstream web:http | sed s/discovery_type/$IT/)""# + "\n"
        + #"put routes/1 '{"uri": "/", "upstream_id": "1"}'"#),
    FaultRow(
      "prefix", "resolve/empty-prefix", on: etcd, bad: "/$ME/none", good: "/$ME",
      #"etcd $IT; put routes/1 "{\"uri\": \"/\", \"upstream\": $(upstream web:http)}""#),
    FaultRow(
      "etcdport", "connect/refused", on: etcd, bad: "http://127.0.0.1:1", good: "$ETCD",
      #"ETCD=$IT etcd; put routes/1 "{\"uri\": \"/\", \"upstream\": $(upstream web:http)}""#),
    FaultRow(
      "etcdtls", "connect/reset", on: etcd, bad: "https", good: "http",
      #"ETCD=$IT:${ETCD#*:} etcd; put routes/1 "{\"uri\": \"/\", \"upstream\": $(upstream web:http)}""#),
  ]
}
