import HTTP
import JSON
import Registries

/// What a server says of the ServiceAccount tokens that it issues. By default it says so to ServiceAccounts and
/// administrators only.
///
/// Source: Kubernetes' documentation, "Managing Service Accounts", ServiceAccount issuer discovery.
struct Issuer {
  /// `https://kubernetes.default.svc`; the first where the server has several.
  var name: String?
  /// Of the keys that it verifies tokens with.
  var keyIDs: Set<String> = []
  /// Whoever asked may not know.
  var isHidden = false

  static let configurationPath = "/.well-known/openid-configuration"
  static let keysPath = "/openid/v1/jwks"

  /// - Parameter get: gives the answer to a GET of the path; nil when there was none.
  init(_ get: (_ name: String, _ path: String, _ accept: String) -> Response?) {
    let configuration = get("issuer", Self.configurationPath, "application/json")
    isHidden = configuration.map { $0.status == 401 || $0.status == 403 } ?? false
    guard let configuration, configuration.status == 200 else { return }
    name = configuration.json(200)?["issuer"]?.string
    let keys = get("keys", Self.keysPath, "application/jwk-set+json")?.json(200)?["keys"]?.array ?? []
    keyIDs = Set(keys.compactMap { $0["kid"]?.string })
  }
}
