public import Findings

/// The API server's refusals of a token, or of what its owner wants.
public enum TokenVerifyRules {
  public static let all = [unauthorized, anonymous, listMissing, watchMissing]

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
