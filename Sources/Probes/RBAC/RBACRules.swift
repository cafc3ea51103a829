public import Findings

/// The rules about what an identity may do in a cluster, and about the objects that give it that right.
public enum RBACRules {
  public static let all = [
    listMissing, watchMissing, tooMuch, notBound, accountMissing, secretEmpty, objectMissing, objectDiffers,
    roleRefDiffers,
  ]

  public static let tooMuch = Rule(
    id: "rbac/too-much", severity: .warning, summary: "The identity may do more than APISIX needs",
    checks: """
      Every rule that reaches the identity: with an administrator's kubeconfig by bindings and roles, else as the \
      server lists them for one namespace (SelfSubjectRulesReview). Wildcards, secrets and writes are a warning, other \
      reading rights a note.
      """,
    why: """
      The token lies in a file or in config.yaml on every host of APISIX. Whoever reads it may do all that it may do. \
      APISIX itself only lists and watches.
      """,
    example: "kubectl create clusterrolebinding apisix --clusterrole=cluster-admin --serviceaccount=default:apisix",
    fix: "gatecheck rbac generate --minimal | kubectl apply -f -, then delete the wider binding.")

  public static let notBound = Rule(
    id: "rbac/not-bound", severity: .error, summary: "No binding gives the identity what APISIX needs",
    checks: "With an administrator's kubeconfig: all bindings that name the identity or one of its groups.",
    why: "A ServiceAccount may do nothing of its own. APISIX logs `list failed, … reason: Forbidden`.",
    example: "kubectl create serviceaccount apisix",
    fix: "gatecheck rbac generate --name apisix --namespace default | kubectl apply -f -")

  public static let accountMissing = Rule(
    id: "rbac/service-account-missing", severity: .error, summary: "There is no such ServiceAccount",
    checks: "With an administrator's kubeconfig: whether the ServiceAccount exists in the namespace that is named.",
    why: "A binding may name an account that does not exist, and nothing says so; but no token can be had for it.",
    example: "gatecheck rbac verify --as system:serviceaccount:default:apisx --kubeconfig admin.conf",
    fix: "Correct the name or the namespace, or make it: gatecheck rbac generate | kubectl apply -f -")

  public static let secretEmpty = Rule(
    id: "rbac/secret-empty", severity: .warning, summary: "A token Secret of the ServiceAccount has no token in it",
    checks: "With an administrator's kubeconfig: Secrets of type kubernetes.io/service-account-token of the account.",
    why: """
      The token controller fills such a Secret within a second or two. One that stays empty means that the controller \
      does not run, or that the account was made only later.
      """,
    example: """
      type: kubernetes.io/service-account-token
      data: {}
      """,
    fix: "Delete the Secret and apply it again: gatecheck rbac generate | kubectl apply -f -")

  public static let objectMissing = Rule(
    id: "rbac/object-missing", severity: .error, summary: "An object that rbac generate makes is not in the cluster",
    checks: "ServiceAccount, ClusterRole, ClusterRoleBinding and Secret, by the names that rbac generate gives them.",
    why: "Without one of them APISIX has no identity, no right or no token.",
    example: "gatecheck rbac diff --name apisix --kubeconfig admin.conf",
    fix: "gatecheck rbac generate --name apisix | kubectl apply -f -")

  public static let objectDiffers = Rule(
    id: "rbac/object-differs", severity: .error, summary: "An object in the cluster is not as rbac generate makes it",
    checks: "Rules, subjects, type, and the labels and annotations that are asked for; others are left alone.",
    why: "Somebody changed it, or it was made for another release or mode of APISIX.",
    example: "kubectl edit clusterrole apisix", fix: "gatecheck rbac generate --name apisix | kubectl apply -f -")

  public static let roleRefDiffers = Rule(
    id: "rbac/role-ref-differs", severity: .error,
    summary: "The binding in the cluster is of another role, which cannot be changed",
    checks: "roleRef of the ClusterRoleBinding.",
    why: "Kubernetes refuses to change a roleRef: kubectl apply ends with `cannot change roleRef`.",
    example: "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}",
    fix: "kubectl delete clusterrolebinding apisix, then apply; or take another name: --cluster-role-binding NAME")

  public static let listMissing = Rule(
    id: "rbac/list-missing", severity: .error, summary: "The identity may not list what APISIX lists (403)",
    checks: "The list at cluster scope, with limit=1, on endpoints or endpointslices as the configuration has it.",
    why: "APISIX logs `list failed, … reason: Forbidden` every 40 seconds and has no nodes: 503.",
    example: """
      User "system:serviceaccount:default:apisix" cannot list resource "endpoints" in API group "" at the cluster scope
      """,
    fix: "gatecheck rbac generate --name apisix --namespace default | kubectl apply -f -")

  public static let watchMissing = Rule(
    id: "rbac/watch-missing", severity: .error, summary: "The identity may not watch what APISIX watches (403)",
    checks: "A watch as APISIX makes it, given up at once.",
    why: """
      The list works, and then APISIX logs `watch failed, … reason: Forbidden`, waits 40 seconds and lists again: \
      nodes change up to 40 seconds late, and the log fills.
      """,
    example: "verbs: [get, list]",
    fix: "gatecheck rbac generate --name apisix --namespace default | kubectl apply -f -")
}
