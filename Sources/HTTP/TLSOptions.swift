import CurlShim
import Inputs
import SourceText

extension Transfer {
  /// An address that no connection goes to: libcurl sends no server name where the URL's host is an address.
  static let nameless = "192.0.2.1"

  /// Whether the handshake is to name the server, as libcurl does by itself. Where it is not, and the name is still to
  /// be verified, the TLS library is told the name.
  func chooseName() {
    let tls = request.tls
    guard origin.scheme == "https", tls.name != .asked else { return }
    asksName = tls.verify && tls.name != .ignored && !gc_verify_name(easy.raw, expectedName)
  }

  /// Gives the handle the TLS settings of the request.
  func configureTLS() throws(HTTPError) {
    let tls = request.tls
    func blob(_ option: CURLoption, _ bytes: [UInt8]) throws(HTTPError) {
      try check(bytes.withUnsafeBytes { gc_set_blob(easy.raw, option, $0.baseAddress, $0.count) })
    }
    // A handshake that goes on from an earlier one verifies no certificate.
    try set(CURLOPT_SSL_SESSIONID_CACHE, 0)
    try set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
    try set(CURLOPT_SSL_VERIFYPEER, tls.verify ? 1 : 0)
    try set(CURLOPT_SSL_VERIFYHOST, tls.verify && asksName ? 2 : 0)
    switch tls.authorities {
    case .system: break
    case .file(let path):
      guard !path.utf8.contains(0) else { throw HTTPError(.badAuthorities, address: origin.address) }
      try set(CURLOPT_CAINFO, path)
      // Given authorities stand in place of the system's, as in kubectl, not beside them.
      try set(CURLOPT_CAPATH, nil)
    case .pem(let bytes):
      guard !bytes.isEmpty else {
        throw HTTPError(.badAuthorities, address: origin.address, detail: "no certificate given")
      }
      try blob(CURLOPT_CAINFO_BLOB, bytes)
      try set(CURLOPT_CAPATH, nil)
    }
    guard let client = tls.clientCertificate else { return }
    guard !client.certificate.isEmpty, !client.key.isEmpty else {
      throw HTTPError(.badClientCertificate, address: origin.address, detail: "no certificate or no key given")
    }
    try blob(CURLOPT_SSLCERT_BLOB, client.certificate)
    try blob(CURLOPT_SSLKEY_BLOB, client.key.bytes)
    try set(CURLOPT_SSLCERTTYPE, "PEM")
    try set(CURLOPT_SSLKEYTYPE, "PEM")
    // Without a passphrase OpenSSL would ask for one on the terminal.
    try set(CURLOPT_KEYPASSWD, "")
  }

  /// Listens for the server's request for a client certificate.
  func traceHandshake() throws(HTTPError) {
    try check(
      gc_set_trace(easy.raw) { _, kind, data, size, context in
        guard kind == CURLINFO_TEXT, let transfer = Transfer.of(context) else { return 0 }
        let text = String(decoding: UnsafeRawBufferPointer(start: data, count: size), as: UTF8.self)
        // The only word there is about it: an OpenSSL message name, `TLSv1.3 (IN), TLS handshake, Request CERT (13)`.
        if text.has("Request CERT") { transfer.askedForCertificate = true }
        return 0
      })
  }
}
