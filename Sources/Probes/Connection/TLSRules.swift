public import Findings

/// Why no TLS connection came about. Nothing was sent to the server then, the token least of all.
public enum TLSRules {
  public static let all = [
    untrusted, wrongHost, expired, plainHTTP, notTLS, clientCertificate, protocolFailed, badAuthorities,
    badClientCertificate,
  ]

  public static let untrusted = Rule(
    id: "tls/untrusted-certificate", severity: .error,
    summary: "The server's certificate is not signed by a CA that is known here",
    checks: "The server's certificate against --certificate-authority, the kubeconfig's CA or the next in order.",
    why: """
      gatecheck sends no token to a server that it cannot verify. APISIX itself verifies nothing unless \
      `service.ssl_verify` is true (3.17 and later), so it may work all the same, and send its token to anyone.
      """,
    example: "10.0.0.1:6443 shows a certificate whose root is not trusted",
    fix: """
      Fetch the cluster's CA with a kubeconfig that works, and name it:
        kubectl config view --raw --minify --flatten \
      -o jsonpath='{.clusters[0].cluster.certificate-authority-data}' | base64 -d > ca.crt
        gatecheck token verify --config config.yaml --certificate-authority ca.crt
      """)

  public static let wrongHost = Rule(
    id: "tls/wrong-host", severity: .error, summary: "The server's certificate is for other names",
    checks: "That the host asked for is among the names and addresses of the certificate.",
    why: "The server may be another one. With `ssl_verify: true` (3.17 and later) APISIX refuses it too.",
    example: "the certificate of 10.0.0.1:6443 is for another host",
    fix: "Use a name or address that the certificate has; the message lists them.")

  public static let expired = Rule(
    id: "tls/expired-certificate", severity: .error, summary: "The server's certificate is outside its time",
    checks: "That the certificate has begun and not ended, by this machine's clock.",
    why: "kubectl refuses such a server, and so does APISIX with `ssl_verify: true` (3.17 and later).",
    example: "the certificate of 10.0.0.1:6443 has expired",
    fix: "Renew it (kubeadm certs renew apiserver), or set the clock: date -u")

  public static let plainHTTP = Rule(
    id: "tls/plain-http-to-tls-port", severity: .error, summary: "Plain http was spoken to a port that wants TLS",
    checks: "Whether the port answers http with a word about TLS.",
    why: "The API server answers 400, `Client sent an HTTP request to an HTTPS server`, and APISIX logs a failed list.",
    example: """
      service:
        schema: http
        port: "6443"
      """,
    fix: """
      service:
        schema: https
      """)

  public static let notTLS = Rule(
    id: "tls/not-a-tls-port", severity: .error, summary: "https was spoken to a port that does not speak TLS",
    checks: "Whether the port answers a TLS handshake.",
    why: "APISIX logs a failed handshake and has no nodes.",
    example: """
      service:
        schema: https
        port: "8080"
      """,
    fix: "Use the TLS port, 6443 or 443 mostly; or schema http where plain http is meant, as for kubectl proxy.")

  public static let clientCertificate = Rule(
    id: "tls/client-certificate-wanted", severity: .error, summary: "The server wants a client certificate",
    checks: "Whether the server ends connections that show no client certificate, or not the right one.",
    why: "APISIX cannot show one for discovery: it logs in with a token only.",
    example: "10.0.0.1:6443 wants a client certificate",
    fix: "Use an address of the API server that takes tokens, without the gateway in front of it.")

  public static let protocolFailed = Rule(
    id: "tls/protocol", severity: .error, summary: "The TLS handshake failed",
    checks: "Whether both sides agree on a version from TLS 1.2 on, and on ciphers.",
    why: "No connection, no nodes.",
    example: "10.0.0.1:6443 speaks no TLS version newer than 1.1",
    fix: "Look at it: openssl s_client -connect HOST:PORT")

  public static let badAuthorities = Rule(
    id: "tls/bad-ca", severity: .error, summary: "The CA that was given is no certificate",
    checks: "That the CA's file or data is PEM with at least one certificate.",
    why: "Without it the server cannot be verified. Nothing was sent.",
    example: "--certificate-authority token",
    fix: "A CA file begins with -----BEGIN CERTIFICATE-----. In a Secret it is data[\"ca.crt\"], in base64.")

  public static let badClientCertificate = Rule(
    id: "tls/bad-client-certificate", severity: .error,
    summary: "The kubeconfig's client certificate or key cannot be used",
    checks: "That both are PEM and belong together.",
    why: "kubectl refuses it too. Nothing was sent.",
    example: "client-certificate-data and client-key-data of two different users", fix: "Make the kubeconfig anew.")
}
