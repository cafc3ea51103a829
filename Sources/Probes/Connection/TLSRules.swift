public import Findings

/// Why no TLS connection came about. Nothing was sent to the server then, the token least of all.
public enum TLSRules {
  public static let all = [
    untrusted, wrongHost, expired, plainHTTP, notTLS, clientCertificate, protocolFailed, badAuthorities,
    badClientCertificate,
  ]

  public static let untrusted: Rule = """
    tls/untrusted-certificate (error): The server's certificate is not signed by a CA that is known here
    Checks: The server's certificate against --certificate-authority, the kubeconfig's CA or the next in order.
    Why: gatecheck sends no token to a server that it cannot verify. APISIX itself verifies nothing unless \
    `service.ssl_verify` is true (3.17 and later), so it may work all the same, and send its token to anyone.
    Example: 10.0.0.1:6443 shows a certificate whose root is not trusted
    Fix: Fetch the cluster's CA with a kubeconfig that works, and name it:
      kubectl config view --raw --minify --flatten -o jsonpath='{.clusters[0].cluster.certificate-authority-data}' | \
    base64 -d > ca.crt
      gatecheck token verify --config config.yaml --certificate-authority ca.crt
    """

  public static let wrongHost: Rule = """
    tls/wrong-host (error): The server's certificate is for other names
    Checks: That the host asked for is among the names and addresses of the certificate.
    Why: The server may be another one. kubectl refuses it. APISIX never looks at the name, not even with `ssl_verify: \
    true`: where the CA is one's own (--certificate-authority, ssl_trusted_certificate, a ca.crt) this is a warning.
    Example: the certificate of 10.0.0.1:6443 is for another host
    Fix: Use a name or address that the certificate has; the message lists them.
    """

  public static let expired: Rule = """
    tls/expired-certificate (error): The server's certificate is outside its time
    Checks: That the certificate has begun and not ended, by this machine's clock.
    Why: kubectl refuses such a server, and so does APISIX with `ssl_verify: true` (3.17 and later).
    Example: the certificate of 10.0.0.1:6443 has expired
    Fix: Renew it (kubeadm certs renew apiserver), or set the clock: date -u
    """

  public static let plainHTTP: Rule = """
    tls/plain-http-to-tls-port (error): Plain http was spoken to a port that wants TLS
    Checks: Whether the port answers http with a word about TLS.
    Why: The API server answers 400, `Client sent an HTTP request to an HTTPS server`, and APISIX logs a failed list.
    Example:
    service:
      schema: http
      port: "6443"
    Fix: service:
      schema: https
    """

  public static let notTLS: Rule = """
    tls/not-a-tls-port (error): https was spoken to a port that does not speak TLS
    Checks: Whether the port answers a TLS handshake.
    Why: APISIX logs a failed handshake and has no nodes.
    Example:
    service:
      schema: https
      port: "8080"
    Fix: Use the TLS port, usually 6443 or 443; or schema http where plain http is meant, as for kubectl proxy.
    """

  public static let clientCertificate: Rule = """
    tls/client-certificate-wanted (error): The server wants a client certificate
    Checks: Whether the server ends connections that show no client certificate, or not the right one.
    Why: APISIX cannot show one for discovery: it logs in with a token only.
    Example: 10.0.0.1:6443 wants a client certificate
    Fix: Use an address of the API server that takes tokens, without the gateway in front of it.
    """

  public static let protocolFailed: Rule = """
    tls/protocol (error): The TLS handshake failed
    Checks: Whether both sides agree on a version from TLS 1.2 on, and on ciphers.
    Why: No connection, no nodes.
    Example: 10.0.0.1:6443 speaks no TLS version newer than 1.1
    Fix: Look at it: openssl s_client -connect HOST:PORT
    """

  public static let badAuthorities: Rule = """
    tls/bad-ca (error): The CA that was given is not a certificate
    Checks: That the CA's file or data is PEM with at least one certificate.
    Why: Without it the server cannot be verified. Nothing was sent.
    Example: --certificate-authority token
    Fix: A CA file begins with -----BEGIN CERTIFICATE-----. In a Secret it is data["ca.crt"], in base64.
    """

  public static let badClientCertificate: Rule = """
    tls/bad-client-certificate (error): The kubeconfig's client certificate or key cannot be used
    Checks: That both are PEM and belong together.
    Why: kubectl refuses it too. Nothing was sent.
    Example: client-certificate-data and client-key-data of two different users
    Fix: Create the kubeconfig again.
    """
}
