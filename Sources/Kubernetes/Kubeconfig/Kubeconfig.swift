public import Inputs
public import JSON
public import SourceText

/// One kubeconfig, or several merged: what its files say, before anything is chosen or read.
///
/// Source of the rules: Kubernetes' documentation, "Organizing Cluster Access Using kubeconfig Files", and the real
/// kubectl's answers.
public struct Kubeconfig: Sendable {
  /// Where an entry stands.
  public struct Place: Sendable, Hashable {
    public let file: String
    public let range: SourceRange
  }

  /// Certificates or a key: in a file that FIELD names, or in base64 under `FIELD-data`.
  public struct Material: Sendable {
    public let field: String
    /// Its path, already resolved against the kubeconfig's folder.
    public let file: String?
    public let data: Secret?
  }

  public struct Cluster: Sendable {
    public let name: String
    public let place: Place
    public var server: String?
    public var tlsServerName: String?
    public var insecureSkipTLSVerify = false
    public var certificateAuthority: Material
    public var proxyURL: String?
    /// The extension that is handed to exec plugins.
    public var execConfig: JSONValue?
  }

  public struct User: Sendable {
    public let name: String
    public let place: Place
    public var clientCertificate, clientKey: Material
    public var token: Secret?
    public var tokenFile: String?
    public var username: String?
    public var password: Secret?
    public var impersonation = Impersonation()
    public var exec: ExecPlugin?
    /// The name of an auth-provider, `gcp`; gatecheck and today's kubectl know none.
    public var authProvider: String?
  }

  public struct Context: Sendable {
    public let name: String
    public let place: Place
    public var cluster: String?
    public var user: String?
    public var namespace: String?
  }

  public var clusters: [Cluster] = []
  public var users: [User] = []
  public var contexts: [Context] = []
  public var currentContext: String?

  public init() {}

  public var isEmpty: Bool { clusters.isEmpty && users.isEmpty && contexts.isEmpty && currentContext == nil }
}

/// As whom somebody else acts: `--as` and its like.
public struct Impersonation: Sendable, Hashable {
  public var user: String?
  public var uid: String?
  public var groups: [String] = []
  public var extra: [String: [String]] = [:]

  public init(user: String? = nil) { self.user = user }

  public var isEmpty: Bool { self == Impersonation() }

  /// The headers that ask the API server for it. Keys of `extra` are percent-encoded where a header's name needs it.
  public var headers: [(name: String, value: String)] {
    var headers: [(name: String, value: String)] = []
    if let user { headers.append(("Impersonate-User", user)) }
    if let uid { headers.append(("Impersonate-Uid", uid)) }
    headers += groups.map { ("Impersonate-Group", $0) }
    for (key, values) in extra.sorted(by: { $0.key < $1.key }) {
      headers += values.map { ("Impersonate-Extra-" + key.percentEncoded(), $0) }
    }
    return headers
  }
}

extension Kubeconfig {
  public typealias Parse = ([UInt8], String) throws(KubeconfigError) -> Kubeconfig

  /// Merges files as kubectl does: the first file that has a context, cluster or user of some name, or a current
  /// context, decides about it as a whole.
  public static func merged(_ configs: [Kubeconfig]) -> Kubeconfig {
    var result = Kubeconfig()
    for config in configs {
      result.clusters += config.clusters.filter { new in !result.clusters.contains { $0.name == new.name } }
      result.users += config.users.filter { new in !result.users.contains { $0.name == new.name } }
      result.contexts += config.contexts.filter { new in !result.contexts.contains { $0.name == new.name } }
      result.currentContext = result.currentContext ?? config.currentContext
    }
    return result
  }

  /// Reads and merges the files of a `KUBECONFIG` list, `a:b`; files that are not there are passed over, as kubectl
  /// does, and one named twice counts once.
  /// - Parameters:
  ///   - read: the bytes of a file, nil when there is none.
  ///   - parse: what they say, and the file's name.
  public static func load(
    list: String, read: (String) -> [UInt8]?, parse: Parse = Self.parse(_:file:)
  ) throws(KubeconfigError) -> Kubeconfig {
    var configs: [Kubeconfig] = []
    var seen: Set<String> = []
    for file in list.split(separator: ":").map(String.init) where seen.insert(file).inserted {
      guard let bytes = read(file) else { continue }
      configs.append(try parse(bytes, file))
    }
    return merged(configs)
  }

  /// Reads the one file of `--kubeconfig`, which must be there.
  public static func load(
    file: String, read: (String) -> [UInt8]?, parse: Parse = Self.parse(_:file:)
  ) throws(KubeconfigError) -> Kubeconfig {
    guard let bytes = read(file) else { throw KubeconfigError(.unreadable(field: "kubeconfig", of: file, path: file)) }
    return try parse(bytes, file)
  }
}
