public import Findings

/// What a token's own bytes and claims tell: in files, and in what is asked.
public enum TokenRules {
  public static let all = [
    base64Wrapped, whitespace, empty, quoted, prefixed, encoding, document, placeholder, truncated, character, expired,
    notYetValid, expiresSoon, expiresWithin, notServiceAccount,
  ]

  /// Those that hang on a clock.
  public static let times = [expired, notYetValid]

  public static let base64Wrapped: Rule = """
    token/base64-wrapped (error, since 2.13.0): The token is still base64-wrapped
    Checks: That the token is not base64 text around a token. A token starts with `eyJ`; wrapped once it starts with \
    `ZXlK`.
    Why: Every value in a Secret is base64, and `kubectl get secret -o yaml` shows it so. APISIX accepts the wrapped \
    text, sends it as it is, and the API server answers 401: `list failed, kind: Endpoints, reason: Unauthorized`.
    Example: token: ZXlKaGJHY2lP…
    Fix: Decode it once:
      kubectl -n default get secret apisix-test-token -o jsonpath='{.data.token}' | base64 -d
    `gatecheck lint --fix config.yaml` does it in place; `gatecheck token inspect FILE --unwrap NEW` into a new file.
    zh: token 还带着一层 base64
    Checks: token 外面不能再有一层 base64。token 以 `eyJ` 开头；多编码一次就以 `ZXlK` 开头。
    Why: Secret 里的值都经过 base64 编码，`kubectl get secret -o yaml` 显示的也是编码后的值。APISIX 会接受这段文本并\
    原样发送，API Server 返回 401：`list failed, kind: Endpoints, reason: Unauthorized`。
    Fix: 解码一次：
      kubectl -n default get secret apisix-test-token -o jsonpath='{.data.token}' | base64 -d
    `gatecheck lint --fix config.yaml` 会直接在文件里解码；`gatecheck token inspect FILE --unwrap NEW` 则写到新文件\
    里。
    """

  public static let whitespace: Rule = """
    token/whitespace (error, since 2.13.0): The token has white space in or around it
    Checks: That the token is one line without spaces, and, for APISIX before 3.0, without a line break at its end.
    Why: Inside the token white space fails APISIX's schema: `object matches none of the required`. A final line break \
    passes; before 3.0 it is sent along and ends the request's headers early, so that the API server answers 400. From \
    3.0 on it is trimmed.
    Example:
    token: |-
      eyJhbGciOi…
      lIn0.eyJpc3M…
    Fix: token: "eyJhbGciOi…lIn0.eyJpc3M…"
    zh: token 里面或前后有空白字符
    Checks: token 必须是一行，没有空格；3.0 以前的 APISIX 还要求末尾没有换行。
    Why: token 中间的空白通不过 APISIX 的 schema 校验：`object matches none of the required`。末尾的换行可以通过，\
    但 3.0 以前会原样发送，使请求头提前结束，API Server 返回 400。从 3.0 起会自动去掉。
    """

  public static let empty: Rule = """
    token/empty (error, since 2.13.0): The token is empty
    Checks: That the token, or the file it comes from, is not empty.
    Why: With https APISIX stops while it starts: `apiserver.token should set to non-empty string when service.schema \
    is https`. Where an empty one is sent all the same, the API server sees an anonymous user and answers 403.
    Example:
    client:
      token: ""
    Fix: client:
      token_file: /var/run/secrets/kubernetes.io/serviceaccount/token
    Or get a token: gatecheck token create --name apisix --namespace apisix --into config.yaml
    """

  public static let quoted: Rule = """
    token/quoted (error): Quotes are part of the token
    Checks: That no quotes are around the token besides those of YAML.
    Why: The API server sees another token and answers 401; in config.yaml quotes inside the value fail the schema.
    Example: token: "'eyJhbGciOi…'"
    Fix: token: "eyJhbGciOi…"
    """

  public static let prefixed: Rule = """
    token/prefixed (error): Something stands before the token
    Checks: That the token does not start with `Bearer `, `Authorization:` or `token:`.
    Why: APISIX writes `Authorization: Bearer` itself. Twice, the API server reads `Bearer` as the token and answers \
    401; in config.yaml the space behind it fails the schema.
    Example: token: Bearer eyJhbGciOi…
    Fix: token: eyJhbGciOi…
    """

  public static let encoding: Rule = """
    token/encoding (error): The token is saved in another encoding or with escapes
    Checks: That the token is plain ASCII: no byte order mark, no UTF-16, no percent or JSON escapes.
    Why: The API server compares bytes. It sees another token and answers 401.
    Example: A file written by PowerShell's `>` is UTF-16.
    Fix: Save the token as plain ASCII: printf %s "$TOKEN" > FILE
    """

  public static let document: Rule = """
    token/whole-document (error): A whole document is where the token belongs
    Checks: That the token is not a Secret, a TokenRequest, a kubeconfig or a certificate.
    Why: APISIX sends what stands there, all of it. The API server answers 400 or 401.
    Example: kubectl get secret apisix-token -o yaml > token
    Fix: kubectl get secret apisix-token -o jsonpath='{.data.token}' | base64 -d > token
    """

  public static let placeholder: Rule = """
    token/placeholder (error): A placeholder is where the token belongs
    Checks: That the token is not `<token>`, `...`, `eyJ...`, `xxx`, `TOKEN`, `changeme`, `your-token`, `填写`, \
    `$(command)`, `$NAME` or `${NAME}` inside longer text.
    Why: Nobody replaces it: APISIX sends the text as it stands, and the API server answers 401.
    Example: token: Bearer-${TOKEN}
    Fix: token: ${TOKEN}
    """

  public static let truncated: Rule = """
    token/truncated (error): The token is cut off, or is more than one
    Checks: That a JWT has its three parts, and a signature as long as its algorithm makes it.
    Why: The API server cannot verify it and answers 401 without saying why.
    Example: eyJhbGciOi….eyJpc3M…
    Fix: Copy the token again, whole; beware of terminals that break lines.
    zh: token 不完整，或者不止一个
    Checks: JWT 必须有三段，签名长度与其算法相符。
    Why: API Server 无法验证它，返回 401，并且不说明原因。
    Fix: 重新完整复制 token；注意终端可能会自动换行。
    """

  public static let character: Rule = """
    token/strange-character (error): The token holds a character that no token has
    Checks: That the token has only letters, digits and `+ / . _ = -`, and at most 4096 of them in config.yaml.
    Why: In config.yaml anything else fails the schema: `object matches none of the required`. Elsewhere the API \
    server answers 401.
    Example: token: "eyJhbGciOi…\u{2026}"
    Fix: Copy the token again as plain text.
    """

  public static let expired: Rule = """
    token/expired (error): The token has expired
    Checks: That the token's `exp` lies ahead.
    Why: The API server answers 401 from then on. APISIX logs `reason: Unauthorized` every 40 seconds and keeps the \
    nodes it last knew, so traffic fails later, when pods have moved.
    Example: A token of `kubectl create token` lives one hour unless --duration says otherwise.
    Fix: Inside the cluster use token_file, which Kubernetes renews and APISIX reads again from 3.13 on. Outside use \
    the token of a Secret, which does not expire: gatecheck token create --name apisix --output-file token
    zh: token 已过期
    Checks: token 的 `exp` 必须晚于当前时间。
    Why: 过期之后 API Server 一律返回 401。APISIX 每 40 秒记录一次 `reason: Unauthorized`，并继续使用最后一次得到的\
    节点，所以要等 Pod 变动之后，流量才会出错。
    Example: 用 `kubectl create token` 得到的 token，不加 --duration 时有效期只有一小时。
    Fix: 在集群内使用 token_file：Kubernetes 会自动更新它，APISIX 从 3.13 起会重新读取。在集群外使用 Secret 里的 \
    token，它不会过期：`gatecheck token create --name apisix --output-file token`
    """

  public static let notYetValid: Rule = """
    token/not-yet-valid (error): The token is not valid yet
    Checks: That the token's `nbf` lies behind.
    Why: The API server answers 401 until then. Mostly a clock is wrong: this machine's or the server's.
    Example: nbf is an hour ahead of the clock
    Fix: Compare the clocks: date -u, and the Date header of the API server.
    """

  public static let expiresSoon: Rule = """
    token/expires (note): The token will expire
    Checks: When the token ends, by its own word; a warning when that is within a week.
    Why: Nothing renews a token that stands in config.yaml or in a copied file. From that day on the API server \
    answers 401.
    Example: exp: 1765540800
    Fix: Use a Secret's token, which does not expire, or token_file inside the cluster.
    zh: token 将会过期
    Checks: 按 token 自身的记录，它在什么时候过期；一周之内过期则为 warning。
    Why: 写在 config.yaml 里或者复制到文件里的 token 不会自动更新。到期之后 API Server 返回 401。
    Fix: 改用 Secret 里的 token，它不会过期；在集群内也可以用 token_file。
    """

  public static let expiresWithin: Rule = """
    token/expires-within (warning): The token ends within the time that was asked about
    Checks: With --expires-within of token inspect and token verify: whether the token ends that soon.
    Why: For a job that looks every day: it fails, with status 1, while there is still time to renew the token. \
    APISIX gets 401 from that moment on.
    Example: gatecheck token inspect --config config.yaml --expires-within 14d
    Fix: gatecheck token create --name apisix --namespace apisix --output-file token
    """

  public static let notServiceAccount: Rule = """
    token/not-a-service-account (warning): The token belongs to no ServiceAccount
    Checks: That the token's subject is `system:serviceaccount:NAMESPACE:NAME`.
    Why: Tokens of people and nodes are short-lived, and their rights change with the person. A ClusterRoleBinding for \
    APISIX's ServiceAccount does nothing for them.
    Example: sub: jane@example.org
    Fix: Make a ServiceAccount and its token: gatecheck rbac generate
    """
}
