import APISIX
import SourceText

/// A volume in APISIX's container, and the tokens that lie in it.
struct TokenMount: Sendable {
  let field: Field
  let path: String
  /// Where tokens of the pod's account lie.
  let tokens: [String]
  /// Those that are for the API server, not for a service that the volume names.
  let ownTokens: [String]
  /// Whether nothing else that APISIX could read lies in it.
  let holdsTokensOnly: Bool

  init(_ field: Field, _ pod: Pod) {
    self.field = field
    let path = Self.plain(field["mountPath"]?.string ?? "")
    self.path = path.hasSuffix("/") ? String(path.dropLast()) : path
    let sources = pod.volume(of: field)?["projected"]?["sources"]?.items ?? []
    let tokens = sources.compactMap { $0["serviceAccountToken"] }
    let part = field["subPath"]?.string
    let directory = self.path
    func places(_ tokens: [Field]) -> [String] {
      tokens.compactMap { $0["path"]?.string }.compactMap { file in
        part.map { $0 == file ? directory : nil } ?? "\(directory)/\(file)"
      }
    }
    self.tokens = places(tokens)
    ownTokens = places(tokens.filter { $0["audience"]?.string ?? "" == "" })
    holdsTokensOnly =
      !self.tokens.isEmpty && field["subPathExpr"] == nil
      && sources.allSatisfy { $0["secret"] == nil && $0["clusterTrustBundle"] == nil }
  }

  /// Images lead /var/run to /run.
  static func plain(_ path: String) -> String {
    let path = path.replacing("//", with: "/")
    return path.hasPrefix("/run/") ? "/var" + path : path
  }
}

extension Pod {
  var mounts: [TokenMount] { (gateway?["volumeMounts"]?.items ?? []).map { TokenMount($0, self) } }

  /// The one in which a file lies; nil for what is the image's.
  func mount(over file: String) -> TokenMount? {
    mounts.filter { file == $0.path || file.hasPrefix($0.path + "/") }.max { $0.path.count < $1.path.count }
  }

  /// Whether a file is surely the token of the pod's own account.
  func holdsOwnToken(at file: String) -> Bool {
    let file = TokenMount.plain(file)
    guard let over = mount(over: file) else { return file == TokenMount.plain(RegistryKind.podTokenFile) }
    return over.tokens.contains(file)
  }
}
