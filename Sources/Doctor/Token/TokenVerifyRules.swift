public import Findings

/// The API server's refusals of a token, or of what its owner wants.
public enum TokenVerifyRules {
  public static let all = [
    unauthorized, anonymous, listMissing, watchMissing, accountDeleted, accountRecreated, secretDeleted, otherCluster,
  ]

  public static let unauthorized = Rule(
    id: "token/unauthorized", severity: .error,
    summary: "The API server does not accept the token (401)",
    checks: "The answer to the list that APISIX makes.",
    why: """
      The server never says why: a wrong signature, another cluster's token, an expired one and that of a deleted \
      ServiceAccount or Secret all look alike. APISIX logs `list failed, … reason: Unauthorized` every 40 seconds.
      """,
    example: """
      {"kind":"Status","reason":"Unauthorized","code":401}
      """,
    fix: """
      Take the token anew, whole and decoded:
        kubectl -n NAMESPACE get secret NAME-token -o jsonpath='{.data.token}' | base64 -d
      gatecheck token inspect says what it is and whose.
      """)

  public static let accountDeleted = Rule(
    id: "token/service-account-deleted", severity: .error,
    summary: "The token's ServiceAccount is not there",
    checks: "With --kubeconfig: whether the ServiceAccount that the token names exists.",
    why: "A token dies with its ServiceAccount: 401 from ten seconds after it was deleted.",
    example: "kubectl delete serviceaccount apisix",
    fix: "gatecheck rbac generate --name apisix --namespace default | kubectl apply -f -")

  public static let accountRecreated = Rule(
    id: "token/service-account-recreated", severity: .error,
    summary: "The token's ServiceAccount was made again after the token was issued",
    checks: "With --kubeconfig: the uid in the token against that of the ServiceAccount.",
    why: "A token is for one ServiceAccount, not for its name: the old token stays a 401 for ever.",
    example: "kubectl delete -f rbac.yaml && kubectl apply -f rbac.yaml",
    fix: "kubectl -n default get secret apisix-token -o jsonpath='{.data.token}' | base64 -d")

  public static let secretDeleted = Rule(
    id: "token/secret-deleted", severity: .error,
    summary: "The Secret that the token is from is not there",
    checks: "With --kubeconfig: whether the Secret that the token names exists.",
    why: "A Secret's token is accepted only as long as the Secret exists.",
    example: "kubectl delete secret apisix-token",
    fix: "gatecheck rbac generate --name apisix --namespace default | kubectl apply -f -, then take the new token")

  public static let otherCluster = Rule(
    id: "token/other-cluster", severity: .error,
    summary: "The token is signed with a key that this server does not have",
    checks: "With --kubeconfig: the token's key id against the server's own keys, /openid/v1/jwks.",
    why: "It is another cluster's token, or this cluster's keys were changed. Either way it stays a 401.",
    example: "The token of staging in the config.yaml of production.",
    fix: "Take the token from the cluster that discovery.kubernetes.service names.")

  public static let anonymous = Rule(
    id: "token/anonymous", severity: .error,
    summary: "The API server saw no token (403 for system:anonymous)",
    checks: "Whether a 403 names `system:anonymous`.",
    why: """
      A token that the server does not accept is a 401. Anonymous means that none reached it: it is empty, its file \
      was missing when it was read, or something on the way takes the header off.
      """,
    example: """
      User "system:anonymous" cannot list resource "endpoints"
      """,
    fix: "Fill client.token or the file of client.token_file.")

  public static let listMissing = Rule(
    id: "rbac/list-missing", severity: .error,
    summary: "The identity may not list what APISIX lists (403)",
    checks: "The list at cluster scope, with limit=1, on endpoints or endpointslices as the configuration has it.",
    why: "APISIX logs `list failed, … reason: Forbidden` every 40 seconds and has no nodes: 503.",
    example: """
      User "system:serviceaccount:default:apisix" cannot list resource "endpoints" in API group "" at the cluster scope
      """,
    fix: "gatecheck rbac generate --name apisix --namespace default | kubectl apply -f -")

  public static let watchMissing = Rule(
    id: "rbac/watch-missing", severity: .error,
    summary: "The identity may not watch what APISIX watches (403)",
    checks: "A watch as APISIX makes it, given up at once.",
    why: """
      The list works, and then APISIX logs `watch failed, … reason: Forbidden`, waits 40 seconds and lists again: nodes \
      change up to 40 seconds late, and the log fills.
      """,
    example: "verbs: [get, list]",
    fix: "gatecheck rbac generate --name apisix --namespace default | kubectl apply -f -")
}
