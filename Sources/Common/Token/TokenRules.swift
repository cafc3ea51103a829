public import Findings

/// What a token's own bytes and claims tell: in files, and in what is asked.
public enum TokenRules {
  public static let all = [
    base64Wrapped, whitespace, empty, quoted, prefixed, encoding, document, placeholder, truncated, character, expired,
    notYetValid, expiresSoon, notServiceAccount,
  ]

  public static let base64Wrapped = Rule(
    id: "token/base64-wrapped", severity: .error, summary: "The token is still base64-wrapped",
    checks: """
      That the token is no base64 text around a token. A token starts with `eyJ`; wrapped once it starts with `ZXlK`.
      """,
    why: """
      Every value in a Secret is base64, and `kubectl get secret -o yaml` shows it so. APISIX accepts the wrapped \
      text, sends it as it is, and the API server answers 401: `list failed, kind: Endpoints, reason: Unauthorized`.
      """,
    example: "token: ZXlKaGJHY2lP…",
    fix: """
      Decode it once:
        kubectl -n default get secret apisix-test-token -o jsonpath='{.data.token}' | base64 -d
      `gatecheck lint --fix config.yaml` does it in place.
      """, since: "2.13.0")

  public static let whitespace = Rule(
    id: "token/whitespace", severity: .error, summary: "The token has white space in or around it",
    checks: "That the token is one line without blanks, and, for APISIX before 3.0, without a line break at its end.",
    why: """
      Inside the token white space fails APISIX's schema: `object matches none of the required`. A final line break \
      passes; before 3.0 it is sent along and ends the request's headers early, so that the API server answers 400. \
      From 3.0 on it is trimmed.
      """,
    example: """
      token: |-
        eyJhbGciOi…
        lIn0.eyJpc3M…
      """,
    fix: "token: \"eyJhbGciOi…lIn0.eyJpc3M…\"", since: "2.13.0")

  public static let empty = Rule(
    id: "token/empty", severity: .error, summary: "The token is empty",
    checks: "That the token, or the file it comes from, is not empty.",
    why: """
      With https APISIX stops while it starts: `apiserver.token should set to non-empty string when service.schema is \
      https`. Where an empty one is sent all the same, the API server sees an anonymous user and answers 403.
      """,
    example: """
      client:
        token: ""
      """,
    fix: """
      client:
        token_file: /var/run/secrets/kubernetes.io/serviceaccount/token
      """, since: "2.13.0")

  public static let quoted = Rule(
    id: "token/quoted", severity: .error, summary: "Quotes are part of the token",
    checks: "That no quotes stand around the token besides those of YAML.",
    why: "The API server sees another token and answers 401; in config.yaml quotes inside the value fail the schema.",
    example: "token: \"'eyJhbGciOi…'\"", fix: "token: \"eyJhbGciOi…\"")

  public static let prefixed = Rule(
    id: "token/prefixed", severity: .error, summary: "Something stands before the token",
    checks: "That the token does not start with `Bearer `, `Authorization:` or `token:`.",
    why: """
      APISIX writes `Authorization: Bearer` itself. Twice, the API server reads `Bearer` as the token and answers 401; \
      in config.yaml the blank behind it fails the schema.
      """,
    example: "token: Bearer eyJhbGciOi…", fix: "token: eyJhbGciOi…")

  public static let encoding = Rule(
    id: "token/encoding", severity: .error, summary: "The token is saved in another encoding or with escapes",
    checks: "That the token is plain ASCII: no byte order mark, no UTF-16, no percent or JSON escapes.",
    why: "The API server compares bytes. It sees another token and answers 401.",
    example: "A file written by PowerShell's `>` is UTF-16.",
    fix: "Save the token as plain ASCII: printf %s \"$TOKEN\" > FILE")

  public static let document = Rule(
    id: "token/whole-document", severity: .error, summary: "A whole document stands where the token belongs",
    checks: "That the token is not a Secret, a TokenRequest, a kubeconfig or a certificate.",
    why: "APISIX sends what stands there, all of it. The API server answers 400 or 401.",
    example: "kubectl get secret apisix-token -o yaml > token",
    fix: "kubectl get secret apisix-token -o jsonpath='{.data.token}' | base64 -d > token")

  public static let placeholder = Rule(
    id: "token/placeholder", severity: .error, summary: "A placeholder stands where the token belongs",
    checks: "That the token is no `<token>`, `$(command)` or `${NAME}` inside longer text.",
    why: "Nobody replaces it: APISIX sends the text as it stands, and the API server answers 401.",
    example: "token: Bearer-${TOKEN}", fix: "token: ${TOKEN}")

  public static let truncated = Rule(
    id: "token/truncated", severity: .error, summary: "The token is cut off, or is more than one",
    checks: "That a JWT has its three parts, and a signature as long as its algorithm makes it.",
    why: "The API server cannot verify it and answers 401 without saying why.",
    example: "eyJhbGciOi….eyJpc3M…", fix: "Copy the token again, whole; beware of terminals that break lines.")

  public static let character = Rule(
    id: "token/strange-character", severity: .error, summary: "The token holds a character that no token has",
    checks: "That the token has only letters, digits and `+ / . _ = -`, and at most 4096 of them in config.yaml.",
    why: """
      In config.yaml anything else fails the schema: `object matches none of the required`. Elsewhere the API server \
      answers 401.
      """,
    example: "token: \"eyJhbGciOi…\u{2026}\"", fix: "Copy the token again as plain text.")

  public static let expired = Rule(
    id: "token/expired", severity: .error, summary: "The token has expired",
    checks: "That the token's `exp` lies ahead.",
    why: """
      The API server answers 401 from then on. APISIX logs `reason: Unauthorized` every 40 seconds and keeps the nodes \
      it last knew, so traffic fails later, when pods have moved.
      """,
    example: "A token of `kubectl create token` lives one hour unless --duration says otherwise.",
    fix: """
      Inside the cluster use token_file, which Kubernetes renews and APISIX reads anew from 3.13 on. Outside it use \
      the token of a Secret, which does not expire: gatecheck rbac generate
      """)

  public static let notYetValid = Rule(
    id: "token/not-yet-valid", severity: .error, summary: "The token is not valid yet",
    checks: "That the token's `nbf` lies behind.",
    why: "The API server answers 401 until then. Mostly a clock is wrong: this machine's or the server's.",
    example: "nbf is an hour ahead of the clock",
    fix: "Compare the clocks: date -u, and the Date header of the API server.")

  public static let expiresSoon = Rule(
    id: "token/expires", severity: .note, summary: "The token will expire",
    checks: "When the token ends, by its own word; a warning when that is within a week.",
    why: """
      Nothing renews a token that stands in config.yaml or in a copied file. From that day on the API server answers \
      401.
      """,
    example: "exp: 1765540800", fix: "Use a Secret's token, which does not expire, or token_file inside the cluster.")

  public static let notServiceAccount = Rule(
    id: "token/not-a-service-account", severity: .warning, summary: "The token belongs to no ServiceAccount",
    checks: "That the token's subject is `system:serviceaccount:NAMESPACE:NAME`.",
    why: """
      Tokens of people and nodes are short-lived, and their rights change with the person. A ClusterRoleBinding for \
      APISIX's ServiceAccount does nothing for them.
      """,
    example: "sub: jane@example.org", fix: "Make a ServiceAccount and its token: gatecheck rbac generate")
}
