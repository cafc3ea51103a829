public import Findings

/// Why no connection came about, or no answer. Their errors end with status 3: the question was not answered.
public enum ConnectRules {
  public static let all = [
    refused, timeout, unreachable, nameNotResolved, reset, proxy, plainHTTPCredential, libcurlMissing, failed,
    noServer, invalidServer, cannotImpersonate, notAllowed,
  ]

  public static let refused: Rule = """
    connect/refused (error): The server refused the connection
    Checks: Whether something listens on the host and port.
    Why: APISIX logs `list failed, … message: connection refused` every 40 seconds and has no nodes: 503.
    Example: 127.0.0.1:6443 refused the connection
    Fix: kubectl cluster-info names the address. 127.0.0.1 inside a container is the container itself; a pod reaches \
    the API server at ${KUBERNETES_SERVICE_HOST}.
    zh: 服务器拒绝了连接
    Checks: 该主机和端口上是否有程序在监听。
    Why: APISIX 每 40 秒记录一次 `list failed, … message: connection refused`，得不到节点：503。
    Fix: 正确的地址可以用 `kubectl cluster-info` 查看。容器里的 127.0.0.1 是容器自己；Pod 要通过 \
    ${KUBERNETES_SERVICE_HOST} 访问 API Server。
    """

  public static let timeout: Rule = """
    connect/timeout (error): No connection, or no answer, in time
    Checks: Whether the server connects and answers within --request-timeout; the message says which of them failed.
    Why: Without a connection usually a firewall, a security group or a NetworkPolicy drops the packets. Without an \
    answer the server is overloaded, or the port belongs to something else. APISIX waits 60 seconds and tries again.
    Example: 10.0.0.1:6443: no connection within 10 s
    Fix: Try it from where APISIX runs: nc -vz HOST PORT. Open the way from there to the API server.
    zh: 连接或响应超时
    Checks: 服务器能否在 --request-timeout 之内连上并响应；报错会说明是哪一步没有做到。
    Why: 连不上，多半是防火墙、安全组或 NetworkPolicy 丢弃了数据包。没有响应，是服务器过载，或者端口属于别的程序。\
    APISIX 等待 60 秒后重试。
    Fix: 在 APISIX 所在的机器上试一下：`nc -vz HOST PORT`。打通从那里到 API Server 的网络。
    """

  public static let unreachable: Rule = """
    connect/unreachable (error): There is no route to the server
    Checks: Whether the network leads to the host.
    Why: APISIX cannot reach the API server either, if it runs in the same network.
    Example: no route to 10.0.0.1:6443
    Fix: Check address, VPN and routes: ip route get HOST
    """

  public static let nameNotResolved: Rule = """
    connect/name-not-resolved (error): The name of the server does not resolve
    Checks: Whether the host is known to this machine's hosts file, else to the servers of `apisix.dns_resolver`, \
    else, where that is not set, to this machine's resolver.
    Why: APISIX looks the name up in this way, logs `failed to parse domain` and has no nodes.
    Example: the name of kube.example:6443 does not resolve
    Fix: getent hosts HOST. Names such as kubernetes.default.svc resolve in the cluster only.
    """

  public static let reset: Rule = """
    connect/reset (error): The connection broke before the answer was whole
    Checks: Whether the answer comes to its end.
    Why: A load balancer or firewall between here and the API server cuts connections, or the server was stopped.
    Example: 10.0.0.1:6443 closed the connection without an answer
    Fix: Try again, then try without what stands between.
    """

  public static let proxy: Rule = """
    connect/proxy (error): The proxy did not lead to the server
    Checks: Whether a proxy of HTTPS_PROXY, ALL_PROXY or the kubeconfig makes the connection.
    Why: APISIX itself uses no proxy for discovery, so its way is another one than gatecheck's.
    Example: the proxy http://proxy:3128 did not make the connection (status 403)
    Fix: NO_PROXY=HOST gatecheck token verify …
    """

  public static let plainHTTPCredential: Rule = """
    connect/plain-http-credential (error): A credential would go over the network in clear
    Checks: That a token goes over https, or over http to this machine only.
    Why: Whoever listens on the way could read the token. Nothing was sent. APISIX would send it.
    Example:
    service:
      schema: http
    Fix: Use schema https. If the network is your own: --allow-plain-http
    """

  public static let libcurlMissing: Rule = """
    connect/libcurl-missing (error): libcurl is not installed
    Checks: Whether libcurl can be loaded; only commands that connect need it.
    Why: gatecheck speaks HTTP through libcurl. Nothing was asked.
    Example: libcurl.so.4: cannot open shared object file
    Fix: apt-get install libcurl4
    """

  public static let failed: Rule = """
    connect/failed (error): The request failed for a rare reason
    Checks: Whatever no other rule of connect/ and tls/ covers; the message has libcurl's words.
    Why: The question was not answered.
    Example: the request to 10.0.0.1:6443 failed: …
    Fix: Try again with -v.
    """

  public static let noServer: Rule = """
    connect/no-server (error): Nothing says which API server to ask
    Checks: That there is a --server, a --config, a kubeconfig or a cluster around the process.
    Why: Nothing was asked. The command ends with status 3.
    Example: gatecheck token verify --token-file token
    Fix: gatecheck token verify --config config.yaml, or --server https://HOST:6443
    """

  public static let invalidServer: Rule = """
    connect/invalid-server (error): The server is not the address of an API server
    Checks: That the server is https://HOST:PORT, without a user, a query or spaces in it.
    Why: Nothing was asked. The command ends with status 3.
    Example: --server 10.0.0.1:6443/?watch
    Fix: --server https://10.0.0.1:6443
    """

  public static let cannotImpersonate: Rule = """
    connect/cannot-impersonate (error): The kubeconfig's user may not act as the user of --as
    Checks: The answer to the first request that is sent with --as.
    Why: The server was not asked as that user. Without roles and bindings to read, the command ends with status 3.
    Example: User "jane" cannot impersonate resource "serviceaccounts"
    Fix: Use a kubeconfig that may, or the identity's own token: --token-file FILE.
    """

  public static let notAllowed: Rule = """
    connect/not-allowed (error): The identity may not see what the command needs to look at
    Checks: The answers to GET of the objects that are compared or read.
    Why: What could not be seen was not checked. The command ends with status 3.
    Example: gatecheck rbac diff --token-file apisix.token
    Fix: Use a kubeconfig that may read ServiceAccounts, ClusterRoles, ClusterRoleBindings and Secrets.
    """
}
