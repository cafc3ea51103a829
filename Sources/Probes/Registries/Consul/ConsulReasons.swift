import APISIX
import Findings
import HTTP
import JSON
import SourceText

extension RegistryReasons {
  static let consul = RegistryReasons(
    refusal: consulRefusal, empty: consulEmpty, unknown: consulUnknown,
    saved: "save what APISIX reads: curl -s 'http://HOST:8500/v1/health/service/NAME?passing'")

  /// Also that of its keys.
  @Sendable static func consulRefusal(_ refusal: RegistryRefusal) -> (Rule, help: String)? {
    let path = refusal.kind.path
    switch refusal.response.status {
    case 403 where refusal.said.has("ACL not found"):
      return (
        RegistryRules.forbidden,
        "the token was deleted or is of another Consul: write another into \(path).token"
      )
    case 403:
      return (
        RegistryRules.forbidden,
        "the token may not read it: a policy with service_prefix \"\" { policy = \"read\" } and node_prefix \"\" "
          + "{ policy = \"read\" }, for consul_kv key_prefix \"PREFIX/\" { policy = \"read\" }"
      )
    case 401:
      return (RegistryRules.unauthorized, "correct \(path).token, or ask what stands before Consul")
    case 404,
      410 where refusal.kind == .consul:
      return (RegistryRules.notFound, "is this the address of consul? Consul's HTTP port is 8500")
    case 500...: return (RegistryRules.trouble, "look at Consul's own state: its servers need a leader")
    default: return nil
    }
  }

  @Sendable private static func consulEmpty(_ inquiry: RegistryInquiry) -> Finding? {
    guard let services = inquiry.consulServices, services.isEmpty else { return nil }
    return Finding(RegistryRules.empty, "\(inquiry.place) shows no service at all", help: weakToken)
  }

  @Sendable private static func consulUnknown(_ inquiry: RegistryInquiry) -> Finding? {
    guard let services = inquiry.consulServices else { return nil }
    if services.contains(inquiry.name) { return consulFailing(inquiry) }
    return inquiry.unknown(
      among: services, services.isEmpty ? weakToken : inquiry.kind.reasons.hint(inquiry.lookup))
  }

  private static let weakToken =
    "Consul shows no service at all: does the token have service_prefix \"\" { policy = \"read\" } and "
    + "node_prefix \"\" { policy = \"read\" }?"

  /// Consul has the service; which of its checks fail?
  private static func consulFailing(_ inquiry: RegistryInquiry) -> Finding? {
    guard let server = inquiry.lookup.consulServers.first else { return nil }
    let (name, conversation) = (inquiry.name, inquiry.conversation)
    let entries = conversation.json("\(server)/v1/health/service/\(name)", inquiry.lookup.consulToken)?.array ?? []
    let checks = entries.flatMap { $0["Checks"]?.array ?? [] }.filter { $0["Status"]?.string != "passing" }
    let told = checks.prefix(3).map { check in
      let output =
        check["Output"]?.string.map { ": \(conversation.withoutSecrets($0).prefix { $0 != "\n" }.prefix(120))" } ?? ""
      return "\(check["Name"]?.string ?? "a check") of \(check["Node"]?.string ?? "?") is "
        + "\(check["Status"]?.string ?? "?")\(output)"
    }
    guard !entries.isEmpty else {
      return Finding(
        RegistryRules.nothingUsable, "Consul lists \(name), and shows no instance of it",
        help: "the token may need node_prefix \"\" { policy = \"read\" }")
    }
    return Finding(
      RegistryRules.nothingUsable,
      "no instance of \(name) passes its checks\(told.isEmpty ? "" : ": ")" + told.joined(separator: "; "),
      help: "consul: mend the service, or its check")
  }
}

extension RegistryInquiry {
  /// All that Consul lists; nil where it does not answer.
  var consulServices: [String]? {
    guard let server = lookup.consulServers.first else { return nil }
    return conversation.json(server + "/v1/catalog/services", lookup.consulToken)?.object?.members.map(\.key)
  }
}
