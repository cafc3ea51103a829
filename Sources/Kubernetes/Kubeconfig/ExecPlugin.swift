public import Inputs
public import JSON
import SourceText

/// A program that a kubeconfig names to get credentials from. It is run elsewhere; here is what it is to be given and
/// what its answer means.
///
/// Source: Kubernetes' documentation, "client-go credential plugins".
public struct ExecPlugin: Sendable {
  public struct Variable: Sendable, Hashable {
    public let name: String
    public let value: String
  }

  /// Looked up in PATH when it has no slash.
  public let command: String
  public let arguments: [String]
  /// Added to the environment of gatecheck itself.
  public let environment: [Variable]
  /// `client.authentication.k8s.io/v1` or `…/v1beta1`.
  public let apiVersion: String
  /// `Never`, `IfAvailable` or `Always`: whether it may read standard input. Nil where the kubeconfig has none.
  public let interactiveMode: String?
  /// What to tell the user when there is no such command.
  public let installHint: String?
  public let providesClusterInfo: Bool

  static let versions = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"]

  /// What is wrong with it, as kubectl judges; nil when it can be run.
  func problem(withAuthProvider: Bool) -> KubeconfigError.ExecProblem? {
    if withAuthProvider { return .withAuthProvider }
    if command.isEmpty { return .noCommand }
    if apiVersion.isEmpty { return .noAPIVersion }
    if !Self.versions.contains(apiVersion) { return .unknownAPIVersion(apiVersion) }
    if environment.contains(where: { $0.name.isEmpty }) { return .unnamedVariable }
    switch interactiveMode {
    case "Never", "IfAvailable", "Always": return nil
    case nil: return apiVersion.hasSuffix("/v1") ? .noInteractiveMode : nil
    case let mode?: return .unknownInteractiveMode(mode)
    }
  }

  /// The content of the variable KUBERNETES_EXEC_INFO.
  /// - Parameters:
  ///   - interactive: whether the plugin may use standard input.
  ///   - access: the server in question; told to the plugin only when it asks for it with `provideClusterInfo`.
  public func input(interactive: Bool, access: ClusterAccess) -> JSONValue {
    let cluster: JSONObject = [
      "server": .string(access.server), "tls-server-name": access.tlsServerName.map { .string($0) },
      "insecure-skip-tls-verify": access.insecureSkipTLSVerify ? true : nil,
      "certificate-authority-data": access.certificateAuthority.map { .string(Base64.encode($0)) },
      "proxy-url": access.proxyURL.map { .string($0) }, "config": access.execConfig,
    ]
    let spec: JSONObject = ["cluster": providesClusterInfo ? .object(cluster) : nil, "interactive": .bool(interactive)]
    return ["apiVersion": .string(apiVersion), "kind": "ExecCredential", "spec": .object(spec)]
  }
}

/// A plugin's answer.
public struct ExecCredential: Sendable {
  public let token: Secret?
  /// PEM.
  public let clientCertificate: [UInt8]?
  public let clientKey: Secret?
  /// Seconds since 1970; nil: good for as long as gatecheck runs.
  public let expiresAt: Int?

  public enum Problem: Error, Sendable, Hashable {
    case notJSON
    case wrongKind(String)
    case wrongVersion(String, expected: String)
    case noStatus
    case noCredential
    case certificateWithoutKey
    case badTime(String)

    /// Follows "the exec plugin ".
    public var message: String {
      switch self {
      case .notJSON: "printed no JSON document"
      case .wrongKind(let kind): "printed a \(kind.isEmpty ? "document without kind" : kind), not an ExecCredential"
      case .wrongVersion(let version, let expected):
        "answered with apiVersion \(version.isEmpty ? "(none)" : version); the kubeconfig asks for \(expected)"
      case .noStatus: "printed an ExecCredential without status"
      case .noCredential: "gave neither a token nor a client certificate"
      case .certificateWithoutKey: "gave only one of client certificate and key"
      case .badTime(let text): "gave an expirationTimestamp that is not a time: \(text)"
      }
    }
  }

  /// Reads what the plugin wrote to standard output.
  public init(_ output: [UInt8], expecting apiVersion: String) throws(Problem) {
    guard let parsed = try? JSONValue.parse(output), parsed.object != nil else { throw .notJSON }
    let kind = parsed["kind"]?.string ?? ""
    guard kind == "ExecCredential" else { throw .wrongKind(kind) }
    let version = parsed["apiVersion"]?.string ?? ""
    guard version == apiVersion else { throw .wrongVersion(version, expected: apiVersion) }
    guard let status = parsed["status"], status.object != nil else { throw .noStatus }
    func text(_ key: String) -> String? { status[key]?.string.flatMap { $0.isEmpty ? nil : $0 } }
    token = text("token").map(Secret.init)
    clientCertificate = text("clientCertificateData").map { Array($0.utf8) }
    clientKey = text("clientKeyData").map(Secret.init)
    guard (clientCertificate == nil) == (clientKey == nil) else { throw .certificateWithoutKey }
    guard token != nil || clientCertificate != nil else { throw .noCredential }
    if let time = text("expirationTimestamp") {
      guard let seconds = Timestamp.parse(time) else { throw .badTime(time) }
      expiresAt = seconds
    } else {
      expiresAt = nil
    }
  }
}
