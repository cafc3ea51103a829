import Findings
import HTTP
import Inputs
import JSON
import Registries

/// The Admin API or the control API of a running APISIX. Only asked with GET.
struct APISIXEndpoint: Sendable {
  enum Kind: String, Sendable {
    case admin = "Admin API"
    case control = "control API"
  }

  private let kind: Kind
  private let endpoint: Endpoint
  /// The address as it may be shown.
  private let shown: String

  /// - Parameters:
  ///   - url: `http://127.0.0.1:9180`, with or without `/apisix/admin`.
  ///   - key: of the Admin API; sent as X-API-KEY.
  ///   - access: how long a request may take, and whether a credential may go over plain http.
  init(_ kind: Kind, url: String, key: Secret? = nil, _ access: AccessOptions) {
    self.kind = kind
    var base = url
    while base.hasSuffix("/") { base.removeLast() }
    if kind == .admin, base.hasSuffix("/apisix/admin") { base.removeLast("/apisix/admin".count) }
    shown = URLText(base).withoutUser
    var endpoint = access.endpoint(base)
    endpoint.credential = key.map { .header(name: "X-API-KEY", value: $0) }
    self.endpoint = endpoint
  }

  /// Documents with where they came from, and what kept further ones from coming.
  typealias Resources = (documents: [(source: String, JSONValue)], findings: [Finding])

  /// What may hold upstreams. The control API has fewer lists than the Admin API and etcd.
  static let kinds = [
    "upstreams", "services", "routes", "stream_routes", "plugin_configs", "global_rules", "consumers",
    "consumer_groups",
  ]

  func resources(_ http: HTTPClient) -> Resources {
    var found: Resources = ([], [])
    do throws(Finding) {
      for path in kind == .admin ? Self.kinds[...] : Self.kinds.prefix(3) {
        if let document = try get("\(kind == .admin ? "/apisix/admin" : "/v1")/\(path)", http) {
          found.documents.append((shown, document))
        } else if path == "upstreams" {
          // Without stream proxy there are no stream_routes; older releases lack others.
          throw refusal(404)
        }
      }
    } catch { found.findings = [error] }
    return found
  }

  /// What the control API says that APISIX holds.
  func dump(_ http: HTTPClient) throws(Finding) -> JSONValue {
    guard let dump = try get("/v1/discovery/kubernetes/dump", http) else { throw refusal(404) }
    return dump
  }

  /// Nil for 404 and 400, which say that there is no such thing.
  private func get(_ path: String, _ http: HTTPClient) throws(Finding) -> JSONValue? {
    let response: Response
    do throws(HTTPError) { response = try http.send(endpoint.get(path, maxBytes: 256 << 20)) } catch {
      throw Self.finding("the \(kind.rawValue)", error)
    }
    if response.status == 404 || response.status == 400 { return nil }
    guard response.status == 200, let document = try? JSONValue.parse(response.body) else {
      throw refusal(response.status)
    }
    return document
  }

  /// What kept an address of APISIX's own from being asked.
  static func finding(_ what: String, _ error: HTTPError) -> Finding {
    let plain = error.kind == .credentialOverPlainHTTP
    return Finding(
      plain ? ConnectRules.plainHTTPCredential : ConnectRules.failed, "\(what): \(error)",
      help: plain
        ? "use https; if the network is your own, add --allow-plain-http"
        : error.kind == .unsupportedURL ? "write http://HOST:PORT or https://HOST:PORT" : "is the address right?")
  }

  private func refusal(_ status: Int) -> Finding {
    let help =
      switch (kind, status) {
      case (.admin, 401), (.admin, 403):
        "give the key of deployment.admin.admin_key: --admin-key-file FILE or GATECHECK_ADMIN_KEY; "
          + "allow_admin lists who may ask"
      case (.admin, _): "the Admin API listens on 9180, mostly; in standalone mode there is none"
      case (.control, 404):
        "discovery.kubernetes is not enabled there, or APISIX is older than 3.13 (3.10 with several clusters)"
      case (.control, _): "the control API listens on 127.0.0.1:9090 of the APISIX host, mostly"
      }
    return Finding(
      ResolveRules.apisixRefused,
      "the \(kind.rawValue) at \(shown) answers \(status == 200 ? "with no JSON" : "\(status)")", help: help)
  }
}
