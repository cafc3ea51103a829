import APISIX
public import Findings
public import HTTP
import Registries

extension HTTPError {
  /// The finding for a request to `target` that got no answer; nil when the user ended it.
  /// - Parameter certificate: what the server shows in a handshake; asked for only where that is the matter.
  public func finding(for target: Target, certificate: () -> ServerCertificate? = { nil }) -> Finding? {
    let told: (rule: Rule, message: String, help: String?)
    switch kind {
    case .cancelled: return nil
    case .proxyNameNotResolved, .proxyAuthenticationWanted, .proxyRefused: told = throughProxy
    case .nameNotResolved where target.endpoint.nameServers != nil, .nameServersSilent:
      return unresolved(target)
    case .refused, .unreachable, .connectFailed, .timedOut, .nameNotResolved, .connectionLost, .truncatedBody:
      told = proxy == nil ? unconnected : throughProxy
    case .untrustedCertificate, .wrongHost, .expiredCertificate, .notYetValidCertificate:
      told = distrusted(target, certificate())
    case .notATLSPort:
      told = (TLSRules.notTLS, "\(self)", "is the port right? Plain http needs schema: http in config.yaml")
    case .plainHTTPToTLSPort:
      told = (TLSRules.plainHTTP, "\(self)", "write schema: https, or --server https://\(address)")
    case .tlsVersionTooOld, .tlsFailed:
      told = (TLSRules.protocolFailed, "\(self)", "look at it: openssl s_client -connect \(address)")
    case .clientCertificateWanted, .clientCertificateRefused:
      told = (TLSRules.clientCertificate, "\(self)", "APISIX cannot show one; use an address that takes tokens alone")
    case .badAuthorities:
      told = (TLSRules.badAuthorities, caMessage(target), "give one in PEM: --certificate-authority FILE")
    case .badClientCertificate: told = (TLSRules.badClientCertificate, "\(self)", nil)
    case .credentialOverPlainHTTP:
      told = (
        ConnectRules.plainHTTPCredential, "\(self)", "use https; if the network is your own, add --allow-plain-http"
      )
    case .libcurlMissing: told = (ConnectRules.libcurlMissing, "\(self)", nil)
    case .badAnswer, .headTooLarge, .bodyTooLarge:
      told = (ServerRules.notKubernetes, "\(self)", "kubectl cluster-info names the API server's address")
    case .unsupportedURL, .invalidRequest, .other: told = (ConnectRules.failed, "\(self)", "try again with -v")
    }
    let isAboutPort = kind == .refused || kind == .notATLSPort
    return Finding(
      told.rule, severity: kind == .wrongHost && target.endpoint.tls.name == .noted ? .warning : nil,
      target.prefix + told.message, at: isAboutPort ? target.portPlace ?? target.place : target.place, help: told.help)
  }

  /// Not found where APISIX looks: `apisix.dns_resolver`.
  private func unresolved(_ target: Target) -> Finding {
    let servers = target.endpoint.nameServers?.addresses.joined(separator: ", ") ?? ""
    return Finding(
      ConnectRules.nameNotResolved, "\(target.prefix)\(self): apisix.dns_resolver is \(servers)",
      at: target.nameServersPlace,
      help: "APISIX asks these servers and no others: run gatecheck where APISIX runs, or correct the list; without it "
        + "/etc/resolv.conf counts")
  }

  private var unconnected: (Rule, String, String?) {
    switch kind {
    case .refused:
      return (ConnectRules.refused, "\(self)", "is the port right? kubectl cluster-info names it" + (localHint ?? ""))
    case .timedOut(let step, _, let wholeCommand):
      let help =
        wholeCommand
        ? "--timeout gives the whole command longer"
        : step == .connect
          ? "usually a firewall or NetworkPolicy drops the packets; try from where APISIX runs"
          : "the server took the connection; --request-timeout gives it longer"
      return (ConnectRules.timeout, "\(self)", help)
    case .nameNotResolved:
      return (ConnectRules.nameNotResolved, "\(self)", "names of the cluster resolve inside it only")
    case .connectionLost(.tlsHandshake):
      return (
        ConnectRules.reset, "\(self)", "is this a TLS port, and the right one? Else something cuts the connection"
      )
    case .connectionLost, .truncatedBody:
      return (ConnectRules.reset, "\(self)", "something between here and the server cuts the connection; try again")
    default: return (ConnectRules.unreachable, "\(self)", "check the address, the VPN and the routes")
    }
  }

  private var localHint: String? {
    guard address.hasPrefix("127.") || address.hasPrefix("localhost:") || address.hasPrefix("[::1]") else { return nil }
    let host = address.hasPrefix("[") ? "::1" : address.prefix { $0 != ":" }
    return "\nif APISIX runs in a container, \(host) is that container: use the API server's address"
  }

  private var throughProxy: (Rule, String, String?) {
    let name = proxy.map { "the proxy \($0.address)\($0.variable.map { " of \($0)" } ?? "")" } ?? "a proxy"
    return (
      ConnectRules.proxy, "\(self); the way led through \(name)",
      "if the server is reached without a proxy, add its host to NO_PROXY; APISIX itself uses none"
    )
  }

  private func caMessage(_ target: Target) -> String {
    if case .given(let origin) = target.trust { return "the CA of \(origin) holds no certificate" }
    return "\(self)"
  }

  private func distrusted(_ target: Target, _ shown: ServerCertificate?) -> (Rule, String, String?) {
    switch kind {
    case .wrongHost:
      let names = shown?.names.prefix(12).joined(separator: ", ") ?? ""
      return (
        TLSRules.wrongHost, "\(self)" + (names.isEmpty ? "" : "; it is for \(names)"),
        "use one of those, if the server is the right one" + nameHelp(target)
      )
    case .expiredCertificate, .notYetValidCertificate:
      let time = kind == .expiredCertificate ? shown?.notAfter : shown?.notBefore
      let word = kind == .expiredCertificate ? "it ended" : "it begins"
      return (
        TLSRules.expired, "\(self)" + (time.map { $0.isEmpty ? "" : ", \(word) \($0)" } ?? ""),
        "renew it: kubeadm certs renew apiserver; or set this machine's clock"
      )
    default:
      var message = "\(self)"
      if case .given(let origin) = target.trust { message += "; checked against the CA of \(origin)" }
      if let issuer = shown?.issuer, !issuer.isEmpty { message += "; its issuer is \(issuer)" }
      return (TLSRules.untrusted, message, Self.fetchCA(target))
    }
  }

  private func nameHelp(_ target: Target) -> String {
    switch target.endpoint.tls.name {
    case .noted: "\nAPISIX never looks at the name, and connects; kubectl and other clients refuse it"
    case .asked: ""
    default:
      "\nAPISIX never looks at the name; gatecheck does, as everybody can have a certificate of the system's CAs"
    }
  }

  private static func fetchCA(_ target: Target) -> String {
    """
    fetch the cluster's CA with a kubeconfig that works, then add --certificate-authority ca.crt:
    kubectl config view --raw --minify --flatten \
    -o jsonpath='{.clusters[0].cluster.certificate-authority-data}' | base64 -d > ca.crt
    """ + "\n"
      + (target.apisixVerifies
        ? "ssl_verify is true: APISIX refuses this certificate too"
        : "APISIX itself verifies only where ssl_verify is true, from 3.17 on")
  }
}

extension Target {
  /// `cluster ID: ` where there are several.
  package var prefix: String { id.flatMap { $0.isEmpty ? nil : "cluster \($0): " } ?? "" }
}
