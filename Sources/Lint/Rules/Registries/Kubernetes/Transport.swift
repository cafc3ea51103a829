import APISIX
import Findings

extension Rule {
  static let sslVerifyNeedsCA = Rule(
    id: "kubernetes/ssl-verify-needs-ca", severity: .note,
    summary: "ssl_verify needs the cluster's CA among the trusted certificates",
    checks: "Whether `service.ssl_verify: true` stands without `apisix.ssl.ssl_trusted_certificate` in the same file.",
    why: """
      There is no key for a CA in the registry. APISIX verifies against its one trust store, by default that of the \
      system, which does not know the CA of a cluster: every list then fails in the TLS handshake.
      """,
    example: """
      service:
        ssl_verify: true
      """,
    fix: """
      apisix:
        ssl:
          ssl_trusted_certificate: system,/var/run/secrets/kubernetes.io/serviceaccount/ca.crt
      """,
    since: "3.17.0")

  static let plainHTTP = Rule(
    id: "kubernetes/plain-http", severity: .note,
    summary: "The API server is asked over plain http",
    checks: "Whether `service.schema` is `http`; a warning where the port is 443 or 6443.",
    why: """
      The token travels in clear text. The usual ports of API servers speak TLS only and answer 400: \
      `Client sent an HTTP request to an HTTPS server`.
      """,
    example: """
      service:
        schema: http
        port: "6443"
      """,
    fix: """
      service:
        schema: https
        port: "6443"
      """,
    since: "2.13.0")

  static let tokenFileReadOnce = Rule(
    id: "kubernetes/token-file-read-once", severity: .warning,
    summary: "This release reads the token file once, and Kubernetes renews it",
    checks: """
      Before 3.13: whether the token comes from a file below /var/run/secrets, which is also the default.
      """,
    why: """
      Kubernetes replaces the token of a pod about every hour, and the old one ends within a year, on many clusters \
      within hours. Before 3.13 APISIX reads the file once when it starts; later the API server answers 401.
      """,
    example: """
      client:
        token_file: /var/run/secrets/kubernetes.io/serviceaccount/token
      """,
    fix: "Use 3.13 or newer, or a token that does not expire: gatecheck rbac generate",
    since: "2.13.0")
}

enum Transport {
  private static let renewed = ["/var/run/secrets/", "/run/secrets/kubernetes.io/"]

  static func check(_ cluster: KubernetesCluster, _ context: ConfigContext) -> [Finding] {
    let file = cluster.file
    var findings: [Finding] = []
    if let verify = cluster["service", "ssl_verify"], verify.boolean == true, cluster.release.has(.sslVerify),
      context.verdict.root?["apisix"]?["ssl"]?["ssl_trusted_certificate"] == nil
    {
      findings.append(
        file.finding(
          .sslVerifyNeedsCA, "ssl_verify asks for the cluster's CA in APISIX's own trust store", at: verify.node,
          path: verify.path, help: "name its file in apisix.ssl.ssl_trusted_certificate"))
    }
    // To this machine itself it is kubectl's proxy, which adds the credential.
    let host = cluster["service", "host"]?.string ?? ""
    if let schema = cluster["service", "schema"], schema.string == "http", host != "localhost", !host.hasPrefix("127.")
    {
      let port = cluster["service", "port"]?.string ?? ""
      let isTLS = port == "443" || port == "6443"
      findings.append(
        file.finding(
          .plainHTTP, severity: isTLS ? .warning : .note,
          isTLS
            ? "API servers speak https on port \(port); to plain http they answer 400"
            : "the token goes to the API server in clear text",
          at: schema.node, path: schema.path, help: "write schema: https"))
    }
    return findings + readOnce(cluster)
  }

  private static func readOnce(_ cluster: KubernetesCluster) -> [Finding] {
    guard !cluster.release.has(.rereadsTokenFile), cluster["client", "token"] == nil else { return [] }
    let setting = cluster["client", "token_file"]
    guard setting == nil ? !cluster.isItem : renewed.contains(where: { setting?.string?.hasPrefix($0) ?? false }) else {
      return []
    }
    return [
      cluster.file.finding(
        .tokenFileReadOnce,
        "APISIX \(cluster.release) reads the pod's token once; Kubernetes renews it, and 401 follows",
        at: setting?.node ?? cluster.setting.keyNode ?? cluster.setting.node, path: setting?.path ?? cluster.path,
        help: "use 3.13 or newer, or a token that does not expire")
    ]
  }
}
