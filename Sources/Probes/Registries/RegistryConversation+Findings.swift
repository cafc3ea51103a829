import APISIX
import DNS
import Findings
import HTTP
import JSON
import SourceText

extension RegistryConversation {
  /// Whether a server said anything that could be read.
  var isAnswered: Bool { !servers.isEmpty }

  /// The server that was asked last, as it may be shown, without what was asked of it.
  var place: String? {
    guard let asked = servers.last else { return nil }
    guard let start = asked.firstBytes(of: "://")?.upperBound else { return asked }
    return String(asked[..<start] + asked[start...].prefix { $0 != "/" })
  }

  /// Whether not one of the servers could be asked.
  var isUnreached: Bool {
    !isAnswered && !troubles.isEmpty
      && troubles.allSatisfy { trouble in
        if case .refused = trouble { false } else { true }
      }
  }

  /// What went wrong on the way, each once.
  func findings(_ kind: RegistryKind) -> [Finding] {
    var seen: Set<String> = []
    return troubles.compactMap { trouble in
      let finding = finding(trouble, kind)
      return seen.insert(finding.message).inserted ? finding : nil
    }
  }

  private func finding(_ trouble: Trouble, _ kind: RegistryKind) -> Finding {
    switch trouble {
    case .connection(let error, let endpoint):
      return APISIXEndpoint.finding(
        kind.key, error, endpoint, help: "\(kind.path).\(kind.servers ?? "servers") of config.yaml lists its addresses")
    case .silent(let name, let failure):
      return Finding(
        RegistryRules.silent, "no answer for \(name): \(Self.told(failure))",
        help: "\(kind.path).servers of config.yaml lists the servers, as ADDRESS:PORT")
    case .noServers:
      return Finding(
        RegistryRules.silent, "no name server is named for \(kind.path)",
        help: "write \(kind.path).servers: [\"ADDRESS:PORT\"]")
    case .refused(let response, let server):
      let said = Self.said(response)
      let (rule, help) = Self.refusal(response, said, kind, server)
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
  private static func said(_ response: Response) -> String {
    if AnswerText(response).isLoginPage { return "a login page" }
    let text = String(decoding: response.body.prefix(400), as: UTF8.self)
    if let message = (try? JSONValue.parse(response.body))?["message"]?.string { return String(message.prefix(160)) }
    return text.hasPrefix("<") ? "" : String(text.prefix { $0 != "\n" }.prefix(160))
  }

  private static func refusal(
    _ response: Response, _ said: String, _ kind: RegistryKind, _ server: String
  ) -> (Rule, String) {
    let isLogin = server.hasSuffix("auth/login")
    switch (kind, response.status) {
    case (.nacos, 401),
      (.nacos, 403) where isLogin || response.status == 401:
      return (
        RegistryRules.unauthorized, "correct user and password in \(kind.path).host: http://USER:PASSWORD@HOST:8848"
      )
    case (.nacos, 403) where said.has("user not found") || said.has("unknown user"):
      return (RegistryRules.unauthorized, "correct the user in \(kind.path).host")
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
      return (RegistryRules.notFound, "is this the address of \(kind.key)? Consul's HTTP port is 8500")
    case (.consul, 500...), (.consulKV, 500...):
      return (RegistryRules.trouble, "look at Consul's own state: its servers need a leader")
    case (.nacos, 503): return (RegistryRules.trouble, "Nacos answers so while it starts: wait, then look at its log")
    default: return (RegistryRules.trouble, "look at the log of \(kind.key)")
    }
  }
}
