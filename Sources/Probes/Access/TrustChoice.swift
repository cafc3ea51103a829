import HTTP
import Inputs
import Kubernetes

/// By which CA a server is judged, and by which way it is reached where a kubeconfig says so.
struct TrustChoice {
  let kind: Target.Trust
  let settings: TLSSettings
  let proxy: ProxySetting

  /// - Throws: when the file of `--certificate-authority` cannot be read; other files that cannot are passed over.
  static func find(
    for server: ServerURL, _ options: AccessOptions, _ kubeconfig: KubeconfigChoice?, tokenFile: String?,
    trustedCertificate: (path: String, origin: String)?, _ context: Context
  ) throws(FileError) -> TrustChoice {
    let lender = kubeconfig.flatMap { $0.server?.isSame(as: server) == true ? $0 : nil }
    let proxy = lender?.access.proxyURL.map { ProxySetting.url(Secret($0)) } ?? .environment
    func choice(_ kind: Target.Trust, _ authorities: TLSSettings.Authorities) -> TrustChoice {
      TrustChoice(
        kind: kind,
        settings: TLSSettings(
          authorities: authorities, verify: kind != .nothing, serverName: lender?.access.tlsServerName), proxy: proxy)
    }
    if options.insecureSkipTLSVerify { return choice(.nothing, .system) }
    if let file = options.certificateAuthority {
      return choice(.given("--certificate-authority \(file)"), .pem(try context.read(file)))
    }
    if let lender, let authority = lender.access.certificateAuthority {
      return choice(.given(lender.origin), .pem(authority))
    }
    // Only where the kubeconfig also names the server: a configuration's token asks for a word of one's own.
    if let lender, lender.access.insecureSkipTLSVerify, options.config == nil { return choice(.nothing, .system) }
    if let trustedCertificate, let bytes = pem(trustedCertificate.path, context) {
      return choice(.given("ssl_trusted_certificate of \(trustedCertificate.origin)"), .pem(bytes))
    }
    if let tokenFile {
      let folder = tokenFile.lastIndex(of: "/").map { tokenFile[...$0] } ?? ""
      if let bytes = context.contents(folder + "ca.crt"), !bytes.isEmpty {
        return choice(.given("\(folder)ca.crt"), .pem(bytes))
      }
    }
    return choice(.system, .system)
  }

  /// The certificates of a list of files, `a,b`; nil when there are none, or the system's are among them.
  private static func pem(_ list: String, _ context: Context) -> [UInt8]? {
    let names = list.split(separator: ",").map { String($0.drop { $0 == " " }) }
    guard !names.contains(where: { $0 == "system" || $0.hasSuffix("/system") }) else { return nil }
    let contents = names.compactMap { context.contents($0) }
    return contents.isEmpty ? nil : Array(contents.joined(separator: [0x0A]))
  }
}
