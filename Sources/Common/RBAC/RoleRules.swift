public import Findings

/// What is wrong with roles: in manifests, and in a cluster.
public enum RoleRules {
  public static let missingVerb: Rule = """
    rbac/missing-verb (error): A role for APISIX lacks list or watch
    Checks: Roles that are plainly for APISIX (apisix is in the name of the role, its binding or account, or it is \
    bound to the account of a config in the same run) and that name endpoints or endpointslices.
    Why: APISIX lists all endpoints at start and watches them from then on. Without list it gets 403 Forbidden and \
    knows no service; without watch it lists, fails, and starts over every 40 seconds. `get` is not used.
    Example:
    - apiGroups: [""]
      resources: [endpoints]
      verbs: [get, list]
    Fix: - apiGroups: [""]
      resources: [endpoints]
      verbs: [get, list, watch]
    zh: APISIX 的角色缺少 list 或 watch
    Checks: 明显是给 APISIX 用的角色（角色、绑定或账号的名称里有 apisix，或者绑定到了本次检查的配置所用的账号），并\
    且其中写了 endpoints 或 endpointslices。
    Why: APISIX 启动时 list 全部 endpoints，之后一直 watch。没有 list 会得到 403 Forbidden，什么服务都不知道；没有 \
    watch 则每 40 秒重复一次“list、失败、重来”。`get` 不会用到。
    """

  public static let resourceNames: Rule = """
    rbac/resource-names (error): resourceNames keep APISIX from listing
    Checks: A rule on endpoints or endpointslices with resourceNames in a role that is plainly for APISIX.
    Why: A list or watch of all objects names none of them, so a rule that is limited to some names does not grant it: \
    403 Forbidden.
    Example:
    - apiGroups: [""]
      resources: [endpoints]
      resourceNames: [plat-dev]
      verbs: [list, watch]
    Fix: - apiGroups: [""]
      resources: [endpoints]
      verbs: [list, watch]
    """

  public static let wrongAPIGroup: Rule = """
    rbac/wrong-api-group (error): endpoints or endpointslices are granted in a group that has none
    Checks: Rules of a ClusterRole or Role that name `endpointslices` without the group discovery.k8s.io, or \
    `endpoints` without the core group "".
    Why: A resource is granted only within its group. Kubernetes accepts the rule and grants nothing by it, so APISIX \
    gets `endpointslices.discovery.k8s.io is forbidden`. Documentation of APISIX before 3.14 had this mistake.
    Example:
    rules:
      - apiGroups: [""]
        resources: [endpoints, endpointslices]
        verbs: [list, watch]
    Fix: rules:
      - apiGroups: ["", discovery.k8s.io]
        resources: [endpoints, endpointslices]
        verbs: [list, watch]
    """

  public static let commaInString: Rule = """
    rbac/comma-in-string (error): Several verbs, resources or groups stand in one string
    Checks: The items of verbs, resources and apiGroups in a ClusterRole or Role for a comma. Without quotes, `[ \
    get,list,watch ]` is three items and right; `[ "get,list,watch" ]` is one.
    Why: Kubernetes takes the string as one word, accepts the role without a warning, and grants nothing by it: there \
    is no verb `get,list,watch`. APISIX then gets 403 Forbidden.
    Example: verbs: ["get,list,watch"]
    Fix: verbs: ["get", "list", "watch"]
    """

  /// - Parameters:
  ///   - key: `verbs`, `resources` or `apiGroups`.
  ///   - place: ` of the ClusterRole apisix`, where that is not plain.
  public static func oneString(_ text: String, _ key: String, of place: String = "") -> String {
    let kind = key == "verbs" ? "verb" : key == "resources" ? "resource" : "group"
    return "\"\(text)\"\(place) is one string; Kubernetes knows no such \(kind), and it grants nothing"
  }
}
