import CurlShim
import Glibc

/// What a server shows in its TLS handshake, taken without trusting it and without sending it anything: no request,
/// no credential, no client certificate.
public struct TLSEvidence: Sendable, Equatable {
  /// The server's own certificate first; empty when libcurl's TLS library tells none.
  public let chain: [Certificate]
  /// True when the server ended the connection because no client certificate was shown.
  public let wantsClientCertificate: Bool

  public struct Certificate: Sendable, Equatable {
    /// As OpenSSL writes names: `CN = kube-apiserver`.
    public let subject: String
    public let issuer: String
    /// The names and addresses it is for: `DNS:kubernetes`, `IP Address:10.0.0.1`.
    public let names: [String]
    /// As the TLS library writes it, `Nov 23 01:58:21 2026 GMT`; empty when it does not.
    public let notBefore: String
    public let notAfter: String
    /// The certificate itself, as PEM.
    public let pem: String
  }
}

extension HTTPClient {
  /// Makes a TLS handshake with the server of an https URL and closes the connection.
  /// - Parameters:
  ///   - serverName: the name to ask for, where it is not the URL's host.
  ///   - proxy: the way there.
  ///   - timeout: for the whole of it.
  /// - Throws: what kept the handshake from succeeding (`notATLSPort`, `refused`, …).
  public func tlsEvidence(
    _ url: String, serverName: String? = nil, proxy: ProxySetting = .environment, timeout: Duration = .seconds(5)
  ) throws(HTTPError) -> TLSEvidence {
    let request = Request(
      url, tls: TLSSettings(verify: false, serverName: serverName), proxy: proxy, timeout: timeout,
      connectTimeout: timeout)
    let results = run([request]) { request throws(HTTPError) in
      try Transfer(handshakeOnly: request)
    } take: {
      $0.evidence($1)
    }
    return try results[0].get()
  }
}

extension HTTPClient {
  /// Makes a TLS handshake with each target directly, past every proxy, and closes the connection; nothing is sent in
  /// it.
  /// - Parameters:
  ///   - tls: `serverName` is asked for and verified for all of them; without one their hosts are.
  ///   - timeout: for all targets together: where more are given than `concurrency`, they go in equal shares.
  /// - Returns: in the order of the targets what kept the handshake from succeeding, nil where nothing did.
  public func handshakes(
    _ targets: [TCPTarget], tls: TLSSettings, timeout: Duration, concurrency: Int = 128
  ) -> [HTTPError?] {
    let share = timeout / max(1, (targets.count + concurrency - 1) / concurrency)
    let requests = targets.map { target in
      Request(
        "https://\(bracketed(target.host)):\(target.port)/", tls: tls, proxy: .direct, timeout: share,
        connectTimeout: share)
    }
    let results = run(requests, concurrency: concurrency) { request throws(HTTPError) in
      try Transfer(handshakeOnly: request)
    } take: { transfer, code -> Result<Void, HTTPError> in
      code == CURLE_OK ? .success(()) : .failure(transfer.failure(code ?? CURLE_OK))
    }
    return results.map { result in
      if case .failure(let error) = result { error } else { nil }
    }
  }
}

extension Transfer {
  /// Connects and shakes hands, then stops before any request is written.
  convenience init(handshakeOnly request: Request) throws(HTTPError) {
    try self.init(request)
    for option in [CURLOPT_CONNECT_ONLY, CURLOPT_CERTINFO, CURLOPT_FRESH_CONNECT] {
      guard gc_set_long(easy.raw, option, 1) == CURLE_OK else { throw error(.tlsFailed) }
    }
  }

  fileprivate func evidence(_ code: CURLcode?) -> Result<TLSEvidence, HTTPError> {
    guard let code, code == CURLE_OK else {
      return .failure(failure(code ?? CURLE_OK))
    }
    let chain = (0..<gc_certificate_count(easy.raw)).map { certificate(Int32($0)) }
    return .success(TLSEvidence(chain: chain, wantsClientCertificate: refusesAnonymous()))
  }

  private func certificate(_ index: Int32) -> TLSEvidence.Certificate {
    var fields: [String: String] = [:]
    var line = gc_certificate(easy.raw, index)
    while let entry = line {
      if let data = entry.pointee.data {
        let text = String(cString: data)
        if let colon = text.firstIndex(of: ":") {
          fields[String(text[..<colon])] = String(text[text.index(after: colon)...])
        }
      }
      line = UnsafePointer(entry.pointee.next)
    }
    let names = (fields["X509v3 Subject Alternative Name"] ?? "").split(separator: ",").map {
      String($0.trimmingBlanks())
    }
    return TLSEvidence.Certificate(
      subject: fields["Subject"] ?? "", issuer: fields["Issuer"] ?? "", names: names,
      notBefore: fields["Start date"] ?? "", notAfter: fields["Expire date"] ?? "", pem: fields["Cert"] ?? "")
  }

  /// With TLS 1.3 a server refuses a missing certificate only after the handshake: wait a moment for its alert.
  private func refusesAnonymous() -> Bool {
    var byte: UInt8 = 0
    var count = 0
    for _ in 0..<Self.alertTurns {
      let code = gc_receive(easy.raw, &byte, 1, &count)
      if code != CURLE_AGAIN {
        return code == CURLE_RECV_ERROR && detail(code).lowercased().contains("alert")
      }
      _ = poll(nil, 0, Self.alertTurn)
    }
    return false
  }

  /// A fifth of a second at most, in milliseconds a turn.
  private static let alertTurns = 20
  private static let alertTurn: Int32 = 10
}
