import APISIX
import DNS
import Findings
import HTTP
import Inputs
import JSON
import SourceText

extension RegistryConversation {
  /// Whether a server said anything that could be read.
  var isAnswered: Bool { !servers.isEmpty }

  /// The server that was asked last, as it may be shown, without what was asked of it.
  var place: String? {
    guard let asked = servers.last ?? self.asked.map({ URLText($0.url).withoutUser }) else { return nil }
    guard let start = asked.firstBytes(of: "://")?.upperBound else { return asked }
    return String(asked[..<start] + asked[start...].prefix { $0 != "/" })
  }

  /// Why the question itself was never asked, though no server refused anything; nil where it was.
  var silence: Finding? {
    guard troubles.isEmpty else { return nil }
    let key = "\(kind.path).\(kind.servers ?? "servers")"
    guard !servers.isEmpty || asked != nil else {
      return Finding(
        RegistryRules.silent, "no server of \(kind.key) is asked: \(key) names none that APISIX takes",
        help: "write \(key): [\"http://HOST:PORT\"], without a path")
    }
    guard kind == .nacos, asked?.url.hasSuffix("auth/login") == true else { return nil }
    return Finding(
      RegistryRules.unauthorized, "\(place ?? kind.key) answers the login without an accessToken",
      help: "is it Nacos itself, and is its authentication switched on?")
  }

  /// Why an answer of status 200 is none to APISIX; nil where it is one.
  func misread(_ found: Resolution) -> Finding? {
    let place = place ?? kind.key
    let odd = { (words: Words) in
      Finding(
        RegistryRules.oddAnswer,
        "APISIX \(access.release) cannot read what \(place) answers: \(words.text(in: access.release))",
        help: "correct what registers so in \(kind.key)")
    }
    switch found.none {
    case .form(let words): return odd(words)
    case .notJSON:
      return Finding(
        RegistryRules.notJSON, "\(place) answers with something else than JSON",
        help: "write the address of the registry itself into \(kind.path).\(kind.servers ?? "servers")")
    case .notKnown:
      return Finding(
        RegistryRules.notKnown, "what APISIX \(access.release) asks of \(kind.key) is not known",
        help: "name the release that you run: --apisix-version")
    default: return found.exception.map(odd)
    }
  }

  /// Whether not one of the servers could be asked.
  var isUnreached: Bool {
    !isAnswered && !troubles.isEmpty
      && troubles.allSatisfy { trouble in
        if case .refused = trouble { false } else { true }
      }
  }

  /// What went wrong on the way, each once.
  var findings: [Finding] {
    var seen: Set<String> = []
    return troubles.compactMap { trouble in
      let finding = finding(trouble)
      return seen.insert(finding.message).inserted ? finding : nil
    }
  }

  private func finding(_ trouble: Trouble) -> Finding {
    switch trouble {
    case .connection(let error, let endpoint):
      let cure: String? =
        if case .untrustedCertificate = error.kind {
          "name its CA: --certificate-authority FILE, or send the credential all the same: --insecure-skip-tls-verify"
        } else { nil }
      return APISIXEndpoint.finding(
        kind.key, error, endpoint, help: "\(kind.path).\(kind.servers ?? "servers") of config.yaml lists its addresses",
        cure)
    case .silent(let name, let failure):
      return Finding(
        RegistryRules.silent, "no answer for \(name): \(Self.told(failure))",
        help: "\(kind.path).servers of config.yaml lists the servers, as ADDRESS:PORT")
    case .noServers:
      return Finding(
        RegistryRules.silent, "no name server is named for \(kind.path)",
        help: "write \(kind.path).servers: [\"ADDRESS:PORT\"]")
    case .refused(let response, let server):
      let said = said(response)
      let (rule, help) = refusal(response, said, server)
      return Finding(rule, "\(server) answers \(response.status)\(said.isEmpty ? "" : ": \(said)")", help: help)
    }
  }

  private static func told(_ failure: DNSFailure) -> String {
    switch failure {
    case .unaskable: return "no question can hold this name"
    case .cancelled: return "ended before"
    case .unanswered(let silences):
      return silences.sorted { $0.key < $1.key }.map { server, silence in
        let why =
          switch silence {
          case .noAddress: "is no address with a port"
          case .timedOut: "did not answer in time"
          case .unreachable: "cannot be reached"
          case .malformed: "answered with something that is no DNS"
          }
        return "\(server) \(why)"
      }.joined(separator: ", ")
    }
  }

  /// The first words of an answer that is no page.
  private func said(_ response: Response) -> String {
    if AnswerText(response).isLoginPage { return "a login page" }
    let message = (try? JSONValue.parse(response.body))?["message"]?.string
    let text = message ?? String(decoding: response.body.prefix(64 << 10), as: UTF8.self)
    if text.hasPrefix("<") { return "" }
    let hidden = withoutSecrets(text)
    return String(hidden.prefix { $0 != "\n" }.prefix(160))
  }

  /// A server's text without what was sent to prove who asks.
  func withoutSecrets(_ text: String) -> String {
    // However short they are, and before it is cut: a part of a secret is no secret that is known.
    var hidden = text
    for secret in Set(secrets).sorted(by: { $0.utf8.count > $1.utf8.count }) where secret.utf8.count >= 4 {
      for form in [secret, secret.percentEncoded(), Base64.encode(Array(secret.utf8))] {
        hidden = hidden.replacing(form, with: SecretPatterns.mask)
      }
    }
    return hidden
  }

  private func refusal(_ response: Response, _ said: String, _ server: String) -> (Rule, String) {
    let isLogin = server.hasSuffix("auth/login")
    switch (kind, response.status) {
    case (.nacos, 401),
      (.nacos, 403) where isLogin || response.status == 401:
      return (
        RegistryRules.unauthorized, "correct user and password in \(kind.path).host: http://USER:PASSWORD@HOST:8848"
      )
    case (.nacos, 403) where ["user not found", "unknown user", "token invalid"].contains(where: said.has):
      return (
        RegistryRules.unauthorized, "write user and password into \(kind.path).host: http://USER:PASSWORD@HOST:8848"
      )
    case (.nacos, 403):
      return (
        RegistryRules.forbidden,
        "give the user a role with the right to read the namespace: Nacos console, Authority Control, Permissions"
      )
    case (.consulKV, 404):
      return (RegistryRules.notFound, "Consul has no key there: is \(kind.path).prefix the folder of the services?")
    case (.consul, 403), (.consulKV, 403):
      let words =
        said.has("ACL not found")
        ? "the token was deleted or is of another Consul: write another into \(kind.path).token"
        : "the token may not read it: a policy with service_prefix \"\" { policy = \"read\" } and node_prefix \"\" "
          + "{ policy = \"read\" }, for consul_kv key_prefix \"PREFIX/\" { policy = \"read\" }"
      return (RegistryRules.forbidden, words)
    case (.consul, 401), (.consulKV, 401):
      return (RegistryRules.unauthorized, "correct \(kind.path).token, or ask what stands before Consul")
    case (_, 401):
      return (RegistryRules.unauthorized, "correct user and password in the URL: http://USER:PASSWORD@HOST:PORT")
    case (.eureka, 403):
      return (
        RegistryRules.forbidden, "a Netflix Eureka server answers so while it starts: wait a minute, then ask again"
      )
    case (_, 403): return (RegistryRules.forbidden, "give who asks the right to read")
    case (.eureka, 404):
      return (
        RegistryRules.notFound, "\(kind.path).prefix is /eureka/ for Spring Cloud, /eureka/v2/ for Netflix' server"
      )
    case (.nacos, 404), (.nacos, 410):
      return (
        RegistryRules.notFound,
        "\(kind.path).prefix is /nacos/v1/ and the port 8848; Nacos 3 has the v1 API only with its legacy adapter"
      )
    case (_, 404), (_, 410):
      let port = kind == .consul ? "? Consul's HTTP port is 8500" : ", and its path?"
      return (RegistryRules.notFound, "is this the address of \(kind.key)\(port)")
    case (.consul, 500...), (.consulKV, 500...):
      return (RegistryRules.trouble, "look at Consul's own state: its servers need a leader")
    case (.nacos, 503): return (RegistryRules.trouble, "Nacos answers so while it starts: wait, then look at its log")
    default: return (RegistryRules.trouble, "look at the log of \(kind.key)")
    }
  }
}
