import JSON
import SourceText

/// Source: apisix/discovery/nacos/init.lua, from 3.17 on client.lua.
///
/// APISIX asks only for names that some upstream has; the lookup stands for one of those.
extension NacosModel {
  static func nodes(_ lookup: RegistryLookup, _ answers: RegistryAnswers) throws(RegistryStop) -> Resolution {
    var none = NoNodes.unanswered
    for host in lookup.hosts {
      do throws(RegistryStop) { return try nodes(of: host, lookup, answers) } catch {
        guard case .none(let reason) = error else { throw error }
        none = reason
      }
    }
    return unknown(lookup, none)
  }

  /// Up to 3.14 a service whose request fails is gone. A login that fails, which keeps it, is not told apart here. A
  /// Lua error ends the reading before anything is written.
  static func keeps(_ none: NoNodes, in release: Release) -> Bool {
    if case .form = none { return true }
    return none == .unknown ? release.has(.keepsLastInstances) : release.has(.triesOtherHosts)
  }

  private static func unknown(_ lookup: RegistryLookup, _ none: NoNodes) -> Resolution {
    if case .form = none, !lookup.release.has(.nacosUnread) {
      return Resolution(exception: Words(.badIndex, "upvalue 'applications'", "nil"), none: none)
    }
    let isTold = lookup.release.has(.keepsLastInstances)
    return Resolution(log: isTold ? [Words(.nacosUnknown, lookup.serviceName)] : [], none: none)
  }

  private static func nodes(
    of host: String, _ lookup: RegistryLookup, _ answers: RegistryAnswers
  ) throws(RegistryStop) -> Resolution {
    let (base, credentials, space) = try way(to: host, lookup.serviceName, lookup, answers)
    let answer = try answers.reply(
      to: .get(
        base + "ns/instance/list?healthyOnly=true&serviceName=\(lookup.serviceName)&\(space)",
        acceptsJSON: true, credentials)
    ).json()
    let nodes = try lookup.reading { () throws(LuaError) in try self.nodes(answer, lookup) }
    // Earlier releases keep no empty list; those that keep the last instances know none here.
    guard nodes.isEmpty else { return Resolution(nodes: nodes, instances: answer["hosts"]?.array ?? []) }
    return lookup.release.has(.nacosHostsOptional)
      ? Resolution(nodes: [], none: .unknown) : unknown(lookup, .unknown)
  }

  private static func name(_ answer: JSONValue) -> String? {
    guard let name = answer["dom"]?.string ?? answer["name"]?.string else { return nil }
    return name.firstBytes(of: "@@").map { String(name[$0.upperBound...]) } ?? name
  }

  static let list = RegistryList(
    way: nil, name: { item, _ in name(item) },
    narrowed: { item, _ in
      guard case .object(var object) = item, let hosts = item["hosts"]?.array else { return item }
      object.members.removeAll { $0.key == "hosts" }
      let left = hosts.filter { $0["healthy"] != false && $0["enabled"] != false }
      return .object(object + ["hosts": .array(left)])
    }, nothing: ["hosts": []])

  /// Up to 3.12 by namespace and group, then by one key.
  static func dumped(_ document: JSONValue, _ kind: RegistryKind) -> [RegistryService: [UpstreamNode]]? {
    guard let services = document["services"] else { return nil }
    var found: [RegistryService: [UpstreamNode]] = [:]
    func add(_ way: [String], _ nodes: JSONValue) {
      let service = RegistryService(kind, way[2], ["namespace_id": way[0], "group_name": way[1]])
      found[service] = UpstreamNode.list(nodes) ?? []
    }
    for member in services.object?.members ?? [] {
      if let nodes = member.value["nodes"] {
        let isPath = member.key.hasPrefix("default/")
        let parts = (isPath ? member.key.dropFirst("default/".count) : member.key[...])
          .split(separator: isPath ? "/" : ".", maxSplits: 2, omittingEmptySubsequences: false)
        if parts.count == 3 { add(parts.map { String($0) }, nodes) }
        continue
      }
      for group in member.value.object?.members ?? [] {
        for service in group.value.object?.members ?? [] {
          add([member.key, group.key, service.key], service.value["nodes"] ?? service.value)
        }
      }
    }
    return found
  }

  static let losesAll = false

  static func isPerWorker(_ release: Release) -> Bool { !release.has(.nacosZone) }

  private static let pageSize = 500

  /// APISIX never asks for them: it knows the names that upstreams have.
  static func names(_ lookup: RegistryLookup, _ answers: RegistryAnswers) throws(RegistryStop) -> [String]? {
    var none = NoNodes.unanswered
    for host in lookup.texts("host") {
      do throws(RegistryStop) {
        let (base, credentials, space) = try way(to: host, "", lookup, answers)
        var found: [String] = []
        for page in 1...1000 {
          let answer = try answers.reply(
            to: .get(
              "\(base)ns/service/list?pageNo=\(page)&pageSize=\(pageSize)&\(space)", acceptsJSON: true, credentials)
          ).json()
          let names = answer["doms"]?.array?.compactMap(\.string) ?? []
          found += names
          if names.count < pageSize || found.count >= answer["count"]?.int ?? .max { break }
        }
        return found
      } catch {
        guard case .none(let reason) = error else { throw error }
        none = reason
      }
    }
    throw .none(none)
  }

  /// - Returns: its URL, what proves who asks, and the namespace and group as arguments.
  private static func way(
    to host: String, _ service: String, _ lookup: RegistryLookup, _ answers: RegistryAnswers
  ) throws(RegistryStop) -> (base: String, [RegistryRequest.Credential], space: String) {
    let (base, user) = parts(host, lookup.section["prefix"]?.string ?? "")
    var credentials: [RegistryRequest.Credential] = []
    if let user {
      credentials = [.query("accessToken=" + (try token(base, user, lookup, answers)))]
    }
    let group = lookup.arguments["group_name"] ?? "DEFAULT_GROUP"
    let keys = ["access_key", "secret_key"].compactMap { lookup.section[$0]?.string }.filter { !$0.isEmpty }
    if keys.count == 2, lookup.release.has(.nacosKeys) {
      credentials.append(.signature(accessKey: keys[0], secretKey: keys[1], text: "\(group)@@\(service)"))
    }
    let space = lookup.arguments["namespace_id"] ?? "public"
    return (base, credentials, "namespaceId=\(space.asArgument)&groupName=\(group.asArgument)")
  }

  private static func token(
    _ base: String, _ user: (name: String, password: String), _ lookup: RegistryLookup, _ answers: RegistryAnswers
  ) throws(RegistryStop) -> String {
    let query = "username=\(user.name.asArgument)&password=\(user.password.asArgument)"
    let request = RegistryRequest(
      method: .post, url: base + "auth/login", acceptsJSON: true, credentials: [.query(query)])
    let answer = try answers.reply(to: .http(request)).json()
    guard case .string(let token)? = answer["accessToken"], !token.isEmpty else { throw .none(.unknown) }
    return token
  }

  private static func nodes(_ answer: JSONValue, _ lookup: RegistryLookup) throws(LuaError) -> [UpstreamNode] {
    let hosts = try Lua.index(answer, "hosts", (0, "local 'data'"), file: nil)
    if lookup.release.has(.nacosHostsOptional), hosts?.array == nil { return [] }
    guard let hosts else { throw LuaError(nil, 0, Words(.badArgument, "1", "ipairs", "table", "nil")) }
    let isGRPC = ["grpc", "grpcs"].contains(lookup.scheme)
    let fallback = JSONValue.number(lookup.number("weight") ?? 100)
    var nodes: [UpstreamNode] = []
    for host in try Lua.list(hosts, line: 0, file: nil) {
      let address = try Lua.index(host, "ip", (0, "local 'host'"), file: nil)
      var port = host["port"]
      if isGRPC, let metadata = host["metadata"], Lua.isTrue(metadata),
        let own = try Lua.index(metadata, "gRPC_port", (0, "field 'metadata'"), file: nil), Lua.isTrue(own)
      {
        port = own
      }
      let weight = host["weight"].flatMap { Lua.isTrue($0) ? $0 : nil }
      nodes.append(UpstreamNode(host: address, port: port, weight: weight ?? fallback))
    }
    return nodes
  }

  /// Its URL with the prefix and a slash, and who logs in: the last `@` ends him, and a second colon makes him nobody.
  private static func parts(_ host: String, _ prefix: String) -> (base: String, user: (name: String, password: String)?)
  {
    var base = host
    var user: (String, String)?
    if let mark = host.lastIndex(of: "@"), let start = host.firstBytes(of: "://")?.upperBound, start <= mark {
      let names = host[start..<mark].split(separator: ":", omittingEmptySubsequences: false)
      if names.count == 2 { user = (String(names[0]), String(names[1])) }
      base = String(host[..<start] + host[host.index(after: mark)...])
    }
    base += prefix
    return (base.hasSuffix("/") ? base : base + "/", user)
  }
}
