extension Request {
  /// The safety rule: what proves who someone is never travels in clear, except inside this machine.
  func refuseClearCredential(to origin: Origin, by proxy: Proxy?) throws(HTTPError) {
    let named = headers.contains { ["authorization", "proxy-authorization", "cookie"].contains($0.name.lowercased()) }
    let hasCredential = credential != nil || holdsSecret || tls.clientCertificate != nil || origin.hasUserInfo || named
    guard origin.scheme == "http", hasCredential, !allowPlainHTTP else { return }
    if origin.isLoopback, proxy == nil { return }
    throw HTTPError(.credentialOverPlainHTTP, address: origin.address, proxy: proxy)
  }
}
