import APISIX
import Findings
import HTTP
import JSON
import Registries
import SourceText

/// What Consul lets APISIX's token read, and what would give it the right.
struct ConsulAccess {
  let kind: RegistryKind
  let lookup: RegistryLookup
  /// `http://HOST:PORT`
  let server: String
  let conversation: RegistryConversation

  private var token: [RegistryRequest.Credential] { lookup.consulToken }
  private var isSent: Bool { token.contains(where: \.isSecret) }

  /// The rights of which Consul says that the token lacks them; nil where it does not say.
  private func missing(_ rights: [Right]) -> [Right]? {
    let body = JSONValue.array(
      rights.map { ["Resource": .string($0.resource), "Access": "read", "Segment": .string($0.segment)] })
    let url = server + "/v1/internal/acl/authorize"
    guard let answers = conversation.response(url, token, posting: body)?.json(200)?.array,
      answers.count == rights.count
    else { return nil }
    return zip(rights, answers).filter { $1["Allow"] == false }.map(\.0)
  }

  struct Right {
    let resource: String
    let segment: String
    var text: String { "\(resource):read" }
  }

  /// Why an answer lacks what was looked for, if that is a matter of rights.
  /// - Parameters:
  ///   - rights: any that could be missing.
  ///   - message: what was not shown.
  ///   - isSure: whether something is hidden, where Consul does not say which right is missing.
  func hidden(_ rights: [Right], _ message: String, isSure: Bool = false) -> Finding? {
    let missing = missing(rights)
    guard missing.map({ !$0.isEmpty }) ?? isSure else { return nil }
    guard let own = conversation.response(server + "/v1/acl/token/self", token), own.status != 401 else { return nil }
    guard let accessor = own.json(200)?["AccessorID"]?.string else {
      return isSent
        ? nil : Finding(ConsulRules.noToken, "\(message): Consul has ACLs, and no token is sent", help: make)
    }
    let names = (own.json(200)?["Policies"]?.array ?? []).compactMap { $0["Name"]?.string }
    let lacking = missing.map { " lacks " + $0.map(\.text).joined(separator: " and ") }
    return Finding(
      ConsulRules.weakToken,
      "\(message): the token with the accessor \(accessor)\(lacking ?? " may not read all of it")"
        + (names.isEmpty ? "; it has no policy" : "; its policies: \(names.joined(separator: ", "))"),
      help: "with a token in CONSUL_HTTP_TOKEN that may write ACLs:\n\(policy)\n"
        + "consul acl token update -http-addr=\(at) -id=\(Shell.quoted(accessor)) -merge-policies "
        + "-policy-name=\(policyName)"
    )
  }

  private var at: String { Shell.quoted(server) }
  private var policyName: String { kind == .consul ? "apisix-consul" : "apisix-consul-kv" }

  /// The policy that APISIX needs, as a command.
  private var policy: String {
    "consul acl policy create -http-addr=\(at) -name=\(policyName) -rules=\(Shell.quoted(rules()))"
  }

  /// - Parameter access: `list` where Consul wants that for reading a whole folder (`enable_key_list_policy`).
  private func rules(_ access: String = "read") -> String {
    guard kind == .consulKV else {
      return "service_prefix \"\" { policy = \"read\" } node_prefix \"\" { policy = \"read\" }"
    }
    return "key_prefix \(JSONValue.string(lookup.consulPrefix).text()) { policy = \"\(access)\" }"
  }

  /// A token with that policy, for the configuration, or where no release of it has one.
  var make: String {
    let first = "with a token in CONSUL_HTTP_TOKEN that may write ACLs:\n\(policy)\n"
    guard lookup.release.has(.consulToken) else {
      return first
        + "consul acl token update -http-addr=\(at) -id=00000000-0000-0000-0000-000000000002 -merge-policies "
        + "-policy-name=\(policyName)\nthat is the anonymous token: APISIX sends one only from "
        + "\(Feature.consulToken.since.line) on"
    }
    return first + "consul acl token create -http-addr=\(at) -policy-name=\(policyName)\n"
      + "and write its SecretID into \(kind.path).token"
  }

  /// For an answer of 403 to a token that Consul knows.
  var list: String {
    "Consul wants more for reading a whole folder (enable_key_list_policy); the policy is\n\(rules("list"))"
  }
}

extension RegistryInquiry {
  /// The Consul that answered, else the first.
  var consulServer: String? {
    let servers = lookup.consulServers
    return servers.first { $0 == conversation.place } ?? servers.first
  }

  var consulAccess: ConsulAccess? {
    consulServer.map { ConsulAccess(kind: kind, lookup: lookup, server: $0, conversation: conversation) }
  }

  /// An answer of Consul beyond those that APISIX asks for.
  func consul(_ path: String) -> Response? {
    consulServer.flatMap { conversation.response($0 + "/v1" + path, lookup.consulToken) }
  }
}

extension Response {
  /// The services of a catalogue.
  var consulNames: [String]? { json(200)?.object?.members.map(\.key) }

  /// Whether Consul says that it left something out.
  var isFiltered: Bool { header("X-Consul-Results-Filtered-By-ACLs") == "true" }
}
