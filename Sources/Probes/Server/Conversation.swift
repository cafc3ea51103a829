import APISIX
import Common
import Findings
import HTTP
import JSON
import Kubernetes
import Registries

/// One API server that is asked: what was asked and answered, and what an answer means that is none.
struct Conversation {
  let target: Target
  let client: KubernetesClient
  let administrator: AdministratorView?
  /// What was asked, in order.
  private(set) var exchanges: [TokenCheck.Probe] = []
  private(set) var warnings: [ServerWarning] = []
  private(set) var clock: ServerClock
  /// `v1.36.2`; nil where it was not asked or does not say.
  private(set) var serverVersion: String?
  let http: HTTPClient
  private let context: Context

  init(_ target: Target, in context: Context) {
    let context = context.telling(target.prefix)
    let http = context.http()
    context.progress("asking \(target.endpoint.server)")
    self.target = target
    self.http = http
    self.context = context
    clock = ServerClock(local: context.now())
    client = KubernetesClient(target.endpoint, http: http, trace: context.trace)
    administrator = target.administrator.map {
      AdministratorView(client: KubernetesClient($0, http: http, trace: context.trace))
    }
  }

  var release: Release { target.settings.release }
  var resource: APIResource { target.settings.source == .endpoints ? .endpoints : .endpointSlices }

  /// What is wrong with the token's own bytes, by the server's clock once that is known.
  var flaws: [TokenFlaw] {
    target.token.map { TokenFlaw.all(of: $0.text, source: $0.source, release: release, now: clock.now) } ?? []
  }

  /// Whoever sees most of the cluster: the administrator, where there is one. With --as it is that user who looks.
  var onlooker: KubernetesClient { (target.endpoint.headers.isEmpty ? administrator?.client : nil) ?? client }

  // MARK: questions

  /// Sends, and notes it down.
  /// - Parameter name: what the request is for, `list`.
  mutating func send(
    _ name: String, _ method: String, _ path: String, _ action: (KubernetesClient) throws(HTTPError) -> Response
  ) throws(HTTPError) -> Response {
    do throws(HTTPError) {
      let response = try action(client)
      exchanges.append(
        .init(name: name, request: "\(method) \(path)", status: response.status, milliseconds: response.milliseconds))
      clock.hear(response)
      for warning in ServerWarning.all(of: response)
      where warnings.count < ServerWarning.most && !warnings.contains(warning) {
        warnings.append(warning)
      }
      return response
    } catch {
      exchanges.append(.init(name: name, request: "\(method) \(path)", status: nil, milliseconds: error.milliseconds))
      throw error
    }
  }

  mutating func get(_ name: String, _ path: String) throws(HTTPError) -> Response {
    try send(name, "GET", path) { client throws(HTTPError) in try client.get(path) }
  }

  mutating func post(_ name: String, _ path: String, _ body: JSONValue) throws(HTTPError) -> Response {
    try send(name, "POST", path) { client throws(HTTPError) in try client.post(path, body) }
  }

  /// The server's version, once; whoever is known may see it.
  mutating func askVersion() {
    guard serverVersion == nil else { return }
    serverVersion = (try? get("version", "/version"))?.json(200)?["gitVersion"]?.string
  }

  /// What the server says of who is asking: its word where it has that API (1.28 and newer), else its answer.
  mutating func whoAmI() throws(HTTPError) -> (word: TokenCheck.Identified?, answer: Response) {
    let response = try post("identity", SelfSubjectReview.path, SelfSubjectReview.body)
    let review = response.json(201).flatMap(SelfSubjectReview.identity)
    return (review.map { .init(username: $0.username, groups: $0.groups, source: .review) }, response)
  }

  /// May one do this?
  mutating func mayI(_ request: AccessRequest) throws(HTTPError) -> (word: Bool?, answer: Response) {
    let response = try post("access", SelfSubjectAccessReview.path, SelfSubjectAccessReview.body(request))
    return (response.json(201).flatMap(SelfSubjectAccessReview.allowed), response)
  }

  /// What may one do in a namespace, and everywhere? Nil where the server does not say.
  mutating func rules(in namespace: String) -> SelfSubjectRulesReview.Answer? {
    let body = SelfSubjectRulesReview.body(namespace: namespace)
    let response = try? post("rules", SelfSubjectRulesReview.path, body)
    return response?.json(201).flatMap(SelfSubjectRulesReview.answer)
  }

  /// What the server says of the tokens that it issues: asked as the administrator, else as nobody, since a token that
  /// is refused may not ask.
  mutating func askIssuer() -> Issuer {
    var nobody = target.endpoint
    nobody.credential = nil
    nobody.headers = []
    let client = administrator?.client ?? KubernetesClient(nobody, http: http, trace: context.trace)
    return Issuer { name, path, accept in
      try? send(name, "GET", path) { _ throws(HTTPError) in try client.get(path, accept: accept) }
    }
  }

  // MARK: answers

  /// Why there was no answer; nil when the user ended it.
  func finding(_ error: HTTPError) -> Finding? {
    nameWanted(after: error) ?? error.finding(for: target) { certificate() }
  }

  /// - Parameter place: where in a file the server stands, if what is found is about it.
  func finding(
    _ rule: Rule, severity: Severity? = nil, _ message: String, at place: Target.Place? = nil, help: String? = nil
  ) -> Finding { Finding(rule, severity: severity, target.prefix + message, at: place, help: help) }
}
