import APISIX
import Findings
import HTTP
import Inputs
import JSON
import Registries
import SourceText

/// An API of a running APISIX: the Admin API, the control API, or its status. Only asked with GET, and once for what it
/// would say of a file, which changes nothing.
struct APISIXEndpoint: Sendable {
  enum Kind: String, Sendable {
    case admin = "Admin API"
    case control = "control API"
    case status = "status server"
  }

  private let kind: Kind
  private let endpoint: Endpoint
  private let key: Secret?
  /// The address as it may be shown.
  let shown: String

  /// - Parameters:
  ///   - url: `http://127.0.0.1:9180`, with or without `/apisix/admin`.
  ///   - key: of the Admin API; sent as X-API-KEY.
  ///   - access: how long a request may take, and whether a credential may go over plain http.
  init(_ kind: Kind, url: String, key: Secret? = nil, _ access: AccessOptions) {
    (self.kind, self.key) = (kind, key)
    var base = url
    while base.hasSuffix("/") { base.removeLast() }
    if kind == .admin, base.hasSuffix("/apisix/admin") { base.removeLast("/apisix/admin".count) }
    shown = URLText(base).withoutUser
    var endpoint = access.endpoint(base)
    endpoint.credential = key.map { .header(name: "X-API-KEY", value: $0) }
    self.endpoint = endpoint
  }

  /// What may hold upstreams. The control API has fewer lists than the Admin API and etcd.
  static let kinds = [
    "upstreams", "services", "routes", "stream_routes", "plugin_configs", "global_rules", "consumers",
    "consumer_groups",
  ]

  /// - Parameter hasStream: whether there may be stream routes. Where the stream proxy is off, APISIX logs an error for
  ///   whoever asks for them.
  func resources(_ http: HTTPClient, hasStream: Bool = true) -> UpstreamDocuments {
    var found = UpstreamDocuments()
    if let key { found.secrets = [key.value] }
    do throws(Finding) {
      for path in kind == .admin ? Self.kinds[...] : Self.kinds.prefix(3) where hasStream || path != "stream_routes" {
        let response = try get("\(kind == .admin ? "/apisix/admin" : "/v1")/\(path)", http)
        if let document = response.json(200) {
          found.documents.append((shown, document))
        } else if path == "upstreams" {
          // Without stream proxy there are no stream_routes; older releases lack others.
          guard kind == .admin, response.status == 404, !Self.isProxy(response) else { throw refusal(response) }
          found.documents.append(try configuration(http))
          break
        } else if response.status != 404, response.status != 400 {
          throw refusal(response)
        }
      }
    } catch { found.findings = [error] }
    return found
  }

  /// All of it in one document, as APISIX gives it that takes its configuration through the API and keeps it in memory.
  private func configuration(_ http: HTTPClient) throws(Finding) -> (source: String, JSONValue) {
    let response = try get("/apisix/admin/configs", http)
    guard let document = response.json(200) else { throw refusal(response) }
    return (shown, document)
  }

  /// What the control API says that APISIX holds.
  func dump(of name: String, _ http: HTTPClient) throws(Finding) -> JSONValue {
    let response = try get("/v1/discovery/\(name.percentEncoded())/dump", http)
    guard let dump = response.json(200) else { throw refusal(response, name) }
    return dump
  }

  /// What APISIX would say of these routes and upstreams.
  /// - Parameter type: `application/yaml`
  func validated(_ body: [UInt8], type: String, _ http: HTTPClient) throws(Finding) -> Response {
    var request = endpoint.get("/apisix/admin/configs/validate")
    request.method = "POST"
    request.headers.append(Header("Content-Type", type))
    request.body = body
    // It may hold the keys of certificates and consumers.
    request.holdsSecret = true
    return try send(request, http)
  }

  func get(_ path: String, _ http: HTTPClient) throws(Finding) -> Response {
    try send(endpoint.get(path, maxBytes: 256 << 20), http)
  }

  private func send(_ request: Request, _ http: HTTPClient) throws(Finding) -> Response {
    do throws(HTTPError) { return try http.send(request) } catch {
      throw Self.finding("the \(kind.rawValue)", error, endpoint, help: kind.place)
    }
  }

  /// What kept an address of APISIX's own from being asked: by the rules of every other connection.
  /// - Parameters:
  ///   - place: where it usually listens, and which setting says so.
  ///   - cure: what helps against this error, where that is not what helps against APISIX's own.
  ///   - odd: the rule of an answer that is no HTTP.
  static func finding(
    _ what: String, _ error: HTTPError, _ endpoint: Endpoint, help place: String, _ cure: String? = nil,
    odd: Rule = ResolveRules.apisixRefused
  ) -> Finding {
    let target = Target(
      id: nil, endpoint: endpoint, token: nil, administrator: nil, settings: ClusterSettings(), serverOrigin: what,
      identityOrigin: what, trust: .system, place: nil, apisixVerifies: false, lentPath: nil)
    guard let told = error.finding(for: target) else { return Finding(ConnectRules.failed, "\(what): \(error)") }
    let help =
      switch error.kind {
      case .refused, .unreachable, .connectFailed, .nameNotResolved, .connectionLost, .truncatedBody, .badAnswer,
        .headTooLarge, .bodyTooLarge:
        place
      case .unsupportedURL: "write http://HOST:PORT or https://HOST:PORT"
      case .notATLSPort: "write http://\(error.address)"
      case .plainHTTPToTLSPort: "write https://\(error.address)"
      case .untrustedCertificate: "put its CA into the system's store, or ask over http on APISIX's own host"
      default: told.help ?? place
      }
    let isOdd = told.rule == ServerRules.notKubernetes
    return Finding(isOdd ? odd : told.rule, "\(what): \(told.message)", help: cure ?? help)
  }

  /// Whether this is what APISIX's proxy answers where no route fits.
  private static func isProxy(_ response: Response) -> Bool {
    response.status == 404 && (try? JSONValue.parse(response.body))?["error_msg"]?.string == "404 Route Not Found"
  }

  /// - Parameter discovery: the registry whose dump was asked for.
  func refusal(_ response: Response, _ discovery: String = "") -> Finding {
    let name = "the \(kind.rawValue)"
    let status = response.status
    if Self.isProxy(response) {
      return Finding(
        ResolveRules.apisixRefused, "\(shown) is the port of APISIX's proxy, not of its \(kind.rawValue)",
        help: kind.place)
    }
    if AnswerText(response).isLoginPage {
      return Finding(
        ServerRules.loginPage, "a login page answers in place of \(name) at \(shown): \(AnswerText(response).text)",
        help: "it wants people with a browser; \(kind.place)")
    }
    let help =
      switch (kind, status) {
      case (.admin, 401), (.admin, 403):
        "give the key of deployment.admin.admin_key: --admin-key-file FILE or GATECHECK_ADMIN_KEY; "
          + "allow_admin lists who may ask"
      case (.control, 404):
        discovery == RegistryKind.kubernetes.key
          ? "discovery.kubernetes is not enabled there, or APISIX is older than 3.13 (3.10 with several clusters)"
          : "discovery.\(discovery) is not enabled there, or has no dump"
      case (_, 500...):
        "APISIX in standalone mode answers so until its first configuration has come; else its error.log says why"
      default: kind.place
      }
    return Finding(
      ResolveRules.apisixRefused, "\(name) at \(shown) answers \(status == 200 ? "with no JSON" : "\(status)")",
      help: help)
  }
}

extension APISIXEndpoint.Kind {
  /// Where it listens.
  var place: String {
    switch self {
    case .admin:
      "the Admin API listens on port 9180 by default (deployment.admin.admin_listen); not every APISIX has one"
    case .control: "the control API listens on 127.0.0.1:9090 of the APISIX host by default (apisix.control)"
    case .status: "the status server listens on 127.0.0.1:7085 of the APISIX host by default (apisix.status)"
    }
  }
}
