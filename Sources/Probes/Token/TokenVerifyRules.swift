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
    zh: API Server 不接受这个 token（401）
    Checks: API Server 对 APISIX 所发 list 请求的响应。
    Why: API Server 从不说明原因：签名错误、其他集群的 token、已过期、ServiceAccount 或 Secret 已删除，看起来都一样\
    。APISIX 每 40 秒记录一次 `list failed, … reason: Unauthorized`。
    Fix: 重新获取完整的、已解码的 token：
      kubectl -n NAMESPACE get secret NAME-token -o jsonpath='{.data.token}' | base64 -d
    用 `gatecheck token inspect` 可以查看它是什么、属于哪个账号。
    """

  public static let accountDeleted: Rule = """
    token/service-account-deleted (error): The token's ServiceAccount is not there
    Checks: With --kubeconfig: whether the ServiceAccount that the token names exists.
    Why: A token dies with its ServiceAccount: 401 from ten seconds after it was deleted.
    Example: kubectl delete serviceaccount apisix
    Fix: gatecheck rbac generate --name apisix --namespace default | kubectl apply -f -
    zh: token 所属的 ServiceAccount 不存在
    Checks: 需要 --kubeconfig：token 中写明的 ServiceAccount 是否存在。
    Why: ServiceAccount 一旦删除，token 随之失效：删除约十秒之后开始返回 401。
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
    zh: token 所在的 Secret 不存在
    Checks: 需要 --kubeconfig：token 中写明的 Secret 是否存在。
    Why: Secret 里的 token 只有在该 Secret 存在时才有效。
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
    zh: 签发 token 的密钥不属于这个 API Server，或者签发者（issuer）不同
    Checks: 出现 401 时，把 token 的密钥 ID 与 API Server 的密钥 /openid/v1/jwks 对照，把签发者与 \
    /.well-known/openid-configuration 对照。多数 API Server 只对已认证的用户开放这两个地址：加上 --kubeconfig 就会以\
    该用户的身份查询。
    Why: 这是其他集群的 token，或者本集群更换过密钥。无论哪种情况，都会一直是 401。
    Example: 生产环境的 config.yaml 里写了测试环境（staging）的 token。
    Fix: 从 discovery.kubernetes.service 所指的那个集群获取 token。
    """

  public static let anonymous: Rule = """
    token/anonymous (error): The API server saw no token (403 for system:anonymous)
    Checks: Whether a 403 names `system:anonymous`.
    Why: A token that the server does not accept is a 401. Anonymous means that none reached it: it is empty, its file \
    was missing when it was read, or something on the way takes the header off.
    Example: User "system:anonymous" cannot list resource "endpoints"
    Fix: Fill client.token or the file of client.token_file.
    zh: API Server 没有收到 token（403，system:anonymous）
    Checks: 403 的响应里是否提到 `system:anonymous`。
    Why: token 不被接受时返回的是 401。anonymous 表示 token 根本没有送达：token 为空、读取时文件不存在，或者中间的代\
    理去掉了请求头。
    Fix: 填写 client.token，或者写好 client.token_file 所指的文件。
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
    its own, or https://kubernetes.default.svc: one of these is the API server's name as a rule. In a cluster doctor \
    looks so at the audience of the projected volume that config.yaml reads.
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
