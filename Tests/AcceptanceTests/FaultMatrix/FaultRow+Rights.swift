extension FaultRow {
  private static let live: [Command] = [.token, .tokenAdmin, .rbac, .rbacAdmin, .resolve]
  private static let lists = "list, watch"

  /// What an account may do.
  static let rights = [
    FaultRow(
      "nobind", "rbac/not-bound", on: live, bad: "someone", good: "$NS",
      "SUBJECT=\"kind: ServiceAccount, name: $IT, namespace: $NS\" account"),
    FaultRow(
      "norole", "rbac/role-not-found", on: [.tokenAdmin, .rbacAdmin], bad: "gone", good: "$NS",
      "BOUND=$IT account"),
    FaultRow(
      "space", "rbac/subject-not-found", on: [.tokenAdmin, .rbacAdmin], bad: "default", good: "$NS",
      "SUBJECT=\"kind: ServiceAccount, name: $NS, namespace: $IT\" account"),
    FaultRow(
      "user", "rbac/not-bound", on: live, bad: "$NS", good: "system:serviceaccount:$NS:$NS",
      "SUBJECT=\"kind: User, name: $IT\" account"),
    FaultRow(
      "group", "rbac/not-bound", on: live, bad: "system:serviceaccounts:default", good: "system:serviceaccounts:$NS",
      "SUBJECT=\"kind: Group, name: $IT\" account"),
    FaultRow(
      "rolebinding", "rbac/namespaced-role", on: live + [.lintObjects], bad: "RoleBinding", good: "ClusterRoleBinding",
      "BINDING=$IT account"),
    FaultRow("get", "rbac/missing-verb", on: live + [.lintObjects], bad: "get", good: lists, "VERBS=$IT account"),
    FaultRow(
      "listonly", "rbac/missing-verb", on: [.tokenAdmin, .rbacAdmin, .lintObjects], bad: "list", good: lists,
      "VERBS=$IT account"),
    FaultRow("nowatch", "rbac/watch-missing", on: [.token, .rbac], bad: "list", good: lists, "VERBS=$IT account"),
    FaultRow(
      "watchonly", "rbac/missing-verb", on: live + [.lintObjects], bad: "watch", good: lists, "VERBS=$IT account"),
    FaultRow(
      "upper", "rbac/missing-verb", on: live + [.lintObjects], bad: "List, Watch", good: lists, "VERBS=$IT account"),
    FaultRow(
      "onestring", "rbac/comma-in-string", on: live + [.lintObjects], bad: "\"list,watch\"", good: lists,
      "VERBS=$IT account"),
    FaultRow(
      "resourcestring", "rbac/comma-in-string", on: live + [.lintObjects], bad: "\"endpoints,services\"",
      good: "endpoints", "RESOURCES=$IT account"),
    FaultRow(
      "group-v1", "rbac/wrong-api-group", on: live + [.lintObjects], bad: "v1", good: "\"\"", "GROUP=$IT account"),
    FaultRow(
      "group-slices", "rbac/wrong-api-group", on: live + [.lintObjects], bad: "discovery.k8s.io", good: "\"\"",
      "GROUP=$IT account"),
    FaultRow(
      "named", "rbac/resource-names", on: live + [.lintObjects],
      bad: ", resourceNames: [web]", good: "",
      "LIMIT=$IT account"),
    FaultRow("pods", "rbac/not-bound", on: live, bad: "pods", good: "endpoints", "RESOURCES=$IT account"),
    FaultRow("singular", "rbac/not-bound", on: live, bad: "endpoint", good: "endpoints", "RESOURCES=$IT account"),
    FaultRow(
      "subresource", "rbac/not-bound", on: live, bad: "endpoints/status", good: "endpoints", "RESOURCES=$IT account"),
    FaultRow(
      "slices", "rbac/not-bound", on: live, bad: "true", good: "false", "MORE=\"watch_endpoint_slices: $IT\" account"),
    FaultRow(
      "slicesgroup", "rbac/wrong-api-group", on: live + [.lintObjects], bad: "\"\"", good: "discovery.k8s.io",
      "MORE='watch_endpoint_slices: true' RESOURCES=endpointslices GROUP=$IT account"),
    FaultRow(
      "collects", "rbac/aggregated-role", on: [.tokenAdmin, .rbacAdmin], bad: "no", good: "yes",
      #"""
      AGGREGATION="aggregationRule: {clusterRoleSelectors: [{matchLabels: {for-$NS: 'yes'}}]}" account
      apply <<END
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRole
      metadata: {name: $NS-part, labels: {for-$NS: "$IT"}}
      rules: [{apiGroups: [""], resources: [endpoints], verbs: [list, watch]}]
      END
      [ $IT = no ] || may list endpoints system:serviceaccount:$NS:$NS
      """#),
  ]

  /// More than is needed.
  static let excess = [
    FaultRow(
      "much", "rbac/too-much", on: [.rbac, .rbacAdmin], bad: "endpoints, secrets", good: "endpoints",
      "RESOURCES=$IT account"),
    FaultRow("verbs", "rbac/too-much", on: [.rbac, .rbacAdmin], bad: "\"*\"", good: lists, "VERBS=$IT account"),
    FaultRow(
      "admin", "rbac/too-much", on: [.rbac, .rbacAdmin], bad: "cluster-admin", good: "$NS",
      "BOUND=$IT account"),
    FaultRow(
      "noaccount", "rbac/service-account-missing", on: ["rbac verify --name $IT -n $NS $A"], bad: "nobody",
      good: "$NS"),
  ]
}
