import APISIX
import Findings
import HTTP
import JSON
import Kubernetes
import Lint
import Registries

/// Asks one API server as APISIX does: a list, a watch; then what explains the answers.
struct TokenProbe {
  let target: Target
  let client: KubernetesClient
  let http: HTTPClient
  let trace: (String) -> Void
  let administrator: AdministratorView?
  var check: TokenCheck
  /// The refusals of list and watch, by verb.
  var refusals: [(verb: String, status: Status)] = []
  var server: [Finding] = []
  private var clock: ServerClock
  private(set) var warnings: [ServerWarning] = []

  init(_ target: Target, http: HTTPClient, now: Int, trace: @escaping (String) -> Void) {
    self.target = target
    self.http = http
    self.trace = trace
    clock = ServerClock(local: now)
    client = KubernetesClient(target.connection, http: http, trace: trace)
    administrator = target.administrator.map { AdministratorView($0, http: http, trace: trace) }
    check = TokenCheck(target: target)
  }

  /// A Status is small; only a list's single object may be large.
  static let maxBytes = 64 << 20

  mutating func run() -> TokenCheck {
    if let token = target.token, token.sent == nil {
      // No header can hold it: APISIX's request would break apart.
      check.findings = flaws.map(finding)
      return check
    }
    var version: String?
    let listed = list(&version)
    if listed != .stop {
      let watched = watch(from: version)
      check.works = listed == .fine && watched == .fine
      if watched != .stop || listed == .fine {
        identify()
        askVersion()
      }
      explainRefusals()
    }
    let accepted = listed == .fine
    let flaws = flaws
    check.findings = flaws.filter { $0.severity == .error }.map { finding($0, accepted: accepted) } + server
    let rest = flaws.filter { flaw in flaw.severity != .error && !server.contains { $0.rule == flaw.rule } }
    check.findings += rest.map(finding) + remarks
    return check
  }

  /// What is wrong with the token's own bytes, by the server's clock once that is known.
  var flaws: [TokenFlaw] {
    target.token.map { TokenFlaw.all(of: $0.text, source: $0.source, release: release, now: clock.now) } ?? []
  }

  /// What is odd about the server, whatever it answers.
  private var remarks: [Finding] {
    var findings = warnings.map { $0.finding(release, prefix: target.prefix) }
    if let skew = clock.finding(for: target.token?.text.jwt, prefix: target.prefix) { findings.append(skew) }
    let severity: Severity? = check.works ? .warning : nil
    if let behind = behindPath(target.connection.server, severity: severity),
      !server.contains(where: { $0.rule == behind.rule })
    {
      findings.append(behind)
    }
    return findings
  }

  var release: Release { target.settings.release }
  var resource: APIResource { target.settings.source == .endpoints ? .endpoints : .endpointSlices }

  enum Step { case fine, refused, stop }

  // MARK: requests

  private mutating func list(_ version: inout String?) -> Step {
    let path = target.settings.listTarget(limit: 1)
    guard
      let response = send(
        "list", "GET", path,
        { [client] () throws(HTTPError) in
          try client.get(path, maxBytes: Self.maxBytes)
        })
    else { return .stop }
    guard response.status == 200 else { return refused("list", AnswerText(response)) }
    let body = try? JSONValue.parse(response.body, skipping: ["managedFields"])
    guard body?["kind"]?.string == target.settings.listKind else {
      server.append(notKubernetes(AnswerText(response), wanted: "an \(target.settings.listKind)"))
      return .stop
    }
    version = body?["metadata"]?["resourceVersion"]?.string
    return .fine
  }

  private mutating func watch(from version: String?) -> Step {
    let path = target.settings.watchTarget(resourceVersion: version, timeoutSeconds: "1")
    var body: [UInt8] = []
    guard
      let response = send(
        "watch", "GET", path,
        { [client] () throws(HTTPError) in
          try client.stream(path, maxBytes: Self.maxBytes) { event in
            switch event {
            // The status line tells all; an event that came with it may tell more.
            case .head(let head): return head.status == 200 ? .stopWhenIdle : .proceed
            case .bytes(let bytes):
              body += bytes
              return .proceed
            }
          }
        })
    else { return .stop }
    guard response.status == 200 else { return refused("watch", AnswerText(response, body: body)) }
    let first = body.split(separator: 0x0A, maxSplits: 1).first.flatMap { try? JSONValue.parse(Array($0)) }
    if first?["type"]?.string == "ERROR" {
      let status = first?["object"].flatMap(Status.init)
      server.append(
        Finding(
          rule: ServerRules.error,
          message: target.prefix + "the watch begins with an error: \(status?.message ?? "of no known kind")",
          help: "try again; APISIX lists anew after 40 seconds"))
      return .stop
    }
    return .fine
  }

  /// Who one is, by the server's word where it has that API (1.28 and newer).
  private mutating func identify() {
    let answer = review("identity", SelfSubjectReview.path, SelfSubjectReview.body)
    if let identity = answer.flatMap(SelfSubjectReview.identity) {
      check.identity = .init(username: identity.username, groups: identity.groups, source: .review)
    } else if let user = refusals.compactMap({ $0.status.forbidden?.user }).first {
      let groups = ServiceAccount(username: user)?.groups ?? []
      check.identity = .init(username: user, groups: groups, source: .refusal)
    } else if let subject = target.token?.text.jwt?.subject {
      let groups = ServiceAccount(username: subject)?.groups ?? []
      check.identity = .init(username: subject, groups: groups, source: .token)
    }
  }

  /// The server's version, once; whoever is known may see it.
  mutating func askVersion() {
    guard check.serverVersion == nil else { return }
    let response = send("version", "GET", "/version", quiet: true) { [client] () throws(HTTPError) in
      try client.get("/version")
    }
    guard let response, response.status == 200 else { return }
    check.serverVersion = (try? JSONValue.parse(response.body))?["gitVersion"]?.string
  }

  /// May one do this? Nil where the server does not say.
  mutating func mayI(_ request: AccessRequest) -> SelfSubjectAccessReview.Answer? {
    review("access", SelfSubjectAccessReview.path, SelfSubjectAccessReview.body(request))
      .flatMap(SelfSubjectAccessReview.answer)
  }

  /// What may one do in a namespace, and everywhere? Nil where the server does not say.
  mutating func rules(in namespace: String) -> SelfSubjectRulesReview.Answer? {
    review("rules", SelfSubjectRulesReview.path, SelfSubjectRulesReview.body(namespace: namespace))
      .flatMap(SelfSubjectRulesReview.answer)
  }

  private mutating func review(_ name: String, _ path: String, _ body: JSONValue) -> JSONValue? {
    let response = send(name, "POST", path, quiet: true) { [client] () throws(HTTPError) in
      try client.post(path, body)
    }
    guard let response, response.status == 201 else { return nil }
    return try? JSONValue.parse(response.body)
  }

  /// Sends, notes it down, and turns an error into a finding unless `quiet`.
  mutating func send(
    _ name: String, _ method: String, _ path: String, quiet: Bool = false, _ action: () throws(HTTPError) -> Response
  ) -> Response? {
    do throws(HTTPError) {
      let response = try action()
      check.probes.append(
        .init(
          name: name, request: "\(method) \(path)", status: response.status, milliseconds: response.timing.total))
      clock.hear(response)
      warnings += ServerWarning.all(of: response).filter { !warnings.contains($0) }
      return response
    } catch {
      check.probes.append(
        .init(name: name, request: "\(method) \(path)", status: nil, milliseconds: error.milliseconds))
      let found = quiet ? nil : error.finding(for: target) { evidence() }
      if let found { server.append(found) }
      return nil
    }
  }

  private func evidence() -> TLSEvidence? {
    try? http.tlsEvidence(
      target.connection.server, serverName: target.connection.tls.serverName, proxy: target.connection.proxy)
  }

  // MARK: findings

  private func finding(_ flaw: TokenFlaw) -> Finding { finding(flaw, accepted: false) }

  /// Where the server took the token all the same, its flaw is a warning; but one that APISIX's schema or an old
  /// release trips over stays an error.
  private func finding(_ flaw: TokenFlaw, accepted: Bool) -> Finding {
    let stays =
      target.token?.source == .inline || (flaw.rule == .tokenWhitespace && !release.has(.trimsTokens))
    let place = target.token?.place
    return Finding(
      rule: flaw.rule, severity: accepted && !stays ? min(flaw.severity, .warning) : flaw.severity,
      message: target.prefix + flaw.message, file: place?.file, range: place?.range, path: place?.path,
      help: flaw.help)
  }
}
