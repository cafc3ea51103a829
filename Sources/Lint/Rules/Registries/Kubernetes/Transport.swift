import APISIX
import Findings

enum Transport {
  static let sslVerifyNeedsCA: Rule = """
    kubernetes/ssl-verify-needs-ca (note, since 3.17.0): ssl_verify needs the cluster's CA among the trusted \
    certificates
    Checks: Whether `service.ssl_verify: true` stands without `apisix.ssl.ssl_trusted_certificate` in the same file.
    Why: There is no key for a CA in the registry. APISIX verifies against its one trust store, by default that of the \
    system, which does not know the CA of a cluster: every list then fails in the TLS handshake.
    Example:
    service:
      ssl_verify: true
    Fix: apisix:
      ssl:
        ssl_trusted_certificate: system,/var/run/secrets/kubernetes.io/serviceaccount/ca.crt
    """

  static let plainHTTP: Rule = """
    kubernetes/plain-http (note, since 2.13.0): The API server is asked over plain http
    Checks: Whether `service.schema` is `http`; a warning where the port is 443 or 6443.
    Why: The token travels in clear text. The usual ports of API servers speak TLS only and answer 400: `Client sent \
    an HTTP request to an HTTPS server`.
    Example:
    service:
      schema: http
      port: "6443"
    Fix: service:
      schema: https
      port: "6443"
    """

  static let rules = [sslVerifyNeedsCA, plainHTTP]

  static func check(_ cluster: KubernetesCluster) -> [Finding] {
    var findings: [Finding] = []
    if let verify = cluster["service", "ssl_verify"], verify.boolean == true, cluster.release.has(.sslVerify),
      cluster.context.verdict.root?["apisix"]?["ssl"]?["ssl_trusted_certificate"] == nil
    {
      findings += verify.finding(
        sslVerifyNeedsCA, "ssl_verify asks for the cluster's CA in APISIX's own trust store",
        help: "name its file in apisix.ssl.ssl_trusted_certificate")
    }
    // To this machine itself it is kubectl's proxy, which adds the credential.
    let host = cluster["service", "host"]?.string ?? ""
    if let schema = cluster["service", "schema"], schema.string == "http", host != "localhost", !host.hasPrefix("127.")
    {
      let port = cluster["service", "port"]?.string ?? ""
      let isTLS = port == "443" || port == "6443"
      findings += schema.finding(
        plainHTTP, severity: isTLS ? .warning : .note,
        isTLS
          ? "API servers speak https on port \(port); to plain http they answer 400"
          : "the token goes to the API server in clear text", help: "write schema: https")
    }
    return findings
  }
}
