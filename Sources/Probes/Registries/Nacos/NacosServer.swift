import APISIX
import HTTP
import Inputs
import JSON
import SourceText

/// What Nacos has beside the answers to APISIX's questions: by version 1 of its API, and where that is switched off or
/// gone by version 3.
struct NacosServer {
  /// `http://127.0.0.1:8848/nacos/v1/`
  let base: String
  let credentials: [RegistryRequest.Credential]
  let conversation: RegistryConversation

  /// - Parameter url: what was asked.
  init?(_ url: String, _ credentials: [RegistryRequest.Credential], _ conversation: RegistryConversation) {
    let ends = ["ns/instance/list", "auth/login"].compactMap { url.firstBytes(of: $0)?.lowerBound }
    guard let end = ends.first else { return nil }
    (base, self.credentials, self.conversation) = (String(url[..<end]), credentials, conversation)
  }

  /// That of the last question of a lookup.
  init?(_ conversation: RegistryConversation) {
    guard let asked = conversation.asked else { return nil }
    self.init(asked.url, asked.credentials.filter { if case .signature = $0 { false } else { true } }, conversation)
  }

  /// `http://127.0.0.1:8848/nacos/v3/`; nil where the prefix names no version.
  var third: String? { base.hasSuffix("/v1/") ? base.dropLast(3) + "v3/" : nil }

  private func json(_ first: String, orThird third: String) -> JSONValue? {
    conversation.json(base + first, credentials) ?? self.third.flatMap { conversation.json($0 + third, credentials) }
  }

  /// As far as it says.
  var version: String? {
    let state = json("console/server/state", orThird: "admin/core/state")
    return (state?["data"] ?? state)?["version"]?.string.map { conversation.withoutSecrets(String($0.prefix(32))) }
  }

  /// With the ID as a request has it; nil where they are not told.
  var namespaces: [(id: String, name: String)]? {
    json("console/namespaces", orThird: "admin/core/namespace/list")?["data"]?.array?.map { space in
      let id = space["namespace"]?.string ?? ""
      return (id.isEmpty ? "public" : id, space["namespaceShowName"]?.string ?? id)
    }
  }

  typealias Service = (name: String, group: String, instances: Int, healthy: Int)

  /// How many services a namespace has; nil where that is not told.
  func count(in space: String) -> Int? {
    let answer = catalogue("pageNo=1&pageSize=1&serviceNameParam=&namespaceId=\(space.percentEncoded())")
    return (answer?["count"] ?? answer?["data"]?["totalCount"])?.int
  }

  private func catalogue(_ query: String) -> JSONValue? {
    json("ns/catalog/services?withInstances=false&groupNameParam=&" + query, orThird: "admin/ns/service/list?" + query)
  }

  /// Those of a namespace that are called so, of whatever group; nil where they are not told.
  func services(called name: String, in space: String) -> [Service]? {
    let answer = catalogue(
      "pageNo=1&pageSize=500&serviceNameParam=\(name.percentEncoded())&namespaceId=\(space.percentEncoded())")
    return (answer?["serviceList"] ?? answer?["data"]?["pageItems"])?.array?.compactMap { service in
      guard service["name"]?.string == name else { return nil }
      return (
        name, service["groupName"]?.string ?? "", service["ipCount"]?.int ?? 0,
        service["healthyInstanceCount"]?.int ?? 0
      )
    }
  }

  /// The names of the services of one group.
  func names(in space: String, _ group: String) -> [String]? {
    let about = "ns/service/list?pageNo=1&pageSize=500&namespaceId=\(space.percentEncoded())"
    return conversation.json(base + about + "&groupName=\(group.percentEncoded())", credentials)?["doms"]?.array?
      .compactMap(\.string)
  }

  /// A command for whoever may do it.
  /// - Parameter path: below the base, or a whole URL.
  func curl(_ method: String, _ path: String, _ arguments: KeyValuePairs<String, String>) -> String {
    let query = arguments.map { "\($0)=\($1.percentEncoded(keeping: "*:"))" }.joined(separator: "&")
    let token = credentials.isEmpty ? "" : "&accessToken=${TOKEN}"
    return "curl -X \(method) \"\(path.has("://") ? path : base + path)?\(query)\(token)\""
  }
}
