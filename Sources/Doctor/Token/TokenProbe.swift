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
  let now: Int
  let administrator: AdministratorView?
  var check: TokenCheck
  /// The refusals of list and watch, by verb.
  var refusals: [(verb: String, status: Status)] = []
  var server: [Finding] = []
  /// The token's own bytes explain a 401.
  var isFlawed = false

  init(_ target: Target, http: HTTPClient, now: Int, trace: @escaping (String) -> Void) {
    self.target = target
    self.http = http
    self.now = now
    client = KubernetesClient(target.connection, http: http, trace: trace)
    administrator = target.administrator.map { AdministratorView($0, http: http, trace: trace) }
    check = TokenCheck(target: target)
  }

  /// A Status is small; only a list's single object may be large.
  static let maxBytes = 64 << 20

  mutating func run() -> TokenCheck {
    let flaws = target.token.map { TokenFlaw.all(of: $0.text, source: $0.source, release: release, now: now) } ?? []
    isFlawed = flaws.contains { $0.severity == .error }
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
      if watched != .stop || listed == .fine { identify() }
      explainRefusals()
    }
    let accepted = listed == .fine
    check.findings = flaws.filter { $0.severity == .error }.map { finding($0, accepted: accepted) } + server
    check.findings += flaws.filter { $0.severity != .error }.map(finding)
    return check
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
    let path = SelfSubjectReview.path
    let response = send("identity", "POST", path, quiet: true) { [client] () throws(HTTPError) in
      try client.post(path, SelfSubjectReview.body)
    }
    let answer = response.flatMap { $0.status == 201 ? try? JSONValue.parse($0.body) : nil }
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

  /// May one do this? Nil where the server does not say.
  mutating func mayI(_ request: AccessRequest) -> SelfSubjectAccessReview.Answer? {
    let path = SelfSubjectAccessReview.path
    let response = send("access", "POST", path, quiet: true) { [client] () throws(HTTPError) in
      try client.post(path, SelfSubjectAccessReview.body(request))
    }
    guard let response, response.status == 201, let answer = try? JSONValue.parse(response.body) else { return nil }
    return SelfSubjectAccessReview.answer(answer)
  }

  /// Sends, notes it down, and turns an error into a finding unless `quiet`.
  private mutating func send(
    _ name: String, _ method: String, _ path: String, quiet: Bool = false, _ action: () throws(HTTPError) -> Response
  ) -> Response? {
    do throws(HTTPError) {
      let response = try action()
      check.probes.append(
        .init(
          name: name, request: "\(method) \(path)", status: response.status, milliseconds: response.timing.total))
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
      target.token?.source == .inline || (flaw.rule.id == Rule.tokenWhitespace.id && !release.trimsTokens)
    let place = target.token?.place
    return Finding(
      rule: flaw.rule, severity: accepted && !stays ? min(flaw.severity, .warning) : flaw.severity,
      message: target.prefix + flaw.message, file: place?.file, range: place?.range, path: place?.path,
      help: flaw.help)
  }
}
