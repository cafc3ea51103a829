/// As many rules as print a command.
extension HelpLineFault {
  private static let everywhere: [Way] = [.token, .tokenadmin, .rbac, .rbacadmin, .resolve]

  static let rights = [
    HelpLineFault("nobind", "rbac/not-bound", on: everywhere, "account $NS"),
    // The names that rbac generate gives are taken by somebody else's objects.
    HelpLineFault(
      "taken", "rbac/not-bound",
      "account $NS; role $NS \"$(rule get '' pods)\"; bind $NS $NS --serviceaccount=default:someone"),
    HelpLineFault("dangling", "rbac/role-not-found", "account $NS; bind $NS-b $NS-none $me"),
    HelpLineFault("danglingown", "rbac/role-not-found", "account $NS; bind $NS $NS-none $me"),
    HelpLineFault(
      "twin", "rbac/role-not-found",
      "account $NS; role $NS-test \"$both\"; bind $NS-t $NS-test --serviceaccount=default:else; bind $NS $NS-tset $me"),
    HelpLineFault(
      "elsewhere", "rbac/subject-not-found", blind: "rbac/not-bound",
      "account $NS; role $NS \"$both\"; bind $NS $NS --serviceaccount=kube-system:$NS"),
    HelpLineFault(
      "misspelt", "rbac/subject-not-found", blind: "rbac/not-bound",
      "account $NS; role $NS \"$both\"; bind $NS $NS --serviceaccount=$NS:x$NS"),
    HelpLineFault(
      "namespaced", "rbac/namespaced-role",
      "account $NS; kubectl -n $NS create role x --verb=list,watch --resource=endpoints; "
        + "kubectl -n $NS create rolebinding x --role=x $me"),
    HelpLineFault(
      "getter", "rbac/missing-verb", "account $NS; role $NS \"$(rule get)\"; bind $NS $NS $me",
      own: ["ClusterRole $NS"]),
    // Its other rights stay.
    HelpLineFault(
      "nowatch", "rbac/missing-verb", on: [.tokenadmin],
      "account $NS; role $NS \"$(rule 'get, list' '' 'endpoints, pods')\"; bind $NS $NS $me"),
    HelpLineFault(
      "shared", "rbac/missing-verb",
      "account $NS; role $NS \"$(rule get)\"; bind $NS $NS $me --serviceaccount=default:else"),
    HelpLineFault(
      "onestring", "rbac/comma-in-string", on: everywhere,
      "account $NS; role $NS \"$(rule '\"get,list,watch\"')\"; bind $NS $NS $me", own: ["ClusterRole $NS"]),
    HelpLineFault(
      "group", "rbac/wrong-api-group", "account $NS; role $NS \"$(rule 'list, watch' v1)\"; bind $NS $NS $me",
      own: ["ClusterRole $NS"]),
    HelpLineFault(
      "named", "rbac/resource-names",
      "account $NS; role $NS \"$(rule 'list, watch' '' '' ', resourceNames: [web]')\"; bind $NS $NS $me",
      own: ["ClusterRole $NS"]),
    HelpLineFault(
      "aggregated", "rbac/aggregated-role", blind: "rbac/not-bound",
      "account $NS; role $NS '[]' \", aggregationRule: {clusterRoleSelectors: [{matchLabels: {for: $NS}}]}\"; "
        + "bind $NS $NS $me"),
    // The right to Endpoints, which another config.yaml may use, stays.
    HelpLineFault(
      "slices", "rbac/not-bound",
      "account $NS; config \"$(cat token)\" 'watch_endpoint_slices: true'; role $NS \"$both\"; bind $NS $NS $me"),
    HelpLineFault(
      "user", "rbac/not-bound", on: [.other], "true", verify: "rbac verify --as $NS --kubeconfig $ADMIN"),
    HelpLineFault(
      "usertoken", "rbac/not-bound", on: [.other], "true", verify: "token verify --as $NS --kubeconfig $ADMIN"),
  ]

  static let tooMuch = [
    HelpLineFault(
      "much", "rbac/too-much", on: [.rbacadmin],
      "account $NS; role $NS \"$(rule 'get, list, watch' '' 'endpoints, pods')\"; bind $NS $NS $me",
      own: ["ClusterRole $NS"], makes: []),
    HelpLineFault(
      "admin", "rbac/too-much", on: [.rbacadmin], "account $NS; bind $NS cluster-admin $me",
      own: ["ClusterRoleBinding $NS"]),
    HelpLineFault(
      "twice", "rbac/too-much", on: [.rbacadmin],
      "account $NS; bind $NS cluster-admin $me; bind $NS-2 cluster-admin $me",
      own: ["ClusterRoleBinding $NS", "ClusterRoleBinding $NS-2"]),
    HelpLineFault(
      "together", "rbac/too-much", on: [.rbacadmin],
      "account $NS; bind $NS cluster-admin --serviceaccount=default:else $me", own: ["ClusterRoleBinding $NS"]),
    HelpLineFault(
      "beside", "rbac/too-much", on: [.rbacadmin], "healthy; bind $NS-2 cluster-admin $me",
      own: ["ClusterRoleBinding $NS-2"], makes: []),
    HelpLineFault(
      "builtin", "rbac/too-much", on: [.rbacadmin], "account $NS; bind $NS view $me", own: ["ClusterRoleBinding $NS"]),
    HelpLineFault(
      "innamespace", "rbac/too-much", on: [.rbacadmin],
      "healthy; kubectl -n $NS create rolebinding x --clusterrole=admin $me", own: ["RoleBinding $NS/x"], makes: []),
  ]

  private static let whole = ["ClusterRole", "ClusterRoleBinding", "ServiceAccount", "Secret", "Secret"]
  private static let diff = "rbac diff --name $NS -n $NS --kubeconfig $ADMIN"

  static let accounts = [
    HelpLineFault(
      "noaccount", "rbac/service-account-missing", on: [.other], "true",
      verify: "rbac verify --name $NS -n $NS --kubeconfig $ADMIN", makes: whole),
    HelpLineFault(
      "accountgone", "rbac/service-account-missing", on: [.other], "role $NS \"$both\"; bind $NS-b $NS $me",
      verify: "rbac verify --name $NS -n $NS --kubeconfig $ADMIN", makes: whole),
    HelpLineFault(
      "nobodystoken", "rbac/service-account-missing", on: [.other], "true",
      verify: "token create --name $NS -n $NS --output-file out --kubeconfig $ADMIN", makes: whole),
    HelpLineFault("missing", "rbac/object-missing", on: [.other], "true", verify: diff, makes: whole),
    HelpLineFault(
      "differs", "rbac/object-differs", on: [.other], "healthy; role $NS \"$both\"", verify: diff,
      own: ["ClusterRole $NS"], makes: []),
    HelpLineFault(
      "roleref", "rbac/role-ref-differs", on: [.other],
      "healthy; kubectl delete clusterrolebinding $NS; bind $NS view $me", verify: diff,
      own: ["ClusterRoleBinding $NS"], makes: []),
  ]

  static let spoiled = [
    HelpLineFault(
      "wrapped", "token/base64-wrapped", on: everywhere, "healthy; config \"$(base64 -w0 token)\"", makes: []),
    HelpLineFault(
      "wrappedfile", "token/base64-wrapped", on: everywhere, "healthy; base64 -w0 token >t; mv t token; in_file",
      makes: []),
    HelpLineFault(
      "bearer", "token/prefixed", on: [.token], "healthy; printf 'Bearer %s' \"$(cat token)\" >t; mv t token; in_file",
      makes: []),
    HelpLineFault(
      "utf16", "token/encoding", on: [.token], "healthy; iconv -t utf-16 token >t; mv t token; in_file", makes: []),
    HelpLineFault(
      "quoted", "token/quoted", on: [.token], "healthy; printf '\"%s\"' \"$(cat token)\" >t; mv t token; in_file",
      makes: []
    ),
    HelpLineFault(
      "document", "token/whole-document", on: [.token],
      "healthy; kubectl -n $NS get secret $NS-token -o json >token; in_file", makes: []),
    HelpLineFault("cut", "token/truncated", on: everywhere, "healthy; config \"$(head -c 800 token)\"", makes: []),
    HelpLineFault(
      "cutfile", "token/truncated", on: [.token], "healthy; head -c 800 token >t; mv t token; in_file", makes: []),
    HelpLineFault(
      "garbage", "token/not-a-jwt", on: [.token, .tokenadmin], "healthy; config 3f9a0c7e51d24b68", makes: whole),
    HelpLineFault(
      "placeholder", "token/placeholder", on: [.token], "healthy; echo '<your-token>' >token; in_file", makes: whole),
    HelpLineFault("empty", "token/empty", on: [.token], "healthy; : >token; in_file", makes: whole),
  ]

  static let refused = [
    HelpLineFault(
      "tampered", "token/signature-invalid", on: [.tokenadmin, .rbacadmin],
      "healthy; config \"$(head -c -9 token)AAAAAAAAA\"", makes: []),
    HelpLineFault(
      "deleted", "token/service-account-deleted", on: [.tokenadmin],
      "healthy; kubectl -n $NS delete serviceaccount $NS", makes: ["ServiceAccount", "Secret", "Secret"]),
    HelpLineFault(
      "again", "token/service-account-recreated", on: [.tokenadmin],
      "healthy; kubectl -n $NS delete serviceaccount $NS; kubectl -n $NS create serviceaccount $NS; "
        + "secret $NS-token $NS", makes: ["Secret"]),
    HelpLineFault(
      "nosecret", "token/secret-deleted", on: [.tokenadmin],
      "healthy; kubectl -n $NS delete secret $NS-token", makes: ["Secret"]),
  ]
}
