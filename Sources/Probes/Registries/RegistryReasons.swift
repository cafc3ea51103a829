import APISIX
import Findings
import HTTP
import Inputs
import SourceText

/// What only one registry has: why it refuses, has nothing, or nothing that APISIX takes. Each is in the folder of its
/// name; what is nil there is told in words that fit every registry.
struct RegistryReasons: Sendable {
  /// What keeps a name from being looked for at all.
  var unasked: @Sendable (RegistryLookup) -> Finding? = { _ in nil }
  /// Why APISIX cannot send this request.
  var unsent: @Sendable (RegistryRequest, RegistryLookup) -> Finding? = { _, _ in nil }
  /// Why the connection to this URL gave no answer.
  var unreached: @Sendable (HTTPError, URLText, RegistryConversation) -> Finding? = { _, _, _ in nil }
  /// Why there is nothing though no server refused anything.
  var silent: @Sendable (RegistryConversation) -> Finding? = { _ in nil }
  /// How its answers come without the compression that nobody asked for.
  var uncompressed = "let what stands before it compress only for clients that send Accept-Encoding"
  /// Why what it answered is no JSON.
  var notJSON: @Sendable (RegistryConversation) -> Finding? = { _ in nil }
  /// Why it does not answer with 200.
  var refusal: @Sendable (RegistryRefusal) -> (Rule, help: String)? = { _ in nil }
  /// Which part of an answer APISIX cannot read.
  var misread: @Sendable (RegistryInquiry) -> Finding? = { _ in nil }
  /// Nothing at all is there, or nothing that may be seen.
  var empty: @Sendable (RegistryInquiry) -> Finding? = { _ in nil }
  /// There is nothing under the name. It may ask more than APISIX does.
  var unknown: @Sendable (RegistryInquiry) -> Finding? = { _ in nil }
  /// There are instances, and none is taken.
  var unusable: @Sendable (RegistryInquiry) -> Finding? = { _ in nil }
  /// Why APISIX refuses the nodes.
  var refusedNodes: @Sendable (RegistryInquiry) -> [Finding] = { _ in [] }
  /// What is worth knowing of nodes that were found.
  var remarks: @Sendable (RegistryInquiry) -> [Finding] = { _ in [] }
  /// How to get a file for `--from`.
  var saved = "it is not read from files: ask it, with --config"
  /// What belongs to a name beside itself.
  var hint: @Sendable (RegistryLookup) -> String = { _ in "names are taken letter by letter" }
}

extension RegistryKind {
  var reasons: RegistryReasons {
    switch self {
    case .nacos: .nacos
    case .consul: .consul
    case .consulKV: .consulKV
    case .eureka: .eureka
    case .dns: .dns
    default: RegistryReasons()
    }
  }
}

/// An answer of another status than 200.
struct RegistryRefusal {
  let response: Response
  /// Its first words, without secrets.
  let said: String
  /// The URL that was asked, without its query, as it may be shown.
  let server: String
  /// To ask for more.
  let conversation: RegistryConversation

  var kind: RegistryKind { conversation.kind }
  var lookup: RegistryLookup { conversation.lookup }

  /// The rule and the help, the registry's own or those that fit every one.
  var reason: (Rule, help: String) { kind.reasons.refusal(self) ?? common }

  private var common: (Rule, help: String) {
    switch response.status {
    case 300..<400:
      (RegistryRules.redirect, "write the address of \(kind.key) itself into \(kind.path).\(kind.servers ?? "servers")")
    case 401:
      (RegistryRules.unauthorized, "correct user and password in the URL: http://USER:PASSWORD@HOST:PORT")
    case 403: (RegistryRules.forbidden, "give who asks the right to read")
    case 404, 410: (RegistryRules.notFound, "is this the address of \(kind.key), and its path?")
    default: (RegistryRules.trouble, "look at the log of \(kind.key)")
    }
  }
}
