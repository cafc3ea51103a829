public import Findings

/// The rules about what an identity may do in a cluster, and about the objects that give it that right.
public enum RBACRules {
  public static let all = [
    listMissing, watchMissing, tooMuch, notBound, accountMissing, secretEmpty, objectMissing, objectDiffers,
    roleRefDiffers, aggregatedRole, namespaceMissing, mayNotMake,
  ]

  public static let tooMuch: Rule = """
    rbac/too-much (warning): The identity may do more than APISIX needs
    Checks: Every rule that reaches the identity: with an administrator's kubeconfig by bindings and roles, else as \
    the server lists them for one namespace (SelfSubjectRulesReview). Wildcards, secrets and writes are a warning, \
    other reading rights a note.
    Why: The token lies in a file or in config.yaml on every host of APISIX. Whoever reads it may do all that it may \
    do. APISIX itself only lists and watches.
    Example: kubectl create clusterrolebinding apisix --clusterrole=cluster-admin --serviceaccount=default:apisix
    Fix: gatecheck rbac generate --minimal | kubectl apply -f -, then delete the wider binding.
    """

  public static let notBound: Rule = """
    rbac/not-bound (error): No binding gives the identity what APISIX needs
    Checks: With an administrator's kubeconfig: all bindings that name the identity or one of its groups.
    Why: A ServiceAccount may do nothing of its own. APISIX logs `list failed, … reason: Forbidden`.
    Example: kubectl create serviceaccount apisix
    Fix: gatecheck rbac generate --name apisix --namespace default | kubectl apply -f -
    zh: 没有任何绑定把 APISIX 所需的权限授予该身份
    Checks: 用管理员的 kubeconfig 查看所有提到该身份或其所属组的绑定。
    Why: ServiceAccount 自身没有任何权限。APISIX 会记录 `list failed, … reason: Forbidden`。
    """

  public static let accountMissing: Rule = """
    rbac/service-account-missing (error): There is no such ServiceAccount
    Checks: With an administrator's kubeconfig: whether the ServiceAccount exists in the namespace that is named.
    Why: A binding may name an account that does not exist, and nothing says so; but no token can be had for it.
    Example: gatecheck rbac verify --as system:serviceaccount:default:apisx --kubeconfig admin.conf
    Fix: Correct the name or the namespace, or make it: gatecheck rbac generate | kubectl apply -f -
    """

  public static let secretEmpty: Rule = """
    rbac/secret-empty (warning): A token Secret of the ServiceAccount has no token in it
    Checks: With an administrator's kubeconfig: Secrets of type kubernetes.io/service-account-token of the account.
    Why: The token controller fills such a Secret within a second or two. One that stays empty means that the \
    controller does not run, or that the account was made only later.
    Example:
    type: kubernetes.io/service-account-token
    data: {}
    Fix: Delete the Secret and apply it again: gatecheck rbac generate | kubectl apply -f -
    """

  public static let objectMissing: Rule = """
    rbac/object-missing (error): An object that rbac generate makes is not in the cluster
    Checks: ServiceAccount, ClusterRole, ClusterRoleBinding and Secret, by the names that rbac generate gives them.
    Why: Without one of them APISIX has no identity, no right or no token.
    Example: gatecheck rbac diff --name apisix --kubeconfig admin.conf
    Fix: gatecheck rbac generate --name apisix | kubectl apply -f -
    """

  public static let namespaceMissing: Rule = """
    rbac/namespace-missing (warning): The namespace of the account is not there yet
    Checks: Before an installation, with doctor --pre: the namespace in which rbac generate puts the ServiceAccount.
    Why: kubectl apply makes no namespace: the ServiceAccount is refused, and what else there is stays without it.
    Example: gatecheck doctor --pre --namespace ingress
    Fix: kubectl create namespace ingress
    """

  public static let mayNotMake: Rule = """
    rbac/may-not-create (warning): Whoever looks may not create what rbac generate prints
    Checks: Before an installation, with doctor --pre: create on ServiceAccount, ClusterRole and ClusterRoleBinding, \
    of those that are not there yet.
    Why: kubectl apply then ends in a 403. Who makes a ClusterRole must have its rights as well.
    Example: gatecheck doctor --pre --kubeconfig developer.conf
    Fix: Somebody who may has to run it:
      gatecheck rbac generate --name apisix | kubectl apply -f -
    """

  public static let objectDiffers: Rule = """
    rbac/object-differs (error): An object in the cluster is not as rbac generate makes it
    Checks: Rules, subjects, type, and the labels and annotations that are asked for; others are left alone.
    Why: Somebody changed it, or it was made for another release or mode of APISIX.
    Example: kubectl edit clusterrole apisix
    Fix: gatecheck rbac generate --name apisix | kubectl apply -f -
    """

  public static let roleRefDiffers: Rule = """
    rbac/role-ref-differs (error): The binding in the cluster is of another role, which cannot be changed
    Checks: roleRef of the ClusterRoleBinding.
    Why: Kubernetes refuses to change a roleRef: kubectl apply ends with `cannot change roleRef`.
    Example: roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
    Fix: kubectl delete clusterrolebinding apisix, then apply; or take another name: --cluster-role-binding NAME
    """

  public static let listMissing: Rule = """
    rbac/list-missing (error): The identity may not list what APISIX lists (403)
    Checks: The list at cluster scope, with limit=1, on endpoints or endpointslices as the configuration has it.
    Why: APISIX logs `list failed, … reason: Forbidden` every 40 seconds and has no nodes: 503.
    Example: User "system:serviceaccount:default:apisix" cannot list resource "endpoints" in API group "" at the \
    cluster scope
    Fix: gatecheck rbac generate --name apisix --namespace default | kubectl apply -f -
    zh: 该身份没有 APISIX 所需的 list 权限（403）
    Checks: 在集群范围内以 limit=1 执行 list，资源按配置是 endpoints 或 endpointslices。
    Why: APISIX 每 40 秒记录一次 `list failed, … reason: Forbidden`，没有任何节点，返回 503。
    """

  public static let watchMissing: Rule = """
    rbac/watch-missing (error): The identity may not watch what APISIX watches (403)
    Checks: A watch as APISIX makes it, given up at once.
    Why: The list works, and then APISIX logs `watch failed, … reason: Forbidden`, waits 40 seconds and lists again: \
    nodes change up to 40 seconds late, and the log fills.
    Example: verbs: [get, list]
    Fix: gatecheck rbac generate --name apisix --namespace default | kubectl apply -f -
    zh: 该身份没有 APISIX 所需的 watch 权限（403）
    Checks: 像 APISIX 那样发起一次 watch，随即断开。
    Why: list 成功之后，APISIX 记录 `watch failed, … reason: Forbidden`，等待 40 秒再重新 list。节点变化最多晚 40 秒\
    才生效，日志也会不断增长。
    """

  public static let aggregatedRole: Rule = """
    rbac/aggregated-role (error): An aggregated ClusterRole collects no rule that grants what APISIX needs
    Checks: With an administrator's kubeconfig: whether a bound ClusterRole with an aggregationRule has no rules, or \
    rules that nearly fit.
    Why: A controller writes the rules of such a role: those of all ClusterRoles with the label that it names. What is \
    written into it by hand, or by kubectl apply, is taken out again at once.
    Example:
    aggregationRule:
      clusterRoleSelectors:
        - matchLabels: {for: apisix}   # and no ClusterRole has that label
    Fix: gatecheck rbac generate --cluster-role apisix-discovery --cluster-role-binding apisix-discovery \
    | kubectl apply -f -
    """
}
