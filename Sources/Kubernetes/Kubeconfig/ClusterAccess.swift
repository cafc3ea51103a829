public import Inputs
public import JSON
import SourceText

/// Which server to ask, how to trust it, and as whom: a context of a kubeconfig with its files read, or the
/// environment of a pod.
public struct ClusterAccess: Sendable {
  /// The context it came from; nil where there was none.
  public var context: String?
  /// `https://10.0.0.1:6443`, perhaps with a path, without a final slash.
  public var server: String
  public var namespace = "default"
  /// PEM; nil: the system's authorities.
  public var certificateAuthority: [UInt8]?
  public var tlsServerName: String?
  public var insecureSkipTLSVerify = false
  /// An http, https or socks5 URL.
  public var proxyURL: String?

  /// Already read from its file, where there is one.
  public var token: Secret?
  /// PEM.
  public var clientCertificate: [UInt8]?
  public var clientKey: Secret?
  public var username: String?
  public var password: Secret?
  /// To be run only where there is no token: a token wins.
  public var exec: ExecPlugin?
  public var execConfig: JSONValue?
  public var impersonation = Impersonation()
}

extension ClusterAccess {
  /// The configuration that a pod finds: KUBERNETES_SERVICE_HOST and _PORT, and the files of its ServiceAccount.
  public static func inCluster(
    environment: (String) -> String?, read: (String) -> [UInt8]?
  ) throws(KubeconfigError) -> ClusterAccess {
    func variable(_ name: String) throws(KubeconfigError) -> String {
      guard let value = environment(name), !value.isEmpty else { throw KubeconfigError(.notInCluster(missing: name)) }
      return value
    }
    let host = try variable("KUBERNETES_SERVICE_HOST")
    let port = try variable("KUBERNETES_SERVICE_PORT")
    let folder = "/var/run/secrets/kubernetes.io/serviceaccount"
    func text(_ name: String) -> String? {
      read("\(folder)/\(name)").map { String(decoding: $0.trimmed, as: UTF8.self) }
    }
    guard let token = text("token") else {
      throw KubeconfigError(.notInCluster(missing: "\(folder)/token"))
    }
    var access = ClusterAccess(server: "https://\(host.contains(":") ? "[\(host)]" : host):\(port)")
    access.token = Secret(token)
    access.certificateAuthority = read("\(folder)/ca.crt")
    if let namespace = text("namespace"), !namespace.isEmpty { access.namespace = namespace }
    return access
  }
}
