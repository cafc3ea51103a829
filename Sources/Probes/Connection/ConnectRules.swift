public import Findings

/// Why no connection came about, or no answer. Their errors end with status 3: the question was not answered.
public enum ConnectRules {
  public static let all = [
    refused, timeout, unreachable, nameNotResolved, reset, proxy, plainHTTPCredential, libcurlMissing, failed,
    noServer, invalidServer, cannotImpersonate, notAllowed,
  ]

  public static let refused = Rule(
    id: "connect/refused", severity: .error, summary: "The server refused the connection",
    checks: "Whether something listens on the host and port.",
    why: "APISIX logs `list failed, … message: connection refused` every 40 seconds and has no nodes: 503.",
    example: "127.0.0.1:6443 refused the connection",
    fix: """
      kubectl cluster-info names the address. 127.0.0.1 inside a container is the container itself; a pod reaches the \
      API server at ${KUBERNETES_SERVICE_HOST}.
      """)

  public static let timeout = Rule(
    id: "connect/timeout", severity: .error, summary: "No connection, or no answer, in time",
    checks: "Whether the server connects and answers within --request-timeout; the message says which of them failed.",
    why: """
      Without a connection a firewall, a security group or a NetworkPolicy drops the packets, mostly. Without an \
      answer the server is overloaded, or the port belongs to something else. APISIX waits 60 seconds and tries again.
      """,
    example: "10.0.0.1:6443: no connection within 10 s",
    fix: "Try it from where APISIX runs: nc -vz HOST PORT. Open the way from there to the API server.")

  public static let unreachable = Rule(
    id: "connect/unreachable", severity: .error, summary: "There is no route to the server",
    checks: "Whether the network leads to the host.",
    why: "APISIX cannot reach the API server either, if it runs in the same network.",
    example: "no route to 10.0.0.1:6443", fix: "Check address, VPN and routes: ip route get HOST")

  public static let nameNotResolved = Rule(
    id: "connect/name-not-resolved", severity: .error, summary: "The name of the server does not resolve",
    checks: "Whether the host is known to this machine's resolver.",
    why: "APISIX asks its own resolver, and needs the address just the same.",
    example: "the name of kube.example:6443 does not resolve",
    fix: "getent hosts HOST. Names such as kubernetes.default.svc resolve in the cluster only.")

  public static let reset = Rule(
    id: "connect/reset", severity: .error, summary: "The connection broke before the answer was whole",
    checks: "Whether the answer comes to its end.",
    why: "A load balancer or firewall between here and the API server cuts connections, or the server was stopped.",
    example: "10.0.0.1:6443 closed the connection without an answer",
    fix: "Try again, then try without what stands between.")

  public static let proxy = Rule(
    id: "connect/proxy", severity: .error, summary: "The proxy did not lead to the server",
    checks: "Whether a proxy of HTTPS_PROXY, ALL_PROXY or the kubeconfig makes the connection.",
    why: "APISIX itself uses no proxy for discovery, so its way is another one than gatecheck's.",
    example: "the proxy http://proxy:3128 did not make the connection (status 403)",
    fix: "NO_PROXY=HOST gatecheck token verify …")

  public static let plainHTTPCredential = Rule(
    id: "connect/plain-http-credential", severity: .error, summary: "A credential would go over the network in clear",
    checks: "That a token goes over https, or over http to this machine only.",
    why: "Whoever listens on the way could read the token. Nothing was sent. APISIX would send it.",
    example: """
      service:
        schema: http
      """,
    fix: "Use schema https. If the network is your own: --allow-plain-http")

  public static let libcurlMissing = Rule(
    id: "connect/libcurl-missing", severity: .error, summary: "libcurl is not installed",
    checks: "Whether libcurl can be loaded; only commands that connect need it.",
    why: "gatecheck speaks HTTP through libcurl. Nothing was asked.",
    example: "libcurl.so.4: cannot open shared object file", fix: "apt-get install libcurl4")

  public static let failed = Rule(
    id: "connect/failed", severity: .error, summary: "The request failed for a rare reason",
    checks: "Whatever no other rule of connect/ and tls/ covers; the message has libcurl's words.",
    why: "The question was not answered.",
    example: "the request to 10.0.0.1:6443 failed: …", fix: "Try again with -v.")

  public static let noServer = Rule(
    id: "connect/no-server", severity: .error, summary: "Nothing says which API server to ask",
    checks: "That there is a --server, a --config, a kubeconfig or a cluster around the process.",
    why: "Nothing was asked. The command ends with status 3.",
    example: "gatecheck token verify --token-file token",
    fix: "gatecheck token verify --config config.yaml, or --server https://HOST:6443")

  public static let invalidServer = Rule(
    id: "connect/invalid-server", severity: .error, summary: "The server is no address of an API server",
    checks: "That the server is https://HOST:PORT, without a user, a query or blanks in it.",
    why: "Nothing was asked. The command ends with status 3.",
    example: "--server 10.0.0.1:6443/?watch", fix: "--server https://10.0.0.1:6443")

  public static let cannotImpersonate = Rule(
    id: "connect/cannot-impersonate", severity: .error,
    summary: "The kubeconfig's user may not act as the user of --as",
    checks: "The answer to the first request that is sent with --as.",
    why: "The server was not asked as that user. Without roles and bindings to read, the command ends with status 3.",
    example: "User \"jane\" cannot impersonate resource \"serviceaccounts\"",
    fix: "Use a kubeconfig that may, or the identity's own token: --token-file FILE.")

  public static let notAllowed = Rule(
    id: "connect/not-allowed", severity: .error, summary: "The identity may not see what the command needs to look at",
    checks: "The answers to GET of the objects that are compared or read.",
    why: "What could not be seen was not checked. The command ends with status 3.",
    example: "gatecheck rbac diff --token-file apisix.token",
    fix: "Use a kubeconfig that may read ServiceAccounts, ClusterRoles, ClusterRoleBindings and Secrets.")
}
