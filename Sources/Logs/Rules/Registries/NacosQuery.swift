import APISIX
import SourceText

/// What APISIX asked Nacos for, out of the query that a line quotes. The token in it is not read.
struct NacosQuery {
  let service: String
  let group: String?
  let namespace: String?
  /// It is signed with access_key and secret_key.
  let isSigned: Bool

  /// - Parameter query: `ns/instance/list?healthyOnly=true&serviceName=web&namespaceId=public&groupName=G`, whose
  ///   service name is as APISIX has it, not encoded.
  init(_ query: String) {
    func value(of name: String) -> String? {
      guard let start = query.firstBytes(of: name + "=")?.upperBound else { return nil }
      return shown(query[start...].prefix { $0 != "&" })
    }
    service = value(of: "serviceName") ?? ""
    group = value(of: "groupName")
    namespace = value(of: "namespaceId")
    isSigned = query.has("&signature=")
  }

  /// `web`, and where it is looked for, where that is not the usual place.
  var told: String {
    let group = group.flatMap { $0 == "DEFAULT_GROUP" ? nil : " of group \($0)" } ?? ""
    return service + group + (namespace.flatMap { $0 == "public" ? nil : " in namespace \($0)" } ?? "")
  }
}
