import Findings

/// Answers that kubectl reads and APISIX does not.
extension ServerRules {
  static let nameWanted: Rule = """
    server/name-wanted (error): The server wants a server name (SNI), and APISIX sends none
    Checks: That the TLS handshake succeeds as APISIX makes it for Kubernetes: without the server's name in it.
    Why: A router that tells clusters apart by the name refuses APISIX, or leads it to another server. APISIX logs \
    `handshake failed`, `list failed` or `UnexpectedBody` and has no nodes, while kubectl works.
    Example: kube.example:6443 accepts no TLS connection without a server name (SNI), and APISIX sends none
    Fix: Use an address that leads to this API server alone: a load balancer or a port of its own.
    """

  static let compressed: Rule = """
    server/compressed (error): Answers come compressed, though nobody asked for that
    Checks: That no answer has Content-Encoding; APISIX sends no Accept-Encoding, and so does gatecheck in its place.
    Why: APISIX does not unpack answers: it logs `UnexpectedBody` and has no nodes, while kubectl and curl work. A \
    proxy before the API server does that.
    Example: Content-Encoding: gzip
    Fix: Turn compression off for this way (nginx: gzip off), or use the API server's own address.
    """

  static let watchBroken: Rule = """
    server/watch-broken (error): The list is answered, the watch is not
    Checks: That a watch begins with an answer at once, and is not cut. A warning where it ends \
    at once with nothing in it, a note where it comes as a whole.
    Why: APISIX learns of changes by the watch only. Without it nodes are as old as the last list, and it logs `watch \
    failed` every 40 seconds. A proxy that buffers answers or limits their time does that.
    Example: 10.0.0.1:6443: connected, but no answer within 10 s
    Fix: Let it through as it comes (nginx: proxy_buffering off, proxy_read_timeout 1h), or use the API server's own \
    address.
    """
}
