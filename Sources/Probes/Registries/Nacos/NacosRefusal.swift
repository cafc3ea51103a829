import APISIX
import Findings
import HTTP
import Inputs
import JSON
import SourceText

/// Why Nacos answers with another status than 200.
struct NacosRefusal {
  private let refusal: RegistryRefusal
  private let server: NacosServer

  init?(_ refusal: RegistryRefusal) {
    guard let server = NacosServer(refusal.server, [], refusal.conversation) else { return nil }
    (self.refusal, self.server) = (refusal, server)
  }

  private var path: String { refusal.kind.path }
  private var isLogin: Bool { refusal.server.hasSuffix("auth/login") }
  private var lookup: RegistryLookup { refusal.lookup }
  private var said: String { refusal.said }
  /// Who logs in, as config.yaml has it.
  private var user: String? {
    (lookup.section["host"]?.items ?? []).compactMap { $0.string.flatMap { URLText($0).userInfo } }.first
      .map { String($0.prefix { $0 != ":" }) }
  }

  var reason: (Rule, help: String)? {
    if isLogin, [401, 403, 500].contains(refusal.response.status), answersAnybody {
      return (
        NacosRules.authOff,
        "Nacos shows its instances without a login: take USER:PASSWORD@ out of \(path).host, or switch on "
          + "nacos.core.auth.enabled"
      )
    }
    switch refusal.response.status {
    case 401, 403, 500: return refused
    case 404: return NacosPath(server, refusal).reason
    case 410:
      return (
        NacosRules.apiOff,
        "write nacos.core.api.compatibility.client.enabled=true into application.properties of Nacos, and restart it"
      )
    case 503: return (NacosRules.starting, "wait until Nacos has started; if it stays so, look at its log")
    default: return nil
    }
  }

  private var refused: (Rule, help: String)? {
    let credentials = "\(path).host: http://USER:PASSWORD@HOST:8848"
    if isLogin, said.has("User "), said.has(" not found") {
      return (
        NacosRules.unknownUser,
        "make the user in Nacos' console (Authority Control, User List), or write another into "
          + "\(path).host"
      )
    }
    if refusal.response.status == 500 {
      guard said.has("service is disabled") else { return nil }
      return (NacosRules.disabled, "enable the service in Nacos' console")
    }
    if said.has("server identity") {
      return (
        NacosRules.identity,
        "set nacos.core.auth.server.identity.key and .value in application.properties of each server, and restart it"
      )
    }
    if isLogin {
      return (
        RegistryRules.unauthorized, "the user is not there, or the password is wrong: correct them in \(credentials)"
      )
    }
    let isNobody = ["user not found", "unknown user"].contains(where: said.has)
    if isNobody, user == nil { return (RegistryRules.unauthorized, "write user and password into \(credentials)") }
    if isNobody || ["token invalid", "token expired"].contains(where: said.has) {
      return (
        NacosRules.token,
        "the login gave a token, and this question with it is refused: have all servers of the cluster "
          + "the same token.secret.key and the same time?"
      )
    }
    guard refusal.response.status == 403 else { return nil }
    return (RegistryRules.forbidden, grant)
  }

  /// Whether who asks without a login gets an answer.
  private var answersAnybody: Bool {
    let query = "ns/instance/list?healthyOnly=true&serviceName=\(lookup.serviceName)"
    return refusal.conversation.json(server.base + query)?.object != nil
  }

  /// The right to read one namespace, as a role that the user gets.
  private var grant: String {
    let (space, who, role) = (lookup.nacosSpace, user ?? "USER", "apisix-read")
    // What 3.x says has a code, and its API is another.
    let third = said.has("Code:") ? server.third : nil
    let asAdministrator = NacosServer(refusal.server, [.query("")], refusal.conversation) ?? server
    // For public the releases differ in what they take it for.
    let resources = space == "public" && third == nil ? ["public:*:*", ":*:*"] : ["\(space):*:*"]
    let path = { (name: String) in third.map { "\($0)auth/\(name)" } ?? "auth/\(name)s" }
    let commands =
      [asAdministrator.curl("POST", path("role"), ["role": role, "username": who])]
      + resources.map {
        asAdministrator.curl("POST", path("permission"), ["role": role, "resource": $0, "action": "r"])
      }
    return "give \(who) the right to read the namespace \(space): in Nacos' console Authority Control, Roles (a role "
      + "for \(who)) and Permissions (that role, \(space), read only); "
      + "or as an administrator, whose token is ${TOKEN}:\n"
      + commands.joined(separator: "\n")
  }
}

/// Where Nacos has its API, after a 404.
private struct NacosPath {
  private let server: NacosServer
  private let refusal: RegistryRefusal

  init(_ server: NacosServer, _ refusal: RegistryRefusal) { (self.server, self.refusal) = (server, refusal) }

  var reason: (Rule, help: String) {
    let conversation = refusal.conversation
    let url = URLText(server.base)
    let place = "\(url.scheme ?? "http")://\(url.authority)"
    if let found = ["/nacos/v1/", "/v1/"].first(where: { other in
      other != url.path
        && conversation.response(place + other + "ns/instance/list?serviceName=gatecheck-asks").map {
          [200, 401, 403].contains($0.status) && (try? JSONValue.parse($0.body))?.object != nil
        } ?? false
    }) {
      return (NacosRules.prefix, "\(place) answers under \(found): write \(refusal.kind.path).prefix: \(found)")
    }
    if let version = NacosServer(place + "/nacos/v1/auth/login", [], conversation)?.version,
      version.split(separator: ".").compactMap({ Int($0) }).prefix(2).lexicographicallyPrecedes([3, 2]) == false
    {
      return (
        NacosRules.apiRemoved,
        "this is Nacos \(version), which has no v1 API: put nacos-api-legacy-adapter "
          + "(github.com/nacos-group/nacos-api-legacy-adapter) into its plugins/ and restart it, or use Nacos 2.x"
      )
    }
    if let console = RegistryReasons.nacosConsole(conversation) { return (console.rule, console.help ?? "") }
    return (
      RegistryRules.notFound,
      "\(refusal.kind.path).prefix is /nacos/v1/ and the port 8848; from Nacos 3.2 on the v1 API "
        + "is there only with nacos-api-legacy-adapter"
    )
  }
}
