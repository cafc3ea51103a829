import CurlShim

extension UnsafeMutableRawPointer {
  /// Gives an easy handle the TLS settings of a request.
  func apply(_ tls: TLSSettings, address: String) throws(HTTPError) {
    func check(_ code: CURLcode, _ kind: HTTPError.Kind? = nil) throws(HTTPError) {
      if code != CURLE_OK {
        throw HTTPError(
          kind ?? .other(code: Int(code.rawValue)), address: address, detail: String(cString: gc_error_text(code)))
      }
    }
    try check(gc_set_long(self, CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2)))
    try check(gc_set_long(self, CURLOPT_SSL_VERIFYPEER, tls.verify ? 1 : 0))
    try check(gc_set_long(self, CURLOPT_SSL_VERIFYHOST, tls.verify ? 2 : 0))
    switch tls.authorities {
    case .system: break
    case .file(let path):
      guard !path.utf8.contains(0) else { throw HTTPError(.badAuthorities, address: address) }
      try check(gc_set_text(self, CURLOPT_CAINFO, path))
      // Given authorities stand in place of the system's, as in kubectl, not beside them.
      try check(gc_set_text(self, CURLOPT_CAPATH, nil))
    case .pem(let bytes):
      guard !bytes.isEmpty else { throw HTTPError(.badAuthorities, address: address, detail: "no certificate given") }
      try check(bytes.withUnsafeBytes { gc_set_blob(self, CURLOPT_CAINFO_BLOB, $0.baseAddress, $0.count) })
      try check(gc_set_text(self, CURLOPT_CAPATH, nil))
    }
    guard let client = tls.clientCertificate else { return }
    guard !client.certificate.isEmpty, !client.key.isEmpty else {
      throw HTTPError(.badClientCertificate, address: address, detail: "no certificate or no key given")
    }
    try check(client.certificate.withUnsafeBytes { gc_set_blob(self, CURLOPT_SSLCERT_BLOB, $0.baseAddress, $0.count) })
    try check(
      client.key.revealBytes().withUnsafeBytes { gc_set_blob(self, CURLOPT_SSLKEY_BLOB, $0.baseAddress, $0.count) })
    try check(gc_set_text(self, CURLOPT_SSLCERTTYPE, "PEM"))
    try check(gc_set_text(self, CURLOPT_SSLKEYTYPE, "PEM"))
    // Without a passphrase OpenSSL would ask for one on the terminal.
    try check(gc_set_text(self, CURLOPT_KEYPASSWD, ""))
  }
}
