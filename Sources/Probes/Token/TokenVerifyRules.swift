public import Findings

/// The API server's refusals of a token, or of what its owner wants.
public enum TokenVerifyRules {
  public static let all = [
    unauthorized, anonymous, accountDeleted, accountRecreated, secretDeleted, podDeleted,
    otherCluster, otherIssuer, wrongAudience, badSignature, notJWT, nodeIdentity,
  ]

  public static let unauthorized: Rule = """
    token/unauthorized (error): The API server does not accept the token (401)
    Checks: The answer to the list that APISIX makes.
    Why: The server never says why: a wrong signature, another cluster's token, an expired one and that of a deleted \
    ServiceAccount or Secret all look alike. APISIX logs `list failed, … reason: Unauthorized` every 40 seconds.
    Example: {"kind":"Status","reason":"Unauthorized","code":401}
    Fix: Get the token again, whole and decoded:
      kubectl -n NAMESPACE get secret NAME-token -o jsonpath='{.data.token}' | base64 -d
    gatecheck token inspect says what it is and whose.
    """

  public static let accountDeleted: Rule = """
    token/service-account-deleted (error): The token's ServiceAccount is not there
    Checks: With --kubeconfig: whether the ServiceAccount that the token names exists.
    Why: A token dies with its ServiceAccount: 401 from ten seconds after it was deleted.
    Example: kubectl delete serviceaccount apisix
    Fix: gatecheck rbac generate --name apisix --namespace default | kubectl apply -f -
    """

  public static let accountRecreated: Rule = """
    token/service-account-recreated (error): The token's ServiceAccount was made again after the token was issued
    Checks: With --kubeconfig: the uid in the token against that of the ServiceAccount.
    Why: A token is for one ServiceAccount, not for its name: the old token stays a 401 for ever.
    Example: kubectl delete -f rbac.yaml && kubectl apply -f rbac.yaml
    Fix: gatecheck token create --name apisix --namespace default --output-file token
    """

  public static let secretDeleted: Rule = """
    token/secret-deleted (error): The Secret that the token is from is not there
    Checks: With --kubeconfig: whether the Secret that the token names exists.
    Why: A Secret's token is accepted only as long as the Secret exists.
    Example: kubectl delete secret apisix-token
    Fix: gatecheck token create --name apisix --namespace default --create-secret --confirm --output-file token
    """

  public static let podDeleted: Rule = """
    token/pod-deleted (error): The pod that the token was made for is not there
    Checks: With --kubeconfig: whether the pod that the token names exists.
    Why: A projected token is accepted only as long as its pod lives, whatever its time.
    Example: kubectl exec apisix-0 -- cat /var/run/secrets/kubernetes.io/serviceaccount/token > token
    Fix: Inside the cluster name the file in token_file; outside take a Secret's token:
      gatecheck token create --name apisix --namespace default --output-file token
    """

  public static let otherCluster: Rule = """
    token/other-cluster (error): The token is signed with a key that this server does not have, or has another issuer
    Checks: On a 401 the token's key id against the server's keys, /openid/v1/jwks, and its issuer against that of \
    /.well-known/openid-configuration. Most servers show these to known users only: --kubeconfig asks as one.
    Why: It is another cluster's token, or this cluster's keys were changed. Either way it stays a 401.
    Example: The token of staging in the config.yaml of production.
    Fix: Take the token from the cluster that discovery.kubernetes.service names.
    """

  public static let anonymous: Rule = """
    token/anonymous (error): The API server saw no token (403 for system:anonymous)
    Checks: Whether a 403 names `system:anonymous`.
    Why: A token that the server does not accept is a 401. Anonymous means that none reached it: it is empty, its file \
    was missing when it was read, or something on the way takes the header off.
    Example: User "system:anonymous" cannot list resource "endpoints"
    Fix: Fill client.token or the file of client.token_file.
    """

  public static let otherIssuer: Rule = """
    token/other-issuer (error): The server has the token's key, but issues under another name now
    Checks: On a 401 the token's `iss` against the issuer of /.well-known/openid-configuration, where the key is known.
    Why: The server's --service-account-issuer was changed. Tokens under the old name are a 401 from then on.
    Example: iss: https://kubernetes.default.svc.cluster.local
    Fix: Take a new token; or give the server the old name too: --service-account-issuer may stand there twice.
    """

  public static let wrongAudience: Rule = """
    token/wrong-audience (error): The token is for somebody else than the API server
    Checks: On a 401, and as a warning by token inspect, whether the token's `aud` has the server's issuer, \
    its own, or https://kubernetes.default.svc: one of these is the API server's name as a rule.
    Why: The API server takes only tokens that are meant for it: 401, whatever rights the ServiceAccount has.
    Example: serviceAccountToken: {path: token, audience: vault}
    Fix: Leave `audience` out of the projected volume, and --audience out of the command:
      gatecheck token create --name apisix --namespace default --output-file token
    """

  public static let badSignature: Rule = """
    token/signature-invalid (error): The token is not what the server signed
    Checks: With --kubeconfig: on a 401 that the token's key is the server's, and that all that the token names exists.
    Why: What is left is its text: a character was lost or changed in copying, or somebody edited it.
    Example: The last line of the token was left out.
    Fix: gatecheck token create --name apisix --namespace default --output-file token
    """

  public static let notJWT: Rule = """
    token/not-a-jwt (error): The token is not a JWT, and the server does not know it
    Checks: On a 401 whether the token has the form of a ServiceAccount's: three parts, the first two JSON in base64.
    Why: Only a static token of the server's --token-auth-file looks otherwise, and this is none of those.
    Example: token: 3f9a0c7e51
    Fix: gatecheck token create --name apisix --namespace default --output-file token
    """

  public static let nodeIdentity: Rule = """
    token/node-identity (error): The identity is a node's
    Checks: Whether a 403 names `system:node:NAME`.
    Why: A kubelet's credential shows only what its own pods need, and it is renewed under its own name.
    Example: --kubeconfig /etc/kubernetes/kubelet.conf
    Fix: Make a ServiceAccount and its token: gatecheck rbac generate
    """
}
