import APISIX
import Common
import Findings
import HTTP
import JSON
import Kubernetes
import Registries

/// Asks one API server as APISIX does: a list, a watch; then what explains the answers.
struct TokenProbe {
  var server: Conversation
  /// The refusals of list and watch.
  private(set) var refusals: [(verb: String, status: Status)] = []
  private(set) var findings: [Finding] = []
  private(set) var identity: TokenCheck.Identified?

  init(_ target: Target, in context: Context) { server = Conversation(target, in: context) }

  var target: Target { server.target }

  /// A Status is small; only a list's single object may be large.
  private static let maxBytes = 64 << 20

  mutating func run() -> TokenCheck {
    if let token = target.token, token.sent == nil {
      // No header can hold it: APISIX's request would break apart.
      return check(server.flaws.map { finding($0) })
    }
    var version: String?
    let listed = list(&version)
    var works = false
    if listed != .stop {
      let watched = watch(from: version)
      works = listed == .fine && watched == .fine && !server.isUnreadable
      if watched != .stop || listed == .fine {
        identify()
        server.askVersion()
      }
      findings += explainRefusals()
    }
    // A token that the server took has no flaw that keeps it out.
    let isByTheClock = findings.contains { $0.rule == ServerRules.clockSkew }
    let flaws = server.flaws.filter { flaw in
      !findings.contains { $0.rule == flaw.rule } && !(isByTheClock && TokenRules.times.contains(flaw.rule))
    }
    let isTaken = listed != .stop
    let bad = flaws.filter { $0.severity == .error }.map { finding($0, accepted: isTaken) }
    let rest = flaws.filter { $0.severity != .error }
    return check(
      cause(works) + bad + findings + rest.map { finding($0) } + remarks(works: works), works: works)
  }

  /// An address that APISIX cannot ask comes before what is answered there.
  private func cause(_ works: Bool) -> [Finding] {
    guard !works, server.exchanges.contains(where: { $0.status != nil }),
      let behind = server.behindPath(target.endpoint.server), !findings.contains(where: { $0.rule == behind.rule })
    else { return [] }
    return [behind]
  }

  private func check(_ findings: [Finding], works: Bool = false) -> TokenCheck {
    TokenCheck(
      target: target, identity: identity, serverVersion: server.serverVersion, probes: server.exchanges,
      findings: findings, works: works)
  }

  /// What is odd about the server, whatever it answers.
  private func remarks(works: Bool) -> [Finding] {
    var remarks =
      server.oddities
      + server.warnings.map {
        $0.finding(server.release, prefix: target.prefix, for: identity?.username)
      }
    if !findings.contains(where: { $0.rule == ServerRules.clockSkew }) {
      remarks += server.clock.finding(for: target.token?.text.jwt, prefix: target.prefix)
    }
    if works, let behind = server.behindPath(target.endpoint.server, severity: .warning) {
      remarks.append(behind)
    }
    return remarks
  }

  private enum Step { case fine, refused, stop }

  private mutating func list(_ version: inout String?) -> Step {
    let path = target.settings.listTarget(limit: 1)
    let response = send("list", path) { client throws(HTTPError) in try client.get(path, maxBytes: Self.maxBytes) }
    guard let response else { return .stop }
    guard response.status == 200 else { return refused("list", AnswerText(response)) }
    let body = try? JSONValue.parse(response.body, skipping: ["items"])
    guard body?["kind"]?.string == target.settings.listKind else {
      findings.append(server.notKubernetes(AnswerText(response), wanted: "an \(target.settings.listKind)"))
      return .stop
    }
    version = body?["metadata"]?["resourceVersion"]?.string
    return .fine
  }

  private mutating func watch(from version: String?) -> Step {
    let path = target.settings.watchTarget(resourceVersion: version, timeoutSeconds: "1")
    var body: [UInt8] = []
    let response = send("watch", path) { client throws(HTTPError) in
      try client.begin(path, maxBytes: Self.maxBytes, &body)
    }
    guard let response else { return .stop }
    guard response.status == 200 else { return refused("watch", AnswerText(response, body: body)) }
    if response.header("content-length") == "0" {
      findings.append(server.emptyWatch(after: response.milliseconds))
    }
    let first = body.split(separator: 0x0A, maxSplits: 1).first.flatMap { try? JSONValue.parse(Array($0)) }
    guard first?["type"]?.string == "ERROR" else { return .fine }
    let status = first?["object"].flatMap(Status.init)
    findings += server.finding(
      ServerRules.error, "the watch begins with an error: \(status?.message ?? "of no known kind")",
      help: "try again; APISIX lists again after 40 seconds")
    return .stop
  }

  private mutating func send(
    _ name: String, _ path: String, _ action: (KubernetesClient) throws(HTTPError) -> Response
  ) -> Response? {
    do throws(HTTPError) { return try server.send(name, "GET", path, action) } catch {
      findings += (name == "watch" ? server.watchBroken(error) : nil) ?? server.finding(error)
      return nil
    }
  }

  private mutating func refused(_ verb: String, _ answer: AnswerText) -> Step {
    switch server.explain(verb, answer) {
    case .forbidden(let status):
      refusals.append((verb, status))
      return .refused
    case .told(let told):
      findings += told
      return .stop
    }
  }

  private mutating func identify() {
    identity =
      (try? server.whoAmI())?.word ?? .init(refusals.lazy.compactMap { $0.status.forbidden?.user }.first, .refusal)
      ?? .init(target.impersonated, .flag) ?? .init(target.token?.text.jwt?.subject, .token)
  }

  /// Where the server took the token all the same, its flaw is a warning; but one that APISIX's schema or an old
  /// release trips over stays an error.
  private func finding(_ flaw: TokenFlaw, accepted: Bool = false) -> Finding {
    let stays =
      target.token?.source == .inline || (flaw.rule == TokenRules.whitespace && !server.release.has(.trimsTokens))
    return server.finding(flaw, severity: accepted && !stays ? min(flaw.severity, .warning) : flaw.severity)
  }
}
