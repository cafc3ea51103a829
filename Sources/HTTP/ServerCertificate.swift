import CurlShim
import SourceText

/// The certificate that a server shows in its TLS handshake, as its TLS library tells it; empty where that tells
/// nothing.
public struct ServerCertificate: Sendable, Equatable {
  /// As OpenSSL writes names: `CN = kubernetes`.
  public let issuer: String
  /// The names and addresses it is for: `DNS:kubernetes`, `IP Address:10.0.0.1`.
  public let names: [String]
  /// `Nov 23 01:58:21 2026 GMT`
  public let notBefore: String
  public let notAfter: String
}

extension HTTPClient {
  /// Makes a TLS handshake with the server of an https URL, sends it nothing, and closes the connection.
  /// - Parameters:
  ///   - tls: how; by default without trusting it.
  ///   - proxy: the way there.
  ///   - timeout: for the whole of it.
  /// - Throws: what kept the handshake from succeeding (`notATLSPort`, `refused`, …).
  public func certificate(
    of url: String, tls: TLSSettings = TLSSettings(verify: false), proxy: ProxySetting = .environment,
    nameServers: NameServers? = nil, timeout: Duration = .seconds(5)
  ) throws(HTTPError) -> ServerCertificate {
    var request = Request(url, tls: tls, proxy: proxy, timeout: timeout, connectTimeout: timeout)
    request.nameServers = nameServers
    return try run([request], connectsOnly: true) { $1.connected($2) { $0.certificate } }[0].get()
  }
}

extension Transfer {
  fileprivate var certificate: ServerCertificate {
    var fields: [String: String] = [:]
    var line = gc_certificate(easy.raw, 0)
    while let entry = line {
      if let data = entry.pointee.data {
        let parts = String(cString: data).split(separator: ":", maxSplits: 1).map(String.init)
        if parts.count == 2 { fields[parts[0]] = parts[1] }
      }
      line = UnsafePointer(entry.pointee.next)
    }
    return ServerCertificate(
      issuer: fields["Issuer"] ?? "",
      names: (fields["X509v3 Subject Alternative Name"] ?? "").split(separator: ",").map {
        String($0.trimmed(isBlank))
      },
      notBefore: fields["Start date"] ?? "", notAfter: fields["Expire date"] ?? "")
  }
}
