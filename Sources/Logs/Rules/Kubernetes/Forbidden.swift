import APISIX
import Findings
import Kubernetes
import SourceText

enum Forbidden {
  static let list: Rule = """
    log/list-forbidden (error, since 2.13.0): The account of APISIX's token may not list endpoints
    Checks: `list failed` with `reason: Forbidden`, and what the API server says of it: user, verb, resource, group, \
    scope, a role that is not there.
    Why: APISIX lists in the whole cluster, whatever its namespace_selector: a Role and a RoleBinding never suffice. \
    `system:anonymous` means that no token arrived. A role that is not found is misspelt in the binding's roleRef.
    Example: list failed, kind: Endpoints, reason: Forbidden, message : endpoints is forbidden: User \
    "system:serviceaccount:default:apisix" cannot list resource "endpoints" in API group "" at the cluster scope
    Fix: A ClusterRole and a ClusterRoleBinding for the account: `gatecheck rbac generate`.
    zh: APISIX 所用 token 的账号没有 list endpoints 的权限
    Checks: `list failed` 且 `reason: Forbidden`，以及 API Server 给出的细节：用户、动词、资源、API 组、范围、找不到\
    的角色。
    Why: 不管 namespace_selector 怎么写，APISIX 都在整个集群范围内执行 list，所以 Role 加 RoleBinding 永远不够\
    。`system:anonymous` 表示 token 没有送到 API Server。提示找不到角色，说明绑定的 roleRef 写错了。
    Fix: 给该账号创建 ClusterRole 和 ClusterRoleBinding：`gatecheck rbac generate`。
    """

  static let watch: Rule = """
    log/watch-forbidden (error, since 2.13.0): The account of APISIX's token may list endpoints, but not watch them
    Checks: `watch failed` with `reason: Forbidden`.
    Why: The role lacks the verb watch, or was taken away after the list. The nodes stay as they were, and grow old.
    Example: watch failed, kind: Endpoints, reason: Forbidden, message : endpoints is forbidden: User \
    "system:serviceaccount:default:apisix" cannot watch resource "endpoints" in API group "" at the cluster scope
    Fix: A ClusterRole with list and watch: `gatecheck rbac generate`.
    zh: APISIX 所用 token 的账号可以 list endpoints，但不能 watch
    Checks: `watch failed` 且 `reason: Forbidden`。
    Why: 角色里缺少 watch 动词，或者 list 之后权限被收回了。节点停留在旧的状态，逐渐过时。
    Fix: 使用带 list 和 watch 的 ClusterRole：`gatecheck rbac generate`。
    """

  static let checks = [LogCheck(list, .listFailed, explain: explain), LogCheck(watch, .watchFailed, explain: explain)]

  @Sendable private static func explain(_ record: LogRecord) -> Explanation? {
    guard let failure = InformerFailure(record), failure.reason == "Forbidden", !failure.isPage else { return nil }
    let rule = failure.isWatch ? watch : list
    let verb = failure.isWatch ? "watch" : "list"
    guard let said = ForbiddenMessage(failure.text) else {
      return Explanation(
        rule, "the account of APISIX's token may not \(verb) \(failure.kind) in the whole cluster: 403",
        help:
          "gatecheck token verify --config config.yaml: it names the account, and the command that gives it the right",
        .cause(.kubernetes), values: failure.values, settings: tokenSettings)
    }
    var values: [(name: Explanation.Value, text: String)] = [
      (.user, shown(said.user)), (.verb, shown(said.verb)), (.resource, shown(said.resource)),
      (.group, shown(said.group)),
    ]
    if case .namespace(let name) = said.scope {
      values.append((.scope, shown(name)))
    } else {
      values.append((.scope, "cluster"))
    }
    let group = said.group.isEmpty ? "" : ".\(shown(said.group))"
    let may = "\(shown(said.user)) may not \(shown(said.verb)) \(shown(said.resource))\(group) in the whole cluster"
    let account = Account(said.user)
    if said.user == "system:anonymous" {
      return Explanation(
        rule, "no token reached the API server: it sees system:anonymous, who may not \(verb) endpoints",
        help: "gatecheck token verify --config config.yaml: is the token empty? else something between "
          + "APISIX and the API server takes the Authorization header away",
        .cause(.kubernetes), values: values, settings: tokenSettings)
    }
    if let role = said.missingRoles.first {
      return Explanation(
        rule, "\(may): 403; its binding names the \(role.kind) \(shown(role.name)), which is not there",
        help: account.map {
          "roleRef cannot be changed: delete the binding, then "
            + command($0.name, $0.namespace, failure.kind)
        } ?? "make that role, or delete the binding and make it anew with the right roleRef",
        .cause(.kubernetes), values: values, settings: tokenSettings)
    }
    return Explanation(
      rule, "\(may): 403",
      help: account.map { command($0.name, $0.namespace, failure.kind) }
        ?? "use the token of a ServiceAccount: gatecheck rbac generate --help",
      .cause(.kubernetes), values: values, settings: tokenSettings)
  }

  private static func command(_ name: String, _ namespace: String, _ kind: String) -> String {
    let slices = kind == "EndpointSlice" ? " --watch-endpoint-slices" : ""
    return "gatecheck rbac generate --name \(name) --namespace \(namespace)\(slices) | kubectl apply -f -"
  }

  /// `system:serviceaccount:NAMESPACE:NAME`, with names that a shell takes as they are.
  private struct Account {
    let namespace: String
    let name: String

    init?(_ user: String) {
      let parts = user.split(separator: ":", omittingEmptySubsequences: false)
      guard parts.count == 4, parts[0] == "system", parts[1] == "serviceaccount",
        parts[2...].allSatisfy({
          !$0.isEmpty && $0.first != "-"
            && $0.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0.isDigit || $0 == 0x2D || $0 == 0x2E }
        })
      else { return nil }
      (namespace, name) = (String(parts[2]), String(parts[3]))
    }
  }
}
