public import Findings

/// The rules of `token create`.
public enum TokenCreateRules {
  public static let all = [notConfirmed, secretMissing, otherSecret, refused, shorter, notPlaced]

  public static let notConfirmed: Rule = """
    token/not-confirmed (error): token create would change the cluster, and was not told to
    Checks: Whether --confirm is given where a Secret is to be made or a token to be issued.
    Why: gatecheck changes nothing in a cluster unless that is asked for in words.
    Example: gatecheck token create --create-secret --output-file token
    Fix: gatecheck token create --create-secret --output-file token --confirm
    """

  public static let secretMissing: Rule = """
    token/secret-missing (error): The ServiceAccount has no token Secret of that name
    Checks: The Secret NAME-token, or that of --secret-name.
    Why: Since Kubernetes 1.24 no Secret is made for a ServiceAccount by itself.
    Example: gatecheck token create --name apisix --output-file token
    Fix: gatecheck token create --name apisix --create-secret --output-file token --confirm
    """

  public static let otherSecret: Rule = """
    token/other-secret (error): The Secret is of another type or of another ServiceAccount
    Checks: Its type and its annotation kubernetes.io/service-account.name.
    Why: Its token, if it has one, would be another identity's.
    Example: type: Opaque
    Fix: Name another Secret: --secret-name NAME.
    """

  public static let refused: Rule = """
    token/create-refused (error): The API server did not let the token be had
    Checks: The answers to GET of the ServiceAccount and Secret, and to the creation of Secret or token.
    Why: The user of the kubeconfig lacks the right to get or create Secrets, or to create serviceaccounts/token.
    Example: cannot create resource "serviceaccounts/token"
    Fix: Use a kubeconfig whose user may.
    """

  public static let shorter: Rule = """
    token/shorter-than-asked (warning): The token ends sooner than was asked
    Checks: The end that the server gave against --duration.
    Why: The API server limits it (--service-account-max-token-expiration). APISIX gets 401 from then on.
    Example: gatecheck token create --duration 8760h --output-file token --confirm
    Fix: Use token_file and renew the file, or a Secret's token: --create-secret.
    """

  public static let notPlaced: Rule = """
    token/not-placed (error): The config.yaml has no place for the token
    Checks: That discovery.kubernetes is there, that one cluster is meant, and that its token is no variable.
    Why: The file is as it was.
    Example:
    client:
      token: ${APISIX_TOKEN}
    Fix: Write the token to a file, --output-file FILE, and name it there: client.token_file.
    """
}
