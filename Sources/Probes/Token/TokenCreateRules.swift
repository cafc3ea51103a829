public import Findings

/// The rules of `token create`.
public enum TokenCreateRules {
  public static let all = [notConfirmed, secretMissing, otherSecret, refused, shorter, notPlaced]

  public static let notConfirmed = Rule(
    id: "token/not-confirmed", severity: .error, summary: "token create would change the cluster, and was not told to",
    checks: "Whether --confirm is given where a Secret is to be made or a token to be issued.",
    why: "gatecheck changes nothing in a cluster unless that is asked for in words.",
    example: "gatecheck token create --create-secret --output-file token",
    fix: "gatecheck token create --create-secret --output-file token --confirm")

  public static let secretMissing = Rule(
    id: "token/secret-missing", severity: .error, summary: "The ServiceAccount has no token Secret of that name",
    checks: "The Secret NAME-token, or that of --secret-name.",
    why: "Since Kubernetes 1.24 no Secret is made for a ServiceAccount by itself.",
    example: "gatecheck token create --name apisix --output-file token",
    fix: "gatecheck token create --name apisix --create-secret --output-file token --confirm")

  public static let otherSecret = Rule(
    id: "token/other-secret", severity: .error, summary: "The Secret is of another type or of another ServiceAccount",
    checks: "Its type and its annotation kubernetes.io/service-account.name.",
    why: "Its token, if it has one, would be another identity's.",
    example: "type: Opaque", fix: "Name another Secret: --secret-name NAME.")

  public static let refused = Rule(
    id: "token/create-refused", severity: .error, summary: "The API server did not let the token be had",
    checks: "The answers to GET of the ServiceAccount and Secret, and to the creation of Secret or token.",
    why: "The user of the kubeconfig lacks the right to get or create Secrets, or to create serviceaccounts/token.",
    example: "cannot create resource \"serviceaccounts/token\"", fix: "Use a kubeconfig whose user may.")

  public static let shorter = Rule(
    id: "token/shorter-than-asked", severity: .warning, summary: "The token ends sooner than was asked",
    checks: "The end that the server gave against --duration.",
    why: "The API server limits it (--service-account-max-token-expiration). APISIX gets 401 from then on.",
    example: "gatecheck token create --duration 8760h --output-file token --confirm",
    fix: "Use token_file and renew the file, or a Secret's token: --create-secret.")

  public static let notPlaced = Rule(
    id: "token/not-placed", severity: .error, summary: "The config.yaml has no place for the token",
    checks: "That discovery.kubernetes is there, that one cluster is meant, and that its token is no variable.",
    why: "The file is as it was.",
    example: """
      client:
        token: ${APISIX_TOKEN}
      """,
    fix: "Write the token to a file, --output-file FILE, and name it there: client.token_file.")
}
