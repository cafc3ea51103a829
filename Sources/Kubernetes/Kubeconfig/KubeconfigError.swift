import Inputs
import SourceText
public import YAML

/// Why a kubeconfig cannot be used. The meaning of each is kubectl's.
public struct KubeconfigError: Error, Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    case notYAML(YAMLError)
    /// Another kind of object than a `v1` Config.
    case notAKubeconfig(kind: String)
    case wrongType(path: String, expected: String)
    case badBase64(path: String)
    case unnamed(path: String)
    case duplicateName(list: String, name: String)

    /// Nothing says which server to ask.
    case empty
    case noCurrentContext(contexts: [String])
    case unknownContext(String, contexts: [String])
    case unknownCluster(String, context: String)
    case noServer(cluster: String)
    case badServer(String)
    case badProxy(String, cluster: String)
    /// A file that `of` names under `field` cannot be read.
    case unreadable(field: String, of: String, path: String)
    /// Both the data and the file are given.
    case bothSpecified(data: String, file: String, of: String)
    /// An authority for a server whose certificate is not to be looked at.
    case authorityWithInsecure(cluster: String)
    case certificateWithoutKey(user: String)
    case severalMethods([String], user: String)
    case authProvider(String, user: String)
    case exec(ExecProblem, user: String)
    case impersonationWithoutUser(user: String)
    case emptyTokenFile(path: String)
    /// No in-cluster environment: the variables or the token file are not there.
    case notInCluster(missing: String)
  }

  public enum ExecProblem: Sendable, Hashable {
    case noCommand
    case noAPIVersion
    case unknownAPIVersion(String)
    case noInteractiveMode
    case unknownInteractiveMode(String)
    case unnamedVariable
    case withAuthProvider
  }

  public let kind: Kind
  public let place: Kubeconfig.Place?

  public init(_ kind: Kind, at place: Kubeconfig.Place? = nil) {
    self.kind = kind
    self.place = place
  }
}

extension KubeconfigError {
  /// One line, without a final full stop, and without any secret.
  public var message: String {
    switch kind {
    case .notYAML(let error): "is not YAML: \(error.message) at line \(error.position.line)"
    case .notAKubeconfig(let kind): "is a \(kind), not a kubeconfig"
    case .wrongType(let path, let expected): "\(path) must be \(expected)"
    case .badBase64(let path): "\(path) is not base64"
    case .unnamed(let path): "\(path) has no name"
    case .duplicateName(let list, let name): "\(list) has two entries named \"\(name)\""
    case .empty: "no kubeconfig has a cluster in it"
    case .noCurrentContext(let contexts):
      "no current-context is set; choose one with --context" + Self.choice(contexts)
    case .unknownContext(let name, let contexts):
      "there is no context \"\(SecretPatterns.shownName(name))\"" + Self.choice(contexts)
    case .unknownCluster(let name, let context):
      "context \"\(context)\" names the cluster \"\(name)\", which is not there"
    case .noServer(let cluster): "cluster \"\(cluster)\" has no server"
    case .badServer(let server): "server \"\(server)\" is not the URL of a host"
    case .badProxy(let proxy, let cluster):
      "proxy-url \"\(proxy)\" of cluster \"\(cluster)\" is not an http, https or socks5 URL"
    case .unreadable("kubeconfig", _, let path): "cannot read kubeconfig \(SecretPatterns.shownName(path))"
    case .unreadable(let field, let of, let path): "cannot read \(path), the \(field) of \"\(of)\""
    case .bothSpecified(let data, let file, let of): "\"\(of)\" has both \(data) and \(file); keep one"
    case .authorityWithInsecure(let cluster):
      "cluster \"\(cluster)\" has a certificate-authority and insecure-skip-tls-verify; keep one"
    case .certificateWithoutKey(let user): "user \"\(user)\" has a client certificate but no client-key"
    case .severalMethods(let methods, let user):
      "user \"\(user)\" has more than one way to authenticate: " + methods.joined(separator: ", ")
    case .authProvider(let name, let user):
      "user \"\(user)\" uses auth-provider \"\(name)\", which kubectl dropped in 1.26; use its exec plugin instead"
    case .exec(let problem, let user): "the exec plugin of user \"\(user)\" " + problem.message
    case .impersonationWithoutUser(let user):
      "user \"\(user)\" impersonates a uid, groups or extra without a user (as)"
    case .emptyTokenFile(let path): "token file \(path) is empty"
    case .notInCluster(let missing): "not in a cluster: \(missing) is missing"
    }
  }

  private static func choice(_ names: [String]) -> String {
    names.isEmpty ? "" : "; there is " + names.prefix(8).map { "\"\($0)\"" }.joined(separator: ", ")
  }
}

extension KubeconfigError.ExecProblem {
  var message: String {
    switch self {
    case .noCommand: "has no command"
    case .noAPIVersion: "has no apiVersion"
    case .unknownAPIVersion(let version):
      "has apiVersion \(version); only client.authentication.k8s.io/v1 and v1beta1 are known"
    case .noInteractiveMode: "has no interactiveMode, which v1 asks for: Never, IfAvailable or Always"
    case .unknownInteractiveMode(let mode): "has interactiveMode \"\(mode)\"; it is Never, IfAvailable or Always"
    case .unnamedVariable: "has an env entry without a name"
    case .withAuthProvider: "stands beside an auth-provider; keep one"
    }
  }
}
