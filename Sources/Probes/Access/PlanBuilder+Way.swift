import Findings
import HTTP
import Inputs
import Kubernetes
import Registries

/// By which CA a server is judged, and by which way it is reached where a kubeconfig says so.
extension PlanBuilder {
  /// The server as it is asked, yet without a credential; nil when the file of `--certificate-authority` cannot be
  /// read, which is a finding. Other files that cannot be read are passed over.
  mutating func way(
    to server: ServerURL, tokenFile: String?, trustedCertificate: (paths: [String], origin: String)? = nil
  ) -> (endpoint: Endpoint, trust: Target.Trust)? {
    let lender = kubeconfig.flatMap { $0.server?.isSame(as: server) == true ? $0 : nil }
    var endpoint = options.endpoint(server.text)
    let trust: Target.Trust
    do throws(FileError) {
      (trust, endpoint.tls.authorities) = try authorities(lender, tokenFile, trustedCertificate)
    } catch {
      plan.findings += error.finding
      return nil
    }
    endpoint.tls.verify = trust != .nothing
    endpoint.tls.serverName = lender?.access.tlsServerName
    endpoint.proxy = lender?.access.proxyURL.map { .url(Secret($0)) } ?? .environment
    endpoint.headers = Impersonation(user: options.impersonate).requestHeaders
    return (endpoint, trust)
  }

  private func authorities(
    _ lender: KubeconfigChoice?, _ tokenFile: String?, _ trustedCertificate: (paths: [String], origin: String)?
  ) throws(FileError) -> (Target.Trust, TLSSettings.Authorities) {
    if options.insecureSkipTLSVerify { return (.nothing, .system) }
    if let file = options.certificateAuthority {
      return (.given("--certificate-authority \(file)"), .pem(try context.read(file)))
    }
    if let lender, let authority = lender.access.certificateAuthority {
      return (.given(lender.origin), .pem(authority))
    }
    // Only where the kubeconfig also names the server: a configuration's token asks for a word of one's own.
    if let lender, lender.access.insecureSkipTLSVerify, options.config == nil { return (.nothing, .system) }
    if let trustedCertificate, let bytes = pem(trustedCertificate.paths) {
      return (.given("ssl_trusted_certificate of \(trustedCertificate.origin)"), .pem(bytes))
    }
    if let tokenFile {
      let path = try hostFiles.path("ca.crt", beside: tokenFile)
      if let bytes = context.contents(path), !bytes.isEmpty { return (.given(path), .pem(bytes)) }
    }
    return (.system, .system)
  }

  /// The certificates of files; nil when there are none, or the system's are among them.
  private func pem(_ names: [String]) -> [UInt8]? {
    guard !names.contains(where: { $0 == "system" || $0.hasSuffix("/system") }) else { return nil }
    let contents = names.compactMap { context.contents($0) }
    return contents.isEmpty ? nil : Array(contents.joined(separator: [0x0A]))
  }
}

extension Endpoint {
  /// As APISIX asks: it names no server in the handshake and asks for no compression. It verifies no name either; here
  /// a wrong one is let pass only where the CA is one's own, since with the system's CAs it may be anyone's.
  mutating func asAPISIX(_ trust: Target.Trust) {
    asksCompression = false
    tls.name = if case .given = trust { .noted } else { .verified }
  }
}

extension Impersonation {
  var requestHeaders: [Header] { headers.map { Header($0.name, $0.value) } }
}
