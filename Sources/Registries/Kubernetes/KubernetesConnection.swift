public import HTTP
public import Kubernetes

/// How to reach one API server, and as whom.
public struct KubernetesConnection: Sendable {
  /// `https://10.0.0.1:6443`, perhaps with a path, without a final slash.
  public var server: String
  public var tls: TLSSettings
  /// Nil: nobody, or whoever the client certificate of `tls` names.
  public var credential: Credential?
  public var impersonation: Impersonation
  public var proxy: ProxySetting
  /// For one request.
  public var requestTimeout: Duration
  /// Lets a credential go over plain http to other machines.
  public var allowPlainHTTP: Bool

  public init(
    server: String, tls: TLSSettings = TLSSettings(), credential: Credential? = nil,
    impersonation: Impersonation = Impersonation(), proxy: ProxySetting = .environment,
    requestTimeout: Duration = .seconds(10), allowPlainHTTP: Bool = false
  ) {
    self.server = server
    self.tls = tls
    self.credential = credential
    self.impersonation = impersonation
    self.proxy = proxy
    self.requestTimeout = requestTimeout
    self.allowPlainHTTP = allowPlainHTTP
  }
}
