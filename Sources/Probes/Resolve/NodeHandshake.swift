import APISIX
import Findings
import HTTP

extension NodeProbe.Handshake {
  /// `ok`, or what is wrong: `untrusted-certificate`, `wrong-host`, `expired`, `not-yet-valid`, `no-tls`, `old-tls`,
  /// `client-certificate-wanted`, `timed-out`, `cancelled`, `failed`.
  var word: String { problem?.word ?? "ok" }

  /// For a table, behind the connect.
  var text: String { problem.map { "; TLS: \($0.text)" } ?? "; TLS: the certificate verifies" }

  var problem: (word: String, text: String, isCertificate: Bool)? {
    guard case .failed(let error) = self else { return nil }
    return switch error.kind {
    case .untrustedCertificate(.selfSigned): ("untrusted-certificate", "the certificate is signed by itself", true)
    case .untrustedCertificate(.untrustedRoot):
      ("untrusted-certificate", "the certificate's root is not trusted here", true)
    case .untrustedCertificate(.unknownIssuer):
      ("untrusted-certificate", "the certificate's issuer is not known here", true)
    case .untrustedCertificate: ("untrusted-certificate", "the certificate does not verify", true)
    case .wrongHost: ("wrong-host", "the certificate is for another name", true)
    case .expiredCertificate: ("expired", "the certificate has expired", true)
    case .notYetValidCertificate: ("not-yet-valid", "the certificate is not valid yet", true)
    case .notATLSPort: ("no-tls", "the port does not speak TLS", false)
    case .tlsVersionTooOld: ("old-tls", "nothing newer than TLS 1.1", false)
    case .clientCertificateWanted, .clientCertificateRefused:
      ("client-certificate-wanted", "a client certificate is wanted", false)
    case .connectionLost: ("no-tls", "the port hangs up on TLS; plain HTTP, perhaps", false)
    case .timedOut: ("timed-out", "the handshake timed out", false)
    case .cancelled: ("cancelled", "not tried to the end", false)
    default: ("failed", "the handshake failed", false)
    }
  }
}

extension NodeProbe {
  /// What the handshakes say together; nothing when all verify, or none was tried.
  static func tlsFindings(_ name: String, _ probes: [NodeProbe], _ registry: String = RegistryKind.kubernetes.key)
    -> [Finding]
  {
    let problems = probes.compactMap(\.handshake?.problem).filter { $0.word != "cancelled" }
    let tried = probes.count { $0.handshake != nil }
    return [true, false].compactMap { isCertificate in
      let these = problems.filter { $0.isCertificate == isCertificate }
      guard !these.isEmpty else { return nil }
      let told = Dictionary(these.map { ($0.text, 1) }, uniquingKeysWith: +)
        .sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.key) (\($0.value))" }.joined(separator: ", ")
      return Finding(
        isCertificate ? ResolveRules.nodeCertificate : ResolveRules.nodeTLS,
        severity: !isCertificate && these.count == tried ? .error : .warning,
        "\(these.count) of \(tried) nodes of \(name): \(told)", help: help(Set(these.map(\.word)), registry))
    }
  }

  private static func help(_ words: Set<String>, _ registry: String) -> String {
    if words.contains("no-tls") {
      return "the upstream's scheme must be http for this port; or take the port that speaks TLS"
    }
    if words.contains("client-certificate-wanted") {
      return "give the upstream one: tls.client_cert and tls.client_key, or tls.client_cert_id"
    }
    if words.contains("untrusted-certificate") { return "name the CA that signed it: --certificate-authority FILE" }
    if words.contains("wrong-host") {
      return registry == RegistryKind.kubernetes.key
        ? "the name that was asked for is NAME.NAMESPACE.svc; the pods' certificate must list it"
        : "the certificate was compared with the node's host; it must list that"
    }
    return words.isDisjoint(with: ["expired", "not-yet-valid"])
      ? "try it by hand from there: openssl s_client -connect HOST:PORT" : "renew the certificate; look at the clocks"
  }
}
